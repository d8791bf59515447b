"""From an item of an answer to a resource in azurerm's names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from scanner.model.observed import Observed
from scanner.model.resource import Origin, Resource
from scanner.model.value import Reason, Value, from_plain, unknown
from scanner.sources.azure.expressions import expression
from scanner.sources.azure.ids import canonical
from scanner.sources.azure.maps import ResourceMap
from scanner.sources.azure.unread import unread
from scanner.sources.mapping import Expression, ExpressionError, Field, NestedBlock

_COMMON: Final = {
    "name": expression("name"),
    "location": expression("place(location)"),
    "tags": expression("otherwise(tags, `{}`)"),
    "resource_group_name": expression("segment(id, 'resourceGroups')"),
}
_NOWHERE: Final = "global"


@dataclass(frozen=True, slots=True)
class Item:
    """An item with its details; `unread` says why details are missing, by their names."""

    data: Mapping[str, Any]
    unread: Mapping[str, str]


class Undecided(Exception):
    """Whether, or as what, a resource exists hangs on something that could not be read."""


def resources_of(item: Item, made: ResourceMap) -> Iterator[Resource]:
    """The resources of one type that an item stands for. Raises Undecided, ExpressionError."""
    for part in (made.when, made.each, made.id):
        for name in part.names & item.unread.keys() if part is not None else ():
            raise Undecided(item.unread[name])
    contexts: Sequence[Mapping[str, Any]] = (item.data,)
    if made.each is not None:
        contexts = [inside(element, item.data) for element in made.each.of(item.data) or ()]
    for context in contexts:
        if made.when is None or made.when.of(context):
            yield _resource(Item(context, item.unread), made)


def inside(element: Any, parent: Mapping[str, Any]) -> dict[str, Any]:
    """An element of a list as the ground of expressions: a text is `value`."""
    own = element if isinstance(element, Mapping) else {"value": element}
    return {"subscription": parent["subscription"], **own, "parent": parent}


def _resource(item: Item, made: ResourceMap) -> Resource:
    given = made.id.of(item.data)
    if not isinstance(given, str) or not given:
        raise ExpressionError(f"{made.type} without {made.id.text}")
    id_ = canonical(given)
    known = {"id": Value(id_)}
    for name, field in {**_COMMON, **made.attributes}.items():
        known[name] = _field(item, field, made.type, name)
    identity = {"id": id_}
    own = known["name"].raw
    if isinstance(own, str):
        identity["name"] = own
    region = known["location"].raw
    root = f"{item.data['subscription']}/{region if isinstance(region, str) else _NOWHERE}"
    for at, named in enumerate(made.names, 2):
        text = named.of(item.data)
        if isinstance(text, str) and text:
            identity[f"name{at}"] = text
    attributes = Value(Observed(known, unread(made.type)))
    return Resource(made.type, f"{made.type}/{id_}", attributes, None, Origin.AZURE, root, identity=identity)


def _field(item: Item, field: Field, type_: str, path: str) -> Value:
    own = field.names if isinstance(field, Expression) else field.each.names
    for name in own & item.unread.keys():
        return unknown(Reason.UNREADABLE, item.unread[name])
    if isinstance(field, Expression):
        return from_plain(_canonical(field.of(item.data)))
    return _nested(item, field, type_, path)


def _nested(item: Item, field: NestedBlock, type_: str, path: str) -> Value:
    """The blocks of a nested block; no block at all where the answer has nothing there."""
    found = field.each.of(item.data)
    if found is None or found is False:
        return Value(())
    elements = found if isinstance(found, list) else [item.data if found is True else found]
    blocks = []
    for element in elements:
        if not isinstance(element, Mapping):
            raise ExpressionError(f"{field.each.text}: no object")
        inner = Item(item.data if element is item.data else inside(element, item.data), item.unread)
        known = {name: _field(inner, part, type_, f"{path}.{name}") for name, part in field.fields.items()}
        blocks.append(Value(Observed(known, unread(type_, path))))
    return Value(tuple(blocks))


def _canonical(data: Any) -> Any:
    if isinstance(data, str):
        return canonical(data)
    if isinstance(data, Mapping):
        return {name: _canonical(item) for name, item in data.items()}
    return [_canonical(item) for item in data] if isinstance(data, list) else data
