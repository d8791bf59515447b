"""Collection functions that look into lists and maps: pick an element, search, count, add up."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from scanner.model.value import Raw, SetItems, Value
from scanner.sources.terraform.functions.base import (
    Function,
    FunctionError,
    Implementation,
    Scope,
    derive,
    derive_shallow,
    first_unknown,
    inside,
    mapping_of,
    sequence_of,
    unknown_from,
    whole,
)
from scanner.sources.terraform.functions.graphemes import graphemes
from scanner.sources.terraform.kinds import (
    ANY,
    BOOL,
    NUMBER,
    STRING,
    ListItems,
    ListType,
    MapType,
    is_sequence,
    type_of,
)
from scanner.sources.terraform.number import Number, add
from scanner.sources.terraform.sets import equal, fingerprint
from scanner.sources.terraform.types import convert, unify


def _length(_scope: Scope, arguments: list[Value]) -> Value:
    value = arguments[0]
    if value.is_unknown or (isinstance(value.raw, SetItems) and first_unknown(arguments)):
        return unknown_from(arguments)
    if isinstance(value.raw, str):
        return derive_shallow(len(graphemes(value.raw)), arguments)
    if isinstance(value.raw, SetItems):  # how many there are depends on what they are
        return derive(len(value.raw), arguments)
    return derive_shallow(len(value.raw if is_sequence(value.raw) else mapping_of(value)), arguments)


def _quantified(decisive: bool) -> Implementation:
    """`anytrue` is decided by one true element, `alltrue` by one that is not true."""

    def implementation(_scope: Scope, arguments: list[Value]) -> Value:
        if arguments[0].is_unknown:
            return unknown_from(arguments)
        items = sequence_of(arguments[0])
        if any((item.raw is True) is decisive and not item.is_unknown for item in items):
            return derive(decisive, arguments)
        return unknown_from(arguments) if first_unknown(items) else derive(not decisive, arguments)

    return implementation


def _coalesce(_scope: Scope, arguments: list[Value]) -> Value:
    common = unify(arguments)
    for argument in arguments:
        if not argument.is_absent and not (common is STRING and argument.raw == ""):
            return convert(argument, common)
    raise FunctionError("all arguments are null or empty")


def _coalescelist(_scope: Scope, arguments: list[Value]) -> Value:
    for argument in arguments:
        if argument.is_unknown:
            return argument
        if argument.is_absent:
            continue
        if not is_sequence(argument.raw) or isinstance(argument.raw, SetItems):
            raise FunctionError("all arguments must be lists or tuples")
        if argument.raw:
            return argument
    raise FunctionError("all lists are empty")


def _compact(_scope: Scope, arguments: list[Value]) -> Value:
    items = sequence_of(arguments[0])
    kept = ListItems(item for item in items if not item.is_absent and item.raw != "")
    return Value(kept, sensitive=arguments[0].sensitive)


def _distinct(_scope: Scope, arguments: list[Value]) -> Value:
    kept: dict[str, Value] = {}
    for item in sequence_of(arguments[0]):
        kept.setdefault(fingerprint(item), item)
    return Value(ListItems(kept.values()), sensitive=arguments[0].sensitive)


def _contains(_scope: Scope, arguments: list[Value]) -> Value:
    if arguments[0].is_unknown:
        return unknown_from(arguments)
    results = [equal(arguments[1], item) for item in sequence_of(arguments[0])]
    if True in results:
        return derive(True, arguments)
    return unknown_from(arguments) if None in results else derive(False, arguments)


def _element(_scope: Scope, arguments: list[Value]) -> Value:
    container = arguments[0]
    if not container.is_unknown and (not is_sequence(container.raw) or isinstance(container.raw, SetItems)):
        raise FunctionError("a list or tuple is required")
    if any(argument.is_unknown for argument in arguments):
        return unknown_from(arguments)
    items, at = sequence_of(container), whole(arguments[1], "the index")
    if not items or at < 0:
        raise FunctionError("the list is empty" if not items else "the index must not be negative")
    return inside_of_index(items[at % len(items)], arguments[1])


def inside_of_index(item: Value, index: Value) -> Value:
    """An element that was chosen by `index`, which makes it as secret as the index."""
    return item.with_(sensitive=True) if index.sensitive else item


def _index(_scope: Scope, arguments: list[Value]) -> Value:
    if arguments[0].is_unknown:
        return unknown_from(arguments)
    if isinstance(arguments[0].raw, SetItems):
        raise FunctionError("a list or tuple is required")
    for at, item in enumerate(sequence_of(arguments[0])):
        same = equal(item, arguments[1])
        if same is None:
            return unknown_from(arguments)
        if same:
            return derive(at, arguments)
    raise FunctionError("no such element")


def _lookup(_scope: Scope, arguments: list[Value]) -> Value:
    container, key = arguments[0], arguments[1]
    if container.is_absent or key.is_absent:
        raise FunctionError("the map and the key must not be null")
    if container.is_unknown or key.is_unknown:
        return unknown_from(arguments)
    mapping = mapping_of(container)
    element = type_of(container)
    fallback = arguments[2] if len(arguments) > 2 else None
    if fallback is not None and isinstance(element, MapType):
        fallback = convert(fallback, element.element)
    found = mapping.get(str(key.raw))
    if found is not None:
        return inside_of_index(inside(container, found), key)
    if fallback is None:
        raise FunctionError(f'the map has no key "{key.raw}"')
    return inside_of_index(fallback, key) if not container.sensitive else fallback.with_(sensitive=True)


def _matchkeys(_scope: Scope, arguments: list[Value]) -> Value:
    unify(arguments[1:])
    values, keys, wanted = map(sequence_of, arguments)
    if len(values) != len(keys):
        raise FunctionError("values and keys must have the same length")
    common = unify([*keys, *wanted])
    present = {fingerprint(convert(item, common)) for item in wanted}
    kept = [item for item, key in zip(values, keys, strict=True) if fingerprint(convert(key, common)) in present]
    return Value(ListItems(kept), sensitive=any(argument.sensitive for argument in arguments))


def _one(_scope: Scope, arguments: list[Value]) -> Value:
    if arguments[0].is_unknown:
        return unknown_from(arguments)
    items = sequence_of(arguments[0])
    if len(items) > 1:
        if isinstance(arguments[0].raw, SetItems) and first_unknown(arguments):
            return unknown_from(arguments)
        raise FunctionError("the list has more than one element")
    return items[0] if items else derive_shallow(None, arguments)


def _sort(_scope: Scope, arguments: list[Value]) -> Value:
    items = sequence_of(arguments[0])
    if any(item.is_absent for item in items):
        raise FunctionError("null cannot be sorted")
    ordered = sorted(items, key=lambda item: str(item.raw).encode())
    return Value(ListItems(ordered), sensitive=arguments[0].sensitive)


def _sum(_scope: Scope, arguments: list[Value]) -> Raw:
    items: Sequence[Value] = sequence_of(arguments[0])
    if not items:
        raise FunctionError("the list is empty")
    total: Number = 0
    for item in items:
        number = convert(item, NUMBER).raw
        if not isinstance(number, int | Decimal):
            raise FunctionError("only numbers can be added")
        total = add(total, number)
    return total


FUNCTIONS = (
    Function("alltrue", _quantified(False), (ListType(BOOL),), handles_unknown=True),
    Function("anytrue", _quantified(True), (ListType(BOOL),), handles_unknown=True),
    Function("coalesce", _coalesce, rest=ANY, nulls=True, handles_unknown=True),
    Function("coalescelist", _coalescelist, rest=ANY, nulls=True, handles_unknown=True),
    Function("compact", _compact, (ListType(STRING),)),
    Function("contains", _contains, (ANY, ANY), handles_unknown=True),
    Function("distinct", _distinct, (ListType(ANY),)),
    Function("element", _element, (ANY, NUMBER), handles_unknown=True, secrets_stay=True),
    Function("index", _index, (ANY, ANY), handles_unknown=True),
    Function("length", _length, (ANY,), handles_unknown=True, secrets_stay=True),
    Function("lookup", _lookup, (ANY, STRING, ANY), optional=1, nulls=True, handles_unknown=True, secrets_stay=True),
    Function("matchkeys", _matchkeys, (ListType(ANY), ListType(ANY), ListType(ANY))),
    Function("one", _one, (ANY,), handles_unknown=True),
    Function("sort", _sort, (ListType(STRING),)),
    Function("sum", _sum, (ANY,)),
)
