"""Collection functions that build lists and maps out of others. Elements are passed through as they are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from scanner.model.value import Raw, SetItems, Value
from scanner.sources.terraform.functions.base import (
    Function,
    FunctionError,
    Scope,
    derive_shallow,
    first_unknown,
    has_no_order,
    inside,
    like,
    mapping_of,
    sequence_of,
    strings,
    unknown_from,
    whole,
)
from scanner.sources.terraform.kinds import (
    ANY,
    NUMBER,
    STRING,
    ListItems,
    ListType,
    MapItems,
    MapType,
    is_sequence,
    type_of,
)
from scanner.sources.terraform.number import Number, add
from scanner.sources.terraform.types import convert
from scanner.sources.terraform.unification import unify_types


def _any_unknown(arguments: Sequence[Value]) -> bool:
    return any(argument.is_unknown for argument in arguments)


def _secret(arguments: Sequence[Value]) -> bool:
    return any(argument.sensitive for argument in arguments)


def _is_ordered(value: Value) -> bool:
    return is_sequence(value.raw) and not isinstance(value.raw, SetItems)


def _concat(_scope: Scope, arguments: list[Value]) -> Value:
    if not arguments:
        raise FunctionError("at least one list is required")
    if not all(argument.is_unknown or _is_ordered(argument) for argument in arguments):
        raise FunctionError("all arguments must be lists or tuples")
    if _any_unknown(arguments):
        return unknown_from(arguments)
    if all(isinstance(argument.raw, ListItems) for argument in arguments):
        common = unify_types([type_of(argument) for argument in arguments])
        if common is not None:
            items = _items([convert(argument, common) for argument in arguments])
            return Value(ListItems(items), sensitive=_secret(arguments))
    return Value(tuple(_items(arguments)), sensitive=_secret(arguments))


def _items(containers: Sequence[Value]) -> Iterator[Value]:
    for container in containers:
        yield from sequence_of(container)


def _merge(_scope: Scope, arguments: list[Value]) -> Value:
    if _any_unknown(arguments):
        return unknown_from(arguments)
    maps = [argument for argument in arguments if not argument.is_absent]
    merged = {key: inside(each, item) for each in maps for key, item in mapping_of(each).items()}
    alike = bool(maps) and all(isinstance(each.raw, MapItems) for each in maps)
    alike = alike and len({str(type_of(each)) for each in maps if each.raw}) <= 1
    return Value(MapItems(merged) if alike else merged, sensitive=_secret(arguments))


def _flatten(_scope: Scope, arguments: list[Value]) -> Value:
    flat: list[Value] = []
    if arguments[0].is_unknown or not _flat_items(arguments[0], flat):
        return unknown_from(arguments)
    return Value(tuple(flat), sensitive=arguments[0].sensitive)


def _flat_items(container: Value, flat: list[Value]) -> bool:
    """Collects the leaves; False where an unknown element may be a list of any length, or may stand anywhere."""
    if has_no_order(container):
        return False
    for item in sequence_of(container):
        if item.is_unknown:
            return False
        if not is_sequence(item.raw):
            flat.append(item)
        elif not _flat_items(item, flat):
            return False
    return True


def _chunklist(_scope: Scope, arguments: list[Value]) -> Value:
    if _any_unknown(arguments):
        return unknown_from(arguments)
    items, size = sequence_of(arguments[0]), whole(arguments[1], "the size")
    if size < 0:
        raise FunctionError("the size must not be negative")
    step = size or max(len(items), 1)
    chunks = [Value(ListItems(items[at : at + step])) for at in range(0, len(items), step)]
    return Value(ListItems(chunks), sensitive=_secret(arguments))


def _range(_scope: Scope, arguments: list[Value]) -> Raw:
    numbers = [argument.raw for argument in arguments if isinstance(argument.raw, Number)]
    if not 1 <= len(numbers) <= 3:
        raise FunctionError("one, two or three numbers are required")
    start, end = (0, numbers[0]) if len(numbers) == 1 else (numbers[0], numbers[1])
    step = numbers[2] if len(numbers) == 3 else (-1 if end < start else 1)
    if step == 0:
        raise FunctionError("the step must not be zero")
    if (end > start) if step < 0 else (end < start):
        raise FunctionError("the end cannot be reached with this step")
    items: list[Value] = []
    at: Number = start
    while (at > end) if step < 0 else (at < end):
        if len(items) >= 1024:
            raise FunctionError("more than 1024 numbers")
        items.append(Value(at))
        at = add(at, step)
    return ListItems(items)


def _reverse(_scope: Scope, arguments: list[Value]) -> Value:
    if _any_unknown(arguments) or has_no_order(arguments[0]):
        return unknown_from(arguments)
    return like(arguments[0], reversed(sequence_of(arguments[0])))


def _slice(_scope: Scope, arguments: list[Value]) -> Value:
    if not arguments[0].is_unknown and not _is_ordered(arguments[0]):
        raise FunctionError("a list or tuple is required")
    if _any_unknown(arguments):
        return unknown_from(arguments)
    items = sequence_of(arguments[0])
    start, end = whole(arguments[1], "the start"), whole(arguments[2], "the end")
    if not 0 <= start <= end <= len(items):
        raise FunctionError(f"cannot take elements {start} to {end} of {len(items)}")
    return like(arguments[0], items[start:end]).with_(sensitive=_secret(arguments))


def _keys(_scope: Scope, arguments: list[Value]) -> Value:
    if _any_unknown(arguments):
        return unknown_from(arguments)
    names = sorted(mapping_of(arguments[0]), key=str.encode)
    raw = strings(names)
    return derive_shallow(raw if isinstance(arguments[0].raw, MapItems) else tuple(raw), arguments)


def _values(_scope: Scope, arguments: list[Value]) -> Value:
    if _any_unknown(arguments):
        return unknown_from(arguments)
    mapping = mapping_of(arguments[0])
    items = [inside(arguments[0], mapping[name]) for name in sorted(mapping, key=str.encode)]
    raw: Raw = ListItems(items) if isinstance(mapping, MapItems) else tuple(items)
    return Value(raw, sensitive=_secret(arguments))


def _zipmap(_scope: Scope, arguments: list[Value]) -> Value:
    keys, values = arguments
    if not values.is_unknown and not _is_ordered(values):
        raise FunctionError("the values must be a list or tuple")
    if _any_unknown(arguments) or first_unknown([keys]):
        return unknown_from(arguments)
    names, items = sequence_of(keys), sequence_of(values)
    if len(names) != len(items):
        raise FunctionError(f"{len(names)} keys do not fit {len(items)} values")
    zipped: dict[str, Value] = {}
    for name, item in zip(names, items, strict=True):
        if not isinstance(name.raw, str):
            raise FunctionError("a key must not be null")
        zipped[name.raw] = item
    secret = _secret(arguments) or _secret(names)
    return Value(MapItems(zipped) if isinstance(values.raw, ListItems) else zipped, sensitive=secret)


def _transpose(_scope: Scope, arguments: list[Value]) -> Raw:
    turned: dict[str, list[str]] = {}
    for key, items in mapping_of(arguments[0]).items():
        for item in sequence_of(items):
            if not isinstance(item.raw, str):
                raise FunctionError("the lists must not contain null")
            turned.setdefault(item.raw, []).append(key)
    return MapItems({key: Value(strings(sorted(keys, key=str.encode))) for key, keys in turned.items()})


def _removed(name: str, instead: str) -> Function:
    def implementation(_scope: Scope, _arguments: list[Value]) -> Raw:
        raise FunctionError(f"was removed from Terraform; use {instead}")

    return Function(name, implementation, rest=ANY, nulls=True, handles_unknown=True)


FUNCTIONS = (
    Function("chunklist", _chunklist, (ListType(ANY), NUMBER), handles_unknown=True, secrets_stay=True),
    Function("concat", _concat, rest=ANY, handles_unknown=True, secrets_stay=True),
    Function("flatten", _flatten, (ANY,), handles_unknown=True, secrets_stay=True),
    Function("keys", _keys, (ANY,), handles_unknown=True, secrets_stay=True),
    _removed("list", "tolist([…])"),
    _removed("map", "tomap({…})"),
    Function("merge", _merge, rest=ANY, nulls=True, handles_unknown=True, secrets_stay=True),
    Function("range", _range, rest=NUMBER),
    Function("reverse", _reverse, (ANY,), handles_unknown=True, secrets_stay=True),
    Function("slice", _slice, (ANY, NUMBER, NUMBER), handles_unknown=True, secrets_stay=True),
    Function("transpose", _transpose, (MapType(ListType(STRING)),)),
    Function("values", _values, (ANY,), handles_unknown=True, secrets_stay=True),
    Function("zipmap", _zipmap, (ListType(STRING), ANY), handles_unknown=True, secrets_stay=True),
)
