"""Finding one type for several values, for conditionals, lists, sets and maps.

The rules are those of github.com/zclconf/go-cty, package convert (Unify with unsafe conversions), with one difference:
a value of unknown type does not make the result unknown, it leaves the decision to the others.
"""

from __future__ import annotations

from collections.abc import Sequence

from scanner.sources.terraform.kinds import (
    ANY,
    STRING,
    ListType,
    MapType,
    ObjectType,
    Primitive,
    SetType,
    TupleType,
    Type,
)


def unify_types(types: Sequence[Type]) -> Type | None:
    """The type that all of `types` can be converted to, or None where there is none; ANY where none is known."""
    known = [type_ for type_ in types if type_ is not ANY]
    if not known:
        return ANY
    if all(type_ == known[0] for type_ in known[1:]):
        return known[0]
    objects = sum(isinstance(type_, ObjectType) for type_ in known)
    tuples = sum(isinstance(type_, TupleType) for type_ in known)
    if objects and tuples:
        return None
    if objects == len(known):
        return _unify_objects([type_ for type_ in known if isinstance(type_, ObjectType)])
    if tuples == len(known):
        return _unify_tuples([type_ for type_ in known if isinstance(type_, TupleType)])
    return _unify_collections(known) or _preferred(known)


def _unify_collections(types: list[Type]) -> Type | None:
    """Lists with tuples, maps with objects, or sets: the elements are unified."""
    for collection, structure in ((MapType, ObjectType), (ListType, TupleType), (SetType, SetType)):
        if not all(isinstance(type_, collection | structure) for type_ in types):
            continue
        elements: list[Type] = []
        for type_ in types:
            if isinstance(type_, ListType | MapType | SetType):
                elements.append(type_.element)
            else:
                structural = unify_types(parts(type_))
                if structural is None:
                    return None
                elements.append(structural)
        element = unify_types(elements)
        return None if element is None else collection(element)
    return None


def _unify_objects(types: list[ObjectType]) -> Type | None:
    first = types[0].attributes
    if any(type_.attributes.keys() != first.keys() for type_ in types[1:]):
        element = unify_types([part for type_ in types for part in type_.attributes.values()])
        return None if element is None else MapType(element)
    attributes: dict[str, Type] = {}
    for name in first:
        unified = unify_types([type_.attributes[name] for type_ in types])
        if unified is None:
            return None
        attributes[name] = unified
    return ObjectType(attributes)


def _unify_tuples(types: list[TupleType]) -> Type | None:
    if any(len(type_.elements) != len(types[0].elements) for type_ in types[1:]):
        element = unify_types([part for type_ in types for part in type_.elements])
        return None if element is None else ListType(element)
    elements: list[Type] = []
    for at in range(len(types[0].elements)):
        unified = unify_types([type_.elements[at] for type_ in types])
        if unified is None:
            return None
        elements.append(unified)
    return TupleType(tuple(elements))


def _preferred(types: list[Type]) -> Type | None:
    """The most general of the types themselves that all others can be converted to."""
    for candidate in sorted(types, key=_generality):
        if all(convertible(type_, candidate) for type_ in types):
            return candidate
    return None


def _generality(type_: Type) -> int:
    """Strings before other primitives, lists before sets, collections before the structures that fit into them."""
    if isinstance(type_, ListType | MapType):
        return 0
    if isinstance(type_, SetType):
        return 2
    return 0 if type_ is STRING else 1


def parts(type_: Type) -> list[Type]:
    """The types of the elements or attributes of a tuple or object."""
    if isinstance(type_, TupleType):
        return list(type_.elements)
    return list(type_.attributes.values()) if isinstance(type_, ObjectType) else []


def convertible(source: Type, target: Type) -> bool:
    """Whether a conversion between two types exists; single values may still fail (`"a"` to a number)."""
    if target is ANY or source is ANY or source == target:
        return True
    if isinstance(source, Primitive) and isinstance(target, Primitive):
        return STRING in (source, target)
    if isinstance(target, ListType | SetType):
        if isinstance(source, ListType | SetType):
            return convertible(source.element, target.element)
        return isinstance(source, TupleType) and _all_convertible(source, target.element)
    if isinstance(target, MapType):
        if isinstance(source, MapType):
            return convertible(source.element, target.element)
        return isinstance(source, ObjectType) and _all_convertible(source, target.element)
    if isinstance(target, TupleType):
        return (
            isinstance(source, TupleType)
            and len(source.elements) == len(target.elements)
            and all(map(convertible, source.elements, target.elements))
        )
    return isinstance(target, ObjectType) and _convertible_to_object(source, target)


def _all_convertible(source: Type, element: Type) -> bool:
    if element is ANY:
        return unify_types(parts(source)) is not None
    return all(convertible(part, element) for part in parts(source))


def _convertible_to_object(source: Type, target: ObjectType) -> bool:
    if isinstance(source, MapType):
        return all(convertible(source.element, type_) for type_ in target.attributes.values())
    if not isinstance(source, ObjectType):
        return False
    return all(
        convertible(source.attributes[name], type_) if name in source.attributes else name in target.optional
        for name, type_ in target.attributes.items()
    )
