"""Sets of numbers and step functions, against Python's own sets and dictionaries."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scanner.network.intervals import (
    EMPTY,
    Intervals,
    Steps,
    combine_steps,
    difference,
    intersection,
    interval,
    overlay,
    segments,
    spans,
    steps,
    union,
    union_all,
    where,
)

relaxed = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
NUMBERS = st.frozensets(st.integers(0, 40), max_size=20)
FUNCTIONS = st.dictionaries(st.integers(0, 30), NUMBERS, max_size=12)
OPERATIONS = [
    (union, frozenset.union),
    (intersection, frozenset.intersection),
    (difference, frozenset.difference),
]


def packed(numbers: frozenset[int]) -> Intervals:
    return union_all((number, number + 1) for number in numbers)


def unpacked(numbers: Intervals) -> frozenset[int]:
    return frozenset(number for first, last in spans(numbers) for number in range(first, last + 1))


def function(values: dict[int, frozenset[int]]) -> Steps:
    return overlay(((at, at + 1), packed(value)) for at, value in values.items())


def table(made: Steps) -> dict[int, frozenset[int]]:
    return {at: unpacked(value) for first, last, value in segments(made) for at in range(first, last + 1)}


@pytest.mark.parametrize(("ours", "pythons"), OPERATIONS)
@relaxed
@given(one=NUMBERS, other=NUMBERS)
def test_operations_on_sets_are_those_of_python(
    ours: Callable[[Intervals, Intervals], Intervals],
    pythons: Callable[[frozenset[int], frozenset[int]], frozenset[int]],
    one: frozenset[int],
    other: frozenset[int],
) -> None:
    result = ours(packed(one), packed(other))
    assert unpacked(result) == pythons(one, other)
    assert result == packed(pythons(one, other))


@relaxed
@given(NUMBERS)
def test_intervals_ascend_and_never_touch(numbers: frozenset[int]) -> None:
    bounds = packed(numbers)
    assert list(bounds) == sorted(set(bounds))


@relaxed
@given(st.lists(NUMBERS, max_size=6))
def test_a_union_of_many_is_that_of_python(sets: list[frozenset[int]]) -> None:
    assert unpacked(union_all(map(packed, sets))) == frozenset().union(*sets)


@pytest.mark.parametrize(("ours", "pythons"), OPERATIONS)
@relaxed
@given(one=FUNCTIONS, other=FUNCTIONS)
def test_step_functions_combine_point_by_point(
    ours: Callable[[Intervals, Intervals], Intervals],
    pythons: Callable[[frozenset[int], frozenset[int]], frozenset[int]],
    one: dict[int, frozenset[int]],
    other: dict[int, frozenset[int]],
) -> None:
    nothing: frozenset[int] = frozenset()
    combined = combine_steps(function(one), function(other), ours)
    expected = {at: pythons(one.get(at, nothing), other.get(at, nothing)) for at in one.keys() | other.keys()}
    assert table(combined) == {at: value for at, value in expected.items() if value}
    assert combined == function(expected)


@relaxed
@given(FUNCTIONS, NUMBERS)
def test_where_finds_a_value(values: dict[int, frozenset[int]], wanted: frozenset[int]) -> None:
    found = unpacked(where(function(values), packed(wanted)))
    assert found == ({at for at, value in values.items() if value == wanted} if wanted else set())


def test_an_interval_that_ends_before_it_starts_is_empty() -> None:
    assert interval(5, 4) == EMPTY
    assert steps((0, 5), EMPTY) == ()
