"""Terraform's types and conversions between them.

Conversions keep the provenance of every element: only `raw` is replaced. Unknown values stay unknown, null stays null.
Source of the rules: github.com/zclconf/go-cty (package convert), hashicorp/hcl (ext/typeexpr for optional attributes).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal

from scanner.model.value import Raw, SetItems, Unknown, Value, merge_refs
from scanner.sources.terraform.kinds import (
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
    Primitive,
    SetType,
    TupleType,
    Type,
    is_sequence,
    type_of,
)
from scanner.sources.terraform.number import format_number, parse_number
from scanner.sources.terraform.scope import EvaluationError, OpenObject
from scanner.sources.terraform.sets import equal, has_unknown, make_set
from scanner.sources.terraform.unification import unify_types

__all__ = [
    "ANY",
    "BOOL",
    "NUMBER",
    "STRING",
    "ConversionError",
    "ListItems",
    "ListType",
    "MapItems",
    "MapType",
    "ObjectType",
    "Primitive",
    "SetType",
    "TupleType",
    "Type",
    "convert",
    "equal",
    "has_unknown",
    "is_sequence",
    "make_set",
    "replaced",
    "to_text",
    "type_of",
    "unify",
]


def unify(values: Iterable[Value]) -> Type:
    """The type that all values can be converted to. Raises ConversionError if there is none.

    It is ANY where no type is known, or where one that is unknown may reconcile the others (a string takes them all).
    """
    values = tuple(values)
    found = unify_types([type_of(value) for value in values])
    if found is None and not any(map(has_unknown, values)):
        raise ConversionError("all values must have the same type")
    return found or ANY


def convert(value: Value, type_: Type) -> Value:
    """`value` as a value of `type_`. Raises ConversionError if that is impossible.

    Attributes of an object type that the value leaves out (or has as null) get their defaults when they are optional;
    attributes that the type does not name are dropped.
    """
    raw = value.raw
    if value.is_absent or isinstance(raw, Unknown) or type_ is ANY:
        return value
    if isinstance(type_, Primitive):
        return replaced(value, _primitive(value, type_))
    if isinstance(type_, ListType | SetType):
        if isinstance(raw, SetItems) and isinstance(type_, ListType) and has_unknown(value):
            return _unordered(value)
        converted = replaced(value, _collection(value, type_))
        if isinstance(type_, SetType) and any(item.sensitive for item in _everything(value)):
            return converted.with_(sensitive=True)  # the elements of a set tell each other apart
        return converted
    if not isinstance(raw, Mapping):
        if isinstance(type_, TupleType):
            return replaced(value, _tuple(value, type_))
        raise ConversionError(f"{article(type_)} is required")
    if isinstance(type_, MapType):
        items = _elements(tuple(raw.values()), type_.element)
        return replaced(value, MapItems(zip(raw, items, strict=True)))
    if isinstance(type_, ObjectType):
        return replaced(value, _object(raw, type_))
    raise ConversionError(f"{article(type_)} is required")


def replaced(value: Value, raw: Raw) -> Value:
    """Other data with the provenance of `value`; the very same value if nothing changes."""
    if raw is value.raw:
        return value
    return Value(raw, value.location, value.hops, value.refs, value.sensitive, value.decoded)


def to_text(value: Value) -> str:
    """The text of a known string, number or boolean. Raises ConversionError for anything else, also null."""
    text = _primitive(value, STRING)
    assert isinstance(text, str)
    return text


def _primitive(value: Value, type_: Primitive) -> Raw:
    raw = value.raw
    result: Raw = None
    if type_ is STRING:
        result = _text(raw)
    elif type_ is BOOL:
        result = {"true": True, "1": True, "false": False, "0": False}.get(raw) if isinstance(raw, str) else raw
        result = result if isinstance(result, bool) else None
    elif isinstance(raw, str):
        try:
            result = parse_number(raw)
        except ValueError as error:
            raise ConversionError("a number is required") from error
    elif isinstance(raw, int | Decimal) and not isinstance(raw, bool):
        result = raw
    if result is None:
        raise ConversionError(f"a {type_} is required")
    return result


def _text(raw: Raw) -> str | None:
    if isinstance(raw, str):
        return raw
    if isinstance(raw, bool):
        return "true" if raw else "false"
    return format_number(raw) if isinstance(raw, int | Decimal) else None


def _sequence(value: Value, type_: Type) -> Sequence[Value]:
    raw = value.raw
    if not is_sequence(raw):
        raise ConversionError(f"{article(type_)} is required")
    return raw


def _elements(items: Sequence[Value], element: Type) -> list[Value]:
    if element is ANY:
        element = unify(items)
    return [convert(item, element) for item in items]


def _collection(value: Value, type_: ListType | SetType) -> Raw:
    raw = _sequence(value, type_)
    items = _elements(raw, type_.element)
    wanted = ListItems if isinstance(type_, ListType) else SetItems
    if type(raw) is wanted and all(new is old for new, old in zip(items, raw, strict=True)):
        return raw
    return ListItems(items) if isinstance(type_, ListType) else make_set(items)


def _unordered(value: Value) -> Value:
    """An unknown list: where the unknown elements of a set would be in it, nobody can tell."""
    missing = next(item.raw for item in _everything(value) if isinstance(item.raw, Unknown))
    refs = merge_refs(value.refs, (reference for item in _everything(value) for reference in item.refs))
    return Value(missing, value.location, value.hops, refs, any(item.sensitive for item in _everything(value)))


def _everything(value: Value) -> Iterator[Value]:
    yield value
    raw = value.raw
    for item in raw.values() if isinstance(raw, Mapping) else raw if is_sequence(raw) else ():
        yield from _everything(item)


def _tuple(value: Value, type_: TupleType) -> Raw:
    raw = _sequence(value, type_)
    if isinstance(raw, ListItems | SetItems) or len(raw) != len(type_.elements):
        raise ConversionError(f"a tuple of {len(type_.elements)} elements is required")
    return tuple(map(convert, raw, type_.elements))


def _object(raw: Mapping[str, Value], type_: ObjectType) -> Raw:
    result: dict[str, Value] = {}
    for name, attribute in type_.attributes.items():
        item = _attribute(raw, name)
        if (item is None or item.is_absent) and name in type_.optional:
            item = type_.optional[name] or item or Value(None)
        if item is None:
            raise ConversionError(f'attribute "{name}" is required')
        try:
            result[name] = convert(item, attribute)
        except ConversionError as error:
            raise ConversionError(f'attribute "{name}": {error}') from error
    return result


def _attribute(raw: Mapping[str, Value], name: str) -> Value | None:
    """An attribute of an object; of a resource also what only exists after apply."""
    if not isinstance(raw, OpenObject):
        return raw.get(name)
    try:
        return raw.attribute(name)
    except EvaluationError:
        return None


def article(type_: Type) -> str:
    """The kind of a type with its article, for messages: `a list`, `an object`."""
    names = {ListType: "list", SetType: "set", MapType: "map", TupleType: "tuple", ObjectType: "object"}
    name = names.get(type(type_), str(type_))
    return f"{'an' if name[0] in 'ao' else 'a'} {name}"
