"""The type system of Terraform: type constraints, and the type that a value has."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final, TypeGuard

from scanner.model.value import Raw, SetItems, Value
from scanner.sources.terraform.scope import OpenObject


class ConversionError(ValueError):
    """A value that cannot be converted to the type asked for."""


class ListItems(tuple[Value, ...]):
    """The elements of a list: all of one type. Other sequences are tuples in Terraform's sense."""

    __slots__ = ()


class MapItems(dict[str, Value]):
    """The elements of a map: all of one type. Other mappings are objects."""

    __slots__ = ()


def is_sequence(raw: Raw) -> TypeGuard[Sequence[Value]]:
    """Whether the data is a list, tuple or set."""
    return isinstance(raw, Sequence) and not isinstance(raw, str)


class Type:
    """A type constraint."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Primitive(Type):
    """`string`, `number`, `bool`, or `any`, which stands for a type not known yet."""

    name: str

    def __str__(self) -> str:
        return self.name


STRING: Final = Primitive("string")
NUMBER: Final = Primitive("number")
BOOL: Final = Primitive("bool")
ANY: Final = Primitive("any")


@dataclass(frozen=True, slots=True)
class ListType(Type):
    """`list(element)`."""

    element: Type

    def __str__(self) -> str:
        return f"list({self.element})"


@dataclass(frozen=True, slots=True)
class SetType(Type):
    """`set(element)`."""

    element: Type

    def __str__(self) -> str:
        return f"set({self.element})"


@dataclass(frozen=True, slots=True)
class MapType(Type):
    """`map(element)`."""

    element: Type

    def __str__(self) -> str:
        return f"map({self.element})"


@dataclass(frozen=True, slots=True)
class TupleType(Type):
    """`tuple([…])`."""

    elements: tuple[Type, ...]

    def __str__(self) -> str:
        return f"tuple([{', '.join(map(str, self.elements))}])"


@dataclass(frozen=True, slots=True)
class ObjectType(Type):
    """`object({…})`; `optional` names the attributes that may be left out, with their defaults (None: null)."""

    attributes: Mapping[str, Type]
    optional: Mapping[str, Value | None] = field(default_factory=dict, compare=False)

    def __str__(self) -> str:
        return f"object({{{', '.join(f'{name}={type_}' for name, type_ in self.attributes.items())}}})"


def type_of(value: Value) -> Type:
    """The type of a value: ANY for null and unknown values, the elements' common type for collections.

    The elements of a list, set or map were converted to one type when it was made, so that the first element
    whose type is known stands for all of them.
    """
    raw = value.raw
    if isinstance(raw, str):
        return STRING
    if isinstance(raw, bool):
        return BOOL
    if isinstance(raw, int | Decimal):
        return NUMBER
    if isinstance(raw, MapItems):
        return MapType(_element_type(tuple(raw.values())))
    if isinstance(raw, OpenObject):
        return ANY  # more attributes than are written, and evaluating them only for their types would be a waste
    if isinstance(raw, Mapping):
        return ObjectType({name: type_of(item) for name, item in raw.items()})
    if isinstance(raw, SetItems):
        return SetType(_element_type(raw))
    if isinstance(raw, ListItems):
        return ListType(_element_type(raw))
    if is_sequence(raw):
        return TupleType(tuple(type_of(item) for item in raw))
    return ANY


def _element_type(items: Sequence[Value]) -> Type:
    found: Type = ANY
    for item in items:
        found = _fuller(found, type_of(item))
        if _complete(found):
            break
    return found


def _complete(type_: Type) -> bool:
    """Whether no part of a type is still to be found out."""
    if isinstance(type_, ListType | SetType | MapType):
        return _complete(type_.element)
    if isinstance(type_, TupleType):
        return all(map(_complete, type_.elements))
    if isinstance(type_, ObjectType):
        return all(map(_complete, type_.attributes.values()))
    return type_ is not ANY


def _fuller(first: Type, second: Type) -> Type:
    """Two partial views of one type (null attributes and empty collections hide a part of it) put together."""
    if first is ANY:
        return second
    if isinstance(first, ListType | SetType | MapType) and type(second) is type(first):
        assert isinstance(second, ListType | SetType | MapType)
        return type(first)(_fuller(first.element, second.element))
    if isinstance(first, TupleType) and isinstance(second, TupleType) and len(first.elements) == len(second.elements):
        return TupleType(tuple(map(_fuller, first.elements, second.elements)))
    if isinstance(first, ObjectType) and isinstance(second, ObjectType):
        merged = {name: _fuller(item, second.attributes.get(name, ANY)) for name, item in first.attributes.items()}
        return ObjectType(merged)
    return first
