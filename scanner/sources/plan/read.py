"""Plans as `terraform show -json` gives them: what will be there when they are applied.

Source: https://developer.hashicorp.com/terraform/internals/json-format
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Final

from scanner.documents.stream import Damaged, JsonStream
from scanner.model.inventory import Inventory, Level, Notification
from scanner.model.location import Location
from scanner.model.resource import Origin, Resource
from scanner.model.resource_type import Facts
from scanner.model.value import Value, from_plain
from scanner.sources.plan.addresses import inside, module_path, segments, written
from scanner.sources.plan.configuration import Configuration, ModulePath
from scanner.sources.plan.document import Document
from scanner.sources.plan.entries import (
    Entry,
    actions_of,
    identity_of,
    is_resource,
    mapping,
    module_of,
    region_of,
    type_of,
)
from scanner.sources.plan.links import Instances, Linker
from scanner.sources.plan.modules import module_resources
from scanner.sources.plan.packed import Attributes, Packed
from scanner.sources.plan.providers import provider_resources, provider_value
from scanner.sources.plan.values import (
    NOTHING_KNOWN,
    Builder,
    Written,
    defaults_of,
    masked,
    without_answers,
    without_secrets,
)

_GONE: Final = frozenset({("delete",), ("forget",)})
_MOST_SAID: Final = 20
_PLANNED: Final = 256
"""So many resources are at hand at once for others that refer to them."""


@dataclass(slots=True)
class Plan:
    """What a plan says: the resources that there will be, and what it does to those that are there (by address)."""

    inventory: Inventory
    actions: dict[str, tuple[str, ...]] = field(default_factory=dict)


def read_plan(document: Document, facts: Facts | None = None) -> Plan:
    """Everything in a plan; what cannot be read is a notification. `facts` tell blocks from attributes.

    Raises SourceError where the document cannot be opened.
    """
    reading = _Reading(document, facts)
    reading.read()
    return Plan(reading.inventory, reading.actions)


class _Reading:
    """One plan while it is read."""

    def __init__(self, document: Document, facts: Facts | None) -> None:
        self.inventory = Inventory(inputs=[document.name])
        self.actions: dict[str, tuple[str, ...]] = {}
        self._document = document
        self._facts = facts
        self._kept: dict[str, _Maker] = {}
        self._data: list[Entry] = []
        self._instances = Instances(planned=lru_cache(_PLANNED)(self._planned))
        self._configuration = Configuration({})
        self._like: dict[str, bytes] = {}

    def read(self) -> None:
        try:
            with self._document.stream() as stream:
                for key in stream.members():
                    self._part(key, stream)
                stream.end()
        except Damaged as error:
            self.inventory.notifications.append(self._document.damaged(error))
        for entry in self._data:
            if entry.address not in self._kept:
                self._keep(entry)
        place = Location(self._document.name, 1)
        self.inventory.resources += provider_resources(self._configuration, place)
        self._summary()

    def _part(self, key: str, stream: JsonStream) -> None:
        """One of the parts that a plan has."""
        if key == "resource_changes":
            for _ in stream.elements():
                self._resource(stream.place(), stream.value())
        elif key == "prior_state":
            for inner in stream.members():
                if inner == "values":
                    self._prior(stream)
                else:
                    stream.skip()
        elif key == "configuration":
            self._configuration = Configuration(stream.value())
        elif key == "errored" and stream.peek() == "t":
            self._note(Level.ERROR, "terraform stopped while it planned: the plan is not whole")
            stream.skip()
        elif key == "complete" and stream.peek() == "f":
            self._note(Level.ERROR, "the plan does not cover everything: parts are deferred or not targeted")
            stream.skip()
        else:
            stream.skip()

    def _prior(self, stream: JsonStream) -> None:
        """Data sources that were read while planning are only in the state before."""
        for place, data in module_resources(stream):
            if is_resource(data) and data.get("mode") == "data":
                values = masked(data.get("values"), data.get("sensitive_values"))
                self._data.append(Entry(data["address"], type_of(data), module_of(data), values, place=place))

    def _resource(self, place: tuple[int, int], data: Any) -> None:
        """One planned resource, unless it is gone afterwards or only an object that is left over."""
        change = mapping(data.get("change")) if is_resource(data) else {}
        actions, after, unknown = actions_of(change), change.get("after"), change.get("after_unknown")
        gone = actions in _GONE
        if not actions or not (gone or isinstance(after, dict) or unknown is True):
            self._note(Level.ERROR, "a resource in it is malformed", place)
            return
        if "deposed" in data:
            return
        self.actions[data["address"]] = actions
        if gone:
            return
        after = masked(after, change.get("after_sensitive"))
        self._keep(Entry(data["address"], type_of(data), module_of(data), after, unknown, place))

    def _keep(self, entry: Entry) -> None:
        location = Location(self._document.name, *entry.place)
        values = without_secrets(entry.values, self._facts.schema(entry.type) if self._facts else None)
        values = without_answers(values) if entry.type.startswith("data.") else values
        packed = Packed([values, entry.unknown], self._like, entry.type)
        maker = self._kept[entry.address] = _Maker(self, packed, entry.address, entry.type, entry.module, location)
        self._instances.add(entry.address)
        resource = Resource(
            sys.intern(entry.type),
            entry.address,
            Value(Attributes(maker), location),
            location,
            Origin.PLAN,
            self._document.name,
            identity=identity_of(entry.type, values),
        )
        self.inventory.resources.append(resource)

    def _planned(self, address: str) -> Mapping[str, Any]:
        kept = self._kept.get(address)
        return mapping(kept.packed.data()[0]) if kept is not None else {}

    def attributes(self, maker: _Maker) -> dict[str, Value]:
        """The attributes of a resource, with what terraform's configuration says of it."""
        values, unknown = maker.packed.data()
        path = module_path(maker.module)
        block = self._configuration.block(path, _local(maker.address, path))
        code = Written(mapping(block.get("expressions"))) if block else NOTHING_KNOWN
        linker = Linker(self._configuration, self._instances, maker.address, path, block)
        schema = self._facts.schema(maker.type) if self._facts else None
        made = Builder(maker.location, linker, defaults_of(self._facts, maker.type)).object(
            values, unknown, code, schema
        )
        if block:
            made["depends_on"] = _depends_on(block, path, maker.location)
        provider = self._configuration.providers.get(str(block.get("provider_config_key")))
        if provider is not None:
            made["provider"] = provider_value(provider, maker.location, region_of(values))
        return made

    def _summary(self) -> None:
        """What is gone or made anew is worth knowing: its findings are about what comes after."""
        self._say_of("the plan deletes {}", lambda actions: actions == ("delete",))
        self._say_of("the plan replaces {}", lambda actions: len(actions) > 1)
        self._say_of("the plan forgets {}", lambda actions: actions == ("forget",))

    def _say_of(self, what: str, meant: Callable[[tuple[str, ...]], bool]) -> None:
        addresses = [address for address, actions in self.actions.items() if meant(actions)]
        if addresses:
            more = f" and {len(addresses) - _MOST_SAID} more" if len(addresses) > _MOST_SAID else ""
            self._note(Level.NOTE, what.format(f"{', '.join(addresses[:_MOST_SAID])}{more}"))

    def _note(self, level: Level, what: str, place: tuple[int, int] = (1, 1)) -> None:
        self.inventory.notifications.append(Notification(level, what, Location(self._document.name, *place)))


@dataclass(frozen=True, slots=True, eq=False)
class _Maker:
    """What is kept of a resource."""

    reading: _Reading
    packed: Packed
    address: str
    type: str
    module: str
    location: Location

    def make(self) -> dict[str, Value]:
        """The attributes."""
        return self.reading.attributes(self)


def _local(address: str, path: ModulePath) -> str:
    """The address of a resource inside its module, without keys."""
    return ".".join(name for name, _ in segments(address)[2 * len(path) :])


def _depends_on(block: Mapping[str, Any], path: ModulePath, location: Location) -> Value:
    found = block.get("depends_on")
    names = [item for item in found if isinstance(item, str)] if isinstance(found, list) else []
    start = f"{written(inside(path))}." if path else ""
    return from_plain([start + name for name in names], location)
