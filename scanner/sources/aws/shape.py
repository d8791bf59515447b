"""From an item of an answer to a resource in Terraform's names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from scanner.model.observed import Observed
from scanner.model.resource import Origin, Resource
from scanner.model.value import MASK, Reason, Value, from_plain, unknown
from scanner.sources.aws.maps import ResourceMap
from scanner.sources.aws.unread import unread
from scanner.sources.mapping import Expression, ExpressionError, Field, NestedBlock


@dataclass(frozen=True, slots=True)
class Place:
    """Where an item was read: `region` is `global` for what belongs to no region."""

    account: str
    region: str
    home: str

    @property
    def root(self) -> str:
        """The root of the resources of this place."""
        return f"{self.account}/{self.region}"


@dataclass(frozen=True, slots=True)
class Item:
    """An item with its details; `unread` says why details are missing, by their names."""

    data: Mapping[str, Any]
    unread: Mapping[str, str]


class Undecided(Exception):
    """Whether, or as what, a resource exists hangs on something that could not be read."""


def resources_of(item: Item, made: ResourceMap, place: Place) -> Iterator[Resource]:
    """The resources of one type that an item stands for. Raises Undecided, ExpressionError."""
    deciding = [part for part in (made.when, made.each, made.id) if part is not None]
    for part in deciding:
        for name in part.names & item.unread.keys():
            raise Undecided(item.unread[name])
    if made.each is None:
        contexts: Sequence[Mapping[str, Any]] = (item.data,)
    else:
        contexts = [_inside(element, item.data) for element in made.each.of(item.data) or ()]
    for context in contexts:
        if made.when is None or made.when.of(context):
            yield _resource(Item(context, item.unread), made, place)


def _inside(element: Any, parent: Mapping[str, Any]) -> dict[str, Any]:
    """An element of a list as the ground of expressions: a text is `value`."""
    own = element if isinstance(element, Mapping) else {"value": element}
    return {
        "region": parent["region"],
        "account": parent["account"],
        "over": parent.get("over"),
        **own,
        "parent": parent,
    }


def _resource(item: Item, made: ResourceMap, place: Place) -> Resource:
    id_ = made.id.of(item.data)
    if not isinstance(id_, str) or not id_:
        raise ExpressionError(f"{made.type} without {made.id.text}")
    arn = made.arn.of(item.data) if made.arn is not None else None
    identity = {"id": id_} | ({"arn": arn} if isinstance(arn, str) else {})
    known: dict[str, Value] = {name: Value(text) for name, text in identity.items()}
    for name, field in made.attributes.items():
        value = _field(item, field, made.type, name)
        known[name] = _masked(value) if name in made.sensitive else value
    known.setdefault("region", Value(place.home))
    known.setdefault("provider", Value({"region": Value(place.home)}))
    for at, named in enumerate(made.names):
        text = named.of(item.data) if not named.names & item.unread.keys() else None
        if isinstance(text, str) and text:
            identity[f"name{at or ''}"] = text
    return Resource(
        made.type,
        f"{made.type}/{id_}",
        Value(Observed(known, unread(made.type) | made.unread)),
        None,
        Origin.AWS,
        place.root,
        identity=identity,
    )


def _masked(value: Value) -> Value:
    """That there is a value, and nothing else of it."""
    return value if value.is_absent or value.is_unknown else Value(MASK, sensitive=True)


def _field(item: Item, field: Field, type_: str, path: str) -> Value:
    own = field.names if isinstance(field, Expression) else field.each.names
    for name in own & item.unread.keys():
        return unknown(Reason.UNREADABLE, item.unread[name])
    if isinstance(field, Expression):
        return value_of(field.of(item.data))
    return _nested(item, field, type_, path)


def _nested(item: Item, field: NestedBlock, type_: str, path: str) -> Value:
    """The blocks of a nested block; no block at all where the answer has nothing there."""
    found = field.each.of(item.data)
    if found is None or found is False:
        return Value(())
    elements = found if isinstance(found, list) else [item.data if found is True else found]
    blocks = []
    for element in elements:
        inner = Item(_inside(element, item.data), item.unread)
        known = {name: _field(inner, part, type_, f"{path}.{name}") for name, part in field.fields.items()}
        blocks.append(Value(Observed(known, unread(type_, path))))
    return Value(tuple(blocks))


def value_of(data: Any) -> Value:
    """The data of an answer as a value; dates as ISO 8601 text, bytes as text."""
    return from_plain(_plain(data))


def _plain(data: Any) -> Any:
    if isinstance(data, datetime):
        return data.isoformat().replace("+00:00", "Z")
    if isinstance(data, bytes):
        return data.decode("utf-8", "replace")
    if isinstance(data, Mapping):
        return {key: _plain(item) for key, item in data.items()}
    if isinstance(data, list | tuple):
        return [_plain(item) for item in data]
    if data is None or isinstance(data, str | bool | int | float | Decimal):
        return data
    return str(data)
