"""What must hold for conversions and for every function, whatever the values are.

The samples for functions are the calls recorded from `terraform console` (tests/terraform_console).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from scanner.model.location import Location
from scanner.model.value import Hop, Reason, Reference, SetItems, Unknown, Value
from scanner.sources.terraform.calls import Call
from scanner.sources.terraform.functions import FUNCTIONS, FunctionError
from scanner.sources.terraform.loader import Loader
from scanner.sources.terraform.module import ModuleInstance
from scanner.sources.terraform.number import add, divide, format_number, multiply, parse_number, subtract
from scanner.sources.terraform.parser import parse_text
from scanner.sources.terraform.root import Root
from scanner.sources.terraform.scope import EvaluationError
from scanner.sources.terraform.sets import equal, has_unknown, make_set
from scanner.sources.terraform.types import (
    ANY,
    BOOL,
    NUMBER,
    STRING,
    ConversionError,
    ListItems,
    ListType,
    MapItems,
    MapType,
    ObjectType,
    SetType,
    Type,
    convert,
    is_sequence,
    to_text,
    type_of,
    unify,
)

CONSOLE = Path(__file__).parents[2] / "terraform_console"
PLACE = Location("main.tf", 7, 3, 7, 20)
REFERENCE = Reference("aws_kms_key.main", "arn")
MARKED = {"location": PLACE, "hops": (Hop("var.x", PLACE),), "refs": (REFERENCE,), "sensitive": True}
REFUSED = {'cidrsubnet("10.0.0.0/16", -1, 0)', 'cidrsubnet("10.0.0.0/16", 8, -1)'}  # by us, not by Terraform
MISSING = Unknown(Reason.UNSET_VARIABLE, "var.x has no value")
REVEALING = {"nonsensitive", "issensitive"}
# What they pass over decides what they choose, but is no part of it.
CHOOSING = {
    *("chunklist", "coalesce", "coalescelist", "compact", "distinct", "element", "lookup", "matchkeys", "max", "min"),
    *("one", "setintersection", "setproduct", "setsubtract", "setunion", "slice", "sort", "tolist", "toset", "zipmap"),
}

numbers = st.integers() | st.decimals(allow_nan=False, allow_infinity=False, places=6)
scalars = st.none() | st.booleans() | numbers | st.text(max_size=8)
plain_values = st.recursive(
    scalars.map(Value),
    lambda inner: (
        st.lists(inner, max_size=3).map(lambda items: Value(tuple(items)))
        | st.dictionaries(st.text("abc", min_size=1, max_size=2), inner, max_size=3).map(Value)
    ),
    max_leaves=8,
)
types = st.recursive(
    st.sampled_from([STRING, NUMBER, BOOL, ANY]),
    lambda inner: (
        inner.map(ListType)
        | inner.map(SetType)
        | inner.map(MapType)
        | st.dictionaries(st.text("abc", min_size=1, max_size=2), inner, max_size=2).map(
            lambda attributes: ObjectType(attributes, dict.fromkeys(attributes))
        )
    ),
    max_leaves=4,
)


def number(source: Decimal | int) -> int | Decimal:
    return parse_number(format(source, "f") if isinstance(source, Decimal) else str(source))


@given(numbers)
def test_a_number_survives_being_a_string(source: Decimal | int) -> None:
    value = Value(number(source))
    assert convert(convert(value, STRING), NUMBER).raw == value.raw


@given(st.booleans())
def test_a_boolean_survives_being_a_string(source: bool) -> None:
    assert convert(convert(Value(source), STRING), BOOL).raw is source


@given(numbers, numbers)
def test_addition_is_undone_by_subtraction_of_whole_numbers(left: Decimal | int, right: Decimal | int) -> None:
    first, second = number(left), number(right)
    assert add(first, second) == add(second, first)
    assert multiply(first, second) == multiply(second, first)
    if isinstance(first, int) and isinstance(second, int):
        assert subtract(add(first, second), second) == first


@given(numbers, numbers.filter(bool))
def test_every_result_is_the_shortest_text_of_its_binary_number(left: Decimal | int, right: Decimal | int) -> None:
    result = divide(number(left), number(right))
    assert parse_number(format_number(result)) == result


@settings(deadline=None, suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow])
@given(plain_values, types)
def test_converting_twice_is_converting_once(value: Value, type_: Type) -> None:
    try:
        once = convert(value, type_)
    except ConversionError:
        assume(False)
        raise
    twice = convert(once, type_)
    assert type_of(twice) == type_of(once)
    assert equal(twice, once)


@settings(deadline=None, suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow])
@given(plain_values, types)
def test_a_conversion_keeps_place_references_and_secrecy(value: Value, type_: Type) -> None:
    marked = Value(value.raw, **MARKED)
    try:
        converted = convert(marked, type_)
    except ConversionError:
        assume(False)
        raise
    assert (converted.location, converted.hops, converted.refs, converted.sensitive) == tuple(MARKED.values())


@given(st.lists(plain_values, min_size=1, max_size=3))
def test_every_value_fits_the_type_that_it_was_unified_to(values: list[Value]) -> None:
    try:
        common = unify(values)
    except ConversionError:
        assume(False)
        raise
    converted = [convert(value, common) for value in values if not value.is_absent]
    assert all(map(compatible, map(type_of, converted), [common] * len(converted)))


def compatible(found: Type, wanted: Type) -> bool:
    if ANY in (found, wanted):
        return True
    if isinstance(found, ListType | SetType | MapType) and isinstance(wanted, ListType | SetType | MapType):
        return type(found) is type(wanted) and compatible(found.element, wanted.element)
    if isinstance(found, ObjectType) and isinstance(wanted, ObjectType):
        return all(compatible(type_, wanted.attributes[name]) for name, type_ in found.attributes.items())
    return type(found) is type(wanted)


@given(st.lists(numbers) | st.lists(st.text(max_size=4)))
def test_a_set_has_each_element_once_and_in_order(items: list[Any]) -> None:
    made = make_set(Value(number(item) if not isinstance(item, str) else item) for item in items)
    raws: list[Any] = [item.raw for item in made]
    assert raws == sorted(set(raws))
    assert len(raws) == len({number(item) if not isinstance(item, str) else item for item in items})


class Sample(NamedTuple):
    """A call whose result Terraform gave."""

    text: str
    name: str
    arguments: list[Value]


@cache
def module() -> ModuleInstance:
    loader = Loader(CONSOLE / "module")
    return ModuleInstance(Root(loader, CONSOLE / "module", "default"), loader.module(CONSOLE / "module"))


@cache
def samples() -> list[Sample]:
    found: list[Sample] = []
    for path in sorted((CONSOLE / "recorded").glob("*.json")):
        for answer in json.loads(path.read_text(encoding="utf-8")):
            if "json" in answer:
                found.extend(_sample(answer["expression"]))
    return found


def _sample(text: str) -> Iterator[Sample]:
    expression = parse_text(text, PLACE)
    if isinstance(expression, Call) and expression.name in FUNCTIONS and not expression.expand:
        arguments = [argument.evaluate(module().scope) for argument in expression.arguments]
        if arguments and not any(map(has_unknown, arguments)) and text not in REFUSED:
            yield Sample(text, expression.name, arguments)


def paths(value: Value) -> Iterator[tuple[object, ...]]:
    """The way to every part of a value."""
    yield ()
    raw = value.raw
    items = raw.items() if isinstance(raw, Mapping) else enumerate(raw) if is_sequence(raw) else ()
    for key, item in items:
        for path in paths(item):
            yield (key, *path)


def replaced_at(value: Value, path: tuple[object, ...], change: Any) -> Value:
    """The value with another part at `path`."""
    if not path:
        return Value(change(value).raw, *_provenance(change(value)))
    raw = value.raw
    if isinstance(raw, Mapping):
        items = {key: replaced_at(item, path[1:], change) if key == path[0] else item for key, item in raw.items()}
        return Value(MapItems(items) if isinstance(raw, MapItems) else items, *_provenance(value))
    assert is_sequence(raw)
    elements = [replaced_at(item, path[1:], change) if at == path[0] else item for at, item in enumerate(raw)]
    if isinstance(raw, SetItems):
        secret = any(element.sensitive for element in elements)
        return Value(make_set(elements), *_provenance(value)).with_(sensitive=secret)
    return Value(ListItems(elements) if isinstance(raw, ListItems) else tuple(elements), *_provenance(value))


def _provenance(value: Value) -> tuple[Any, ...]:
    return (value.location, value.hops, value.refs, value.sensitive, value.decoded)


def call(sample: Sample, at: int, path: tuple[object, ...], change: Any) -> Value:
    arguments = list(sample.arguments)
    arguments[at] = replaced_at(arguments[at], path, change)
    return FUNCTIONS[sample.name].call(module().scope, arguments)


def says_nothing_wrong(partial: Value, whole: Value) -> bool:
    """Whether what is known of `partial` is so in `whole`; numbers may have become strings beside strings."""
    if partial.is_unknown:
        return True
    if isinstance(partial.raw, Mapping) and isinstance(whole.raw, Mapping):
        return partial.raw.keys() == whole.raw.keys() and all(
            says_nothing_wrong(item, whole.raw[key]) for key, item in partial.raw.items()
        )
    if isinstance(partial.raw, SetItems) and has_unknown(partial) and is_sequence(whole.raw):
        known = [item for item in partial.raw if not has_unknown(item)]
        return all(any(says_nothing_wrong(item, other) for other in whole.raw) for item in known)
    if is_sequence(partial.raw) and is_sequence(whole.raw):
        return len(partial.raw) == len(whole.raw) and all(map(says_nothing_wrong, partial.raw, whole.raw))
    if partial.is_absent or whole.is_absent:
        return partial.is_absent and whole.is_absent
    try:
        return to_text(partial) == to_text(whole)
    except ConversionError:
        return False


@st.composite
def changes(draw: st.DrawFn) -> tuple[Sample, int, tuple[object, ...]]:
    """A call and a part of one of its arguments."""
    sample = draw(st.sampled_from(samples()))
    at = draw(st.integers(0, len(sample.arguments) - 1))
    return sample, at, draw(st.sampled_from(list(paths(sample.arguments[at]))))


@settings(max_examples=500, deadline=None, suppress_health_check=[HealthCheck.filter_too_much])
@given(changes(), scalars.map(lambda raw: number(raw) if isinstance(raw, Decimal) else raw))
def test_what_is_known_beside_an_unknown_part_holds_for_every_value_of_it(
    change: tuple[Sample, int, tuple[object, ...]], other: Any
) -> None:
    partial: Value | None
    try:
        partial = call(*change, lambda _value: Value(MISSING))
    except (FunctionError, EvaluationError):
        partial = None
    for concrete in (lambda value: value, lambda _value: Value(other)):
        try:
            whole = call(*change, concrete)
        except (FunctionError, EvaluationError):
            continue
        assert partial is not None, "an error beside an unknown part, but not for every value of it"
        assert says_nothing_wrong(partial, whole)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.filter_too_much])
@given(changes())
def test_what_depends_on_a_part_refers_to_what_it_refers_to_and_is_as_secret(
    change: tuple[Sample, int, tuple[object, ...]],
) -> None:
    assume(change[0].name not in REVEALING and is_leaf(*change))
    partial = call(*change, lambda _value: Value(MISSING))
    marked = call(*change, lambda value: Value(value.raw, value.location, (), (REFERENCE,), True, value.decoded))
    for part, holders in depending(partial, marked, ()):
        around = (*holders, *everything(part))
        assert any(value.sensitive for value in around)
        assert change[0].name in CHOOSING or any(REFERENCE in value.refs for value in around)


def is_leaf(sample: Sample, at: int, path: tuple[object, ...]) -> bool:
    """Whether the part is a string, number or boolean."""
    part = sample.arguments[at]
    for key in path:
        part = part.raw[key]
    return isinstance(part.raw, str | bool | int | Decimal)


def depending(partial: Value, whole: Value, holders: tuple[Value, ...]) -> Iterator[tuple[Value, tuple[Value, ...]]]:
    """The parts of `whole` that are unknown in `partial`, each with the values around it."""
    if partial.is_unknown or (isinstance(partial.raw, SetItems) and has_unknown(partial)):
        yield whole, holders
    elif isinstance(partial.raw, Mapping) and isinstance(whole.raw, Mapping):
        for key, item in partial.raw.items():
            yield from depending(item, whole.raw[key], (*holders, whole))
    elif is_sequence(partial.raw) and is_sequence(whole.raw):
        for item, other in zip(partial.raw, whole.raw, strict=True):
            yield from depending(item, other, (*holders, whole))


def everything(value: Value) -> Iterator[Value]:
    yield value
    raw = value.raw
    for item in raw.values() if isinstance(raw, Mapping) else raw if is_sequence(raw) else ():
        yield from everything(item)


def test_the_table_of_functions_says_where_each_is() -> None:
    assert all(function.name == name for name, function in FUNCTIONS.items())
    assert len(FUNCTIONS) == 118  # 120 with `try` and `can`


def test_the_samples_cover_every_function_that_has_results() -> None:
    without = {"sensitive", "list", "map", "uuid", "bcrypt", "rsadecrypt", "timestamp", "plantimestamp", "base64gzip"}
    assert FUNCTIONS.keys() - {sample.name for sample in samples()} == without


@pytest.mark.parametrize("name", sorted(FUNCTIONS))
def test_an_unknown_argument_is_never_an_error_that_a_known_one_is_not(name: str) -> None:
    for sample in samples():
        if sample.name == name:
            for at in range(len(sample.arguments)):
                result = call(sample, at, (), lambda _value: Value(MISSING, refs=(REFERENCE,)))
                assert not has_unknown(result) or any(REFERENCE in part.refs for part in everything(result))
