"""Sets of whole numbers as intervals, and step functions over whole numbers.

Both forms are canonical: equal sets are equal tuples. A set is a flat tuple of bounds `(from, to, from, to, …)`, upper
bounds exclusive, ascending, never touching. A step function is a tuple of `(start, value)`: the value holds from
`start` to the next one, neighbours differ, and before the first and from the last start on the value is the empty set.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import TypeAlias

Intervals: TypeAlias = tuple[int, ...]
Steps: TypeAlias = tuple[tuple[int, Intervals], ...]

EMPTY: Intervals = ()
_UNION = ((False, True), (True, True))
_INTERSECTION = ((False, False), (False, True))
_DIFFERENCE = ((False, False), (True, False))


def interval(first: int, last: int) -> Intervals:
    """The numbers from `first` to `last`, both included; none where `last` comes before `first`."""
    return (first, last + 1) if first <= last else EMPTY


def spans(numbers: Intervals) -> Iterable[tuple[int, int]]:
    """The intervals of a set as (first, last), both included."""
    return ((numbers[at], numbers[at + 1] - 1) for at in range(0, len(numbers), 2))


def _combine(one: Intervals, other: Intervals, keep: tuple[tuple[bool, bool], tuple[bool, bool]]) -> Intervals:
    """Walks the bounds of both sets; `keep` says for (in one, in other) whether a number belongs to the result."""
    result: list[int] = []
    i = j = 0
    inside = False
    while i < len(one) or j < len(other):
        first = j == len(other) or (i < len(one) and one[i] <= other[j])
        bound = one[i] if first else other[j]
        i += i < len(one) and one[i] == bound
        j += j < len(other) and other[j] == bound
        if keep[i & 1][j & 1] is not inside:
            inside = not inside
            result.append(bound)
    return tuple(result)


@lru_cache(maxsize=1 << 16)
def union(one: Intervals, other: Intervals) -> Intervals:
    """The numbers in either set."""
    if not one or not other or one == other:
        return one or other
    return _combine(one, other, _UNION)


@lru_cache(maxsize=1 << 16)
def intersection(one: Intervals, other: Intervals) -> Intervals:
    """The numbers in both sets."""
    if not one or not other or one == other:
        return one if one == other else EMPTY
    return _combine(one, other, _INTERSECTION)


@lru_cache(maxsize=1 << 16)
def difference(one: Intervals, other: Intervals) -> Intervals:
    """The numbers in `one` that are not in `other`."""
    if not one or not other:
        return one
    return EMPTY if one == other else _combine(one, other, _DIFFERENCE)


def union_all(sets: Iterable[Intervals]) -> Intervals:
    """The numbers in any of the sets."""
    bounds = sorted((numbers[at], numbers[at + 1]) for numbers in sets for at in range(0, len(numbers), 2))
    result: list[int] = []
    for low, high in bounds:
        if result and low <= result[-1]:
            result[-1] = max(result[-1], high)
        else:
            result += (low, high)
    return tuple(result)


Operation: TypeAlias = Callable[[Intervals, Intervals], Intervals]
"""An operation on sets that makes nothing out of two empty ones."""


def steps(over: Intervals, value: Intervals) -> Steps:
    """The function that is `value` over a set of numbers and empty elsewhere."""
    if not value:
        return ()
    return tuple((bound, EMPTY if at & 1 else value) for at, bound in enumerate(over))


def combine_steps(one: Steps, other: Steps, operation: Operation) -> Steps:
    """The function whose value is `operation` of the values of both, everywhere."""
    if not one and operation is not union:
        return ()
    if not other and operation is not intersection:
        return one
    result: list[tuple[int, Intervals]] = []
    i = j = 0
    ends = len(one), len(other)
    left = right = last = EMPTY
    while i < ends[0] or j < ends[1]:
        first = j == ends[1] or (i < ends[0] and one[i][0] <= other[j][0])
        start = one[i][0] if first else other[j][0]
        if i < ends[0] and one[i][0] == start:
            left = one[i][1]
            i += 1
        if j < ends[1] and other[j][0] == start:
            right = other[j][1]
            j += 1
        value = operation(left, right)
        if value != last:
            result.append((start, value))
            last = value
    return tuple(result)


def overlay(pieces: Iterable[tuple[Intervals, Intervals]]) -> Steps:
    """The union of many functions, each given as (where, value)."""
    level = [function for over, value in pieces if (function := steps(over, value))]
    while len(level) > 1:
        pairs = zip(level[::2], level[1::2], strict=False)
        merged = [combine_steps(one, other, union) for one, other in pairs]
        level = merged + level[len(merged) * 2 :]
    return level[0] if level else ()


def mapped(function: Steps, wanted: Intervals) -> Steps:
    """The function with every value cut down to the wanted numbers."""
    result: list[tuple[int, Intervals]] = []
    last = EMPTY
    for start, value in function:
        left = intersection(value, wanted)
        if left != last:
            result.append((start, left))
            last = left
    return tuple(result)


def segments(function: Steps) -> Iterable[tuple[int, int, Intervals]]:
    """(first, last, value) of every piece with a value that is not empty."""
    for at, (start, value) in enumerate(function):
        if value:
            yield start, function[at + 1][0] - 1, value


def where(function: Steps, wanted: Intervals) -> Intervals:
    """The numbers at which the function has exactly this value (not the empty one)."""
    return union_all((first, last + 1) for first, last, value in segments(function) if value == wanted)
