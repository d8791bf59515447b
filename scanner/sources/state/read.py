"""States: the resources that terraform manages, with the values that it last read of them.

Sources: https://developer.hashicorp.com/terraform/internals/json-format for `terraform show -json`; the stored form
is that of version 4 (internal/states/statefile/version4.go of terraform).
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from scanner.documents.stream import Damaged, JsonStream
from scanner.model.inventory import Inventory, Level, Notification
from scanner.model.location import Location
from scanner.model.observed import Observed
from scanner.model.resource import Origin, Resource
from scanner.model.resource_type import Facts
from scanner.model.value import Reason, Unknown, Value
from scanner.model.words import Words
from scanner.sources.plan.document import Document, Kind
from scanner.sources.plan.entries import Entry, identity_of, is_resource, region_of, type_of
from scanner.sources.plan.modules import module_resources
from scanner.sources.plan.packed import Attributes, Packed
from scanner.sources.plan.values import (
    NOTHING_KNOWN,
    SENSITIVE,
    Builder,
    defaults_of,
    masked,
    without_answers,
    without_secrets,
)

_OF_PROVIDER: Final = frozenset({"region", "alias", "default_tags", "allowed_account_ids", "assume_role", "profile"})
"""What a provider configuration says that no state tells."""
_UNTOLD: Final = Unknown(
    Reason.UNSUPPORTED,
    Words("states do not tell how providers are configured", "상태에는 프로바이더 설정이 나오지 않음"),
)
_MALFORMED: Final = "a resource in it is malformed"


def read_state(document: Document, kind: Kind, facts: Facts | None = None) -> Inventory:
    """Everything in a state; what cannot be read is a notification.

    `facts` tell which attributes are sensitive: old states do not say it of what the provider calls so.
    Raises SourceError where the document cannot be opened.
    """
    inventory = Inventory(inputs=[document.name])
    like: dict[str, bytes] = {}
    try:
        with document.stream() as stream:
            for entry in _stored(stream) if kind is Kind.RAW_STATE else _shown(stream):
                location = Location(document.name, *entry.place)
                if entry.address:
                    inventory.resources.append(_resource(entry, location, facts, like))
                else:
                    inventory.notifications.append(Notification(Level.ERROR, _MALFORMED, location))
            stream.end()
    except Damaged as error:
        inventory.notifications.append(document.damaged(error))
    return inventory


@dataclass(frozen=True, slots=True, eq=False)
class _Maker:
    """What is kept of a resource."""

    packed: Packed
    type: str
    location: Location
    facts: Facts | None

    def make(self) -> dict[str, Value]:
        """The attributes."""
        schema = self.facts.schema(self.type) if self.facts else None
        values = self.packed.data()
        builder = Builder(self.location, has_default=defaults_of(self.facts, self.type))
        made = builder.object(values, None, NOTHING_KNOWN, schema)
        region = region_of(values)
        provider = _UNTOLD if region is None else Observed({"region": Value(region, self.location)}, _OF_PROVIDER)
        made["provider"] = Value(provider, self.location)
        return made


def _resource(entry: Entry, location: Location, facts: Facts | None, like: dict[str, bytes]) -> Resource:
    values = without_secrets(entry.values, facts.schema(entry.type) if facts else None)
    values = without_answers(values) if entry.type.startswith("data.") else values
    maker = _Maker(Packed(values, like, entry.type), entry.type, location, facts)
    return Resource(
        sys.intern(entry.type),
        entry.address,
        Value(Attributes(maker), location),
        location,
        Origin.STATE,
        location.path,
        identity=identity_of(entry.type, values),
    )


def _shown(stream: JsonStream) -> Iterator[Entry]:
    """The resources that `terraform show -json` tells of."""
    for key in stream.members():
        if key != "values":
            stream.skip()
            continue
        for place, data in module_resources(stream):
            if not is_resource(data):
                yield _nothing(place)
                continue
            values = masked(data.get("values"), data.get("sensitive_values"))
            yield Entry(data["address"], type_of(data), "", values, place=place)


def _stored(stream: JsonStream) -> Iterator[Entry]:
    """The resources of a stored state."""
    for key in stream.members():
        if key != "resources":
            stream.skip()
            continue
        for _ in stream.elements():
            yield from _instances(stream)


def _instances(stream: JsonStream) -> Iterator[Entry]:
    """The instances of the resource that comes next. Terraform writes them last, so they are read one by one."""
    place = stream.place()
    if stream.peek() != "{":
        stream.skip()
        yield _nothing(place)
        return
    header: dict[str, Any] = {}
    early: list[Any] = []
    for key in stream.members():
        if key != "instances":
            header[key] = stream.value()
        elif _texts(header, "mode", "type", "name"):
            for _ in stream.elements():
                at = stream.place()
                yield from _instance(header, stream.value(), at)
        else:
            found = stream.value()
            early = found if isinstance(found, list) else []
    if early or not _texts(header, "mode", "type", "name"):
        for data in early or [None]:
            yield from _instance(header, data, place)


def _instance(header: Mapping[str, Any], data: Any, place: tuple[int, int]) -> Iterator[Entry]:
    if not isinstance(data, dict) or not _texts(header, "mode", "type", "name"):
        yield _nothing(place)
        return
    if "deposed" in data:
        return
    module = header.get("module")
    start = f"{module}." if isinstance(module, str) and module else ""
    key = data.get("index_key")
    index = "" if key is None else f"[{json.dumps(key, ensure_ascii=False)}]"
    address = f"{start}{type_of(header)}.{header['name']}{index}"
    attributes = data.get("attributes")
    if not isinstance(attributes, dict):  # `attributes_flat`, that is: written by terraform 0.11, never touched since
        yield _nothing(place)
        return
    yield Entry(address, type_of(header), "", _hidden(attributes, data.get("sensitive_attributes")), place=place)


def _hidden(attributes: Any, paths: Any) -> Any:
    """The attributes without what the state says is sensitive: a list of paths, each a list of steps."""
    for path in paths if isinstance(paths, list) else ():
        steps = [step.get("value") for step in path if isinstance(step, dict)] if isinstance(path, list) else []
        attributes = _without(attributes, [_key(step) for step in steps])
    return attributes


def _key(step: Any) -> Any:
    """A name or index; `index` steps hold a typed value."""
    return step.get("value") if isinstance(step, dict) else step


def _without(data: Any, steps: list[Any]) -> Any:
    if not steps:
        return masked(data, True)
    step, rest = steps[0], steps[1:]
    if isinstance(data, dict) and step in data:
        return {**data, step: _without(data[step], rest)}
    if isinstance(data, list) and isinstance(step, int) and 0 <= step < len(data):
        return [*data[:step], _without(data[step], rest), *data[step + 1 :]]
    # Into a set lead steps that name the element itself: which one it is cannot be told, so all of it is hidden.
    return dict(SENSITIVE) if isinstance(data, list) and data else data


def _texts(data: Mapping[str, Any], *keys: str) -> bool:
    return all(isinstance(data.get(key), str) for key in keys)


def _nothing(place: tuple[int, int]) -> Entry:
    return Entry("", "", "", None, place=place)
