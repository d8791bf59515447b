"""The maps: which paths of the Resource Manager deliver which azurerm types, and which field is which attribute.

Data in services/*.yaml:

    provider: Microsoft.Cache           the resource provider; paths lie below it
    api: "2024-11-01"                   the API version that is asked, unless a read or detail has its own
    reads:
      - path: redis                     Microsoft.Cache/redis of the subscription; one that begins with `/` is below
                                        the subscription itself
        single: true                    the path is one object, no listing (below a parent)
        absent: [NotFound]              error codes, or statuses, that say "there is none"
        only: expression                whether the path is read for an item of the listing above at all
        query: {$filter: …}             further parameters
        details: {patches: {path: patchSchedules, absent: ["404"], api: …, single: true}}
                                        what is asked about every item, under a name that expressions use. A path
                                        that begins with `=` is an expression for a whole id, `kind` the type of that
        resources:
          - type: azurerm_redis_cache
            when: expression            which items are such a resource
            each: expression            a list inside the item: one resource for each element (`parent`: the item)
            id: expression              the id, where it is not `id`
            names: [expression]         further texts by which other resources name it
            attributes:
              minimum_tls_version: properties.minimumTlsVersion         expression; null is absent
              patch_schedule: {each: patches, fields: {day_of_week: dayOfWeek}}     a nested block
        then: [reads]                   paths below each item

`id`, `name`, `location`, `tags` and `resource_group_name` are attributes of every resource. Expressions are JMESPath
with the functions of expressions.py; they may use `parent`, the item that another was found below, and `subscription`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from scanner.sources.azure.expressions import expression
from scanner.sources.mapping import Expression, Field, NestedBlock


@dataclass(frozen=True, slots=True)
class ResourceMap:
    """How an item becomes a resource."""

    type: str
    id: Expression
    when: Expression | None
    each: Expression | None
    names: tuple[Expression, ...]
    attributes: Mapping[str, Field]

    def mentions(self) -> frozenset[str]:
        """Every name that its expressions mention."""
        outer = [item.names for item in (self.id, self.when, self.each, *self.names) if item is not None]
        return frozenset().union(*outer, *map(names_in, self.attributes.values()))


@dataclass(frozen=True, slots=True)
class Path:
    """What is asked for: a path below the subscription's provider, an item, or (an expression) a whole id.

    `kind` is the type of what is there, as permissions name it: `Microsoft.Cache/redis/patchSchedules`.
    """

    text: str | Expression
    api: str
    provider: str
    single: bool
    absent: frozenset[str]
    only: Expression | None
    query: Mapping[str, str]

    kind: str


@dataclass(frozen=True, slots=True)
class Read:
    """A path, what is asked about each of its items, and the resources that are made of it."""

    path: Path
    details: Mapping[str, Path]
    resources: tuple[ResourceMap, ...]
    then: tuple[Read, ...]

    def types(self) -> frozenset[str]:
        """Every type that this path leads to."""
        return frozenset(item.type for item in self.resources).union(*(child.types() for child in self.then))

    def wanted(self, types: frozenset[str]) -> Read | None:
        """This read cut down to some types and to the details that they need; None where it delivers none."""
        resources = tuple(item for item in self.resources if item.type in types)
        then = tuple(child for child in (item.wanted(types) for item in self.then) if child is not None)
        if not resources and not then:
            return None
        mentioned = frozenset[str]().union(*(item.mentions() for item in resources), *map(_from_above, then))
        details = {name: path for name, path in self.details.items() if name in mentioned}
        return Read(self.path, details, resources, then)


def _from_above(read: Read) -> frozenset[str]:
    own = read.path.only.names if read.path.only is not None else frozenset[str]()
    return own.union(*(item.mentions() for item in read.resources), *map(_from_above, read.then))


def names_in(item: Field) -> frozenset[str]:
    """The names that an attribute's expressions mention."""
    if isinstance(item, Expression):
        return item.names
    return item.each.names.union(*map(names_in, item.fields.values()))


@cache
def all_reads() -> tuple[Read, ...]:
    """All maps, sorted by file."""
    folder = files("scanner.sources.azure") / "services"
    texts = {item.name: item.read_text("utf-8") for item in folder.iterdir() if item.name.endswith(".yaml")}
    found = []
    for name in sorted(texts):
        data = yaml.load(texts[name], Loader=yaml.CSafeLoader)
        found += [_read(item, data["provider"], data["api"]) for item in data["reads"]]
    return tuple(found)


def known_types() -> frozenset[str]:
    """Every resource type that is read."""
    return frozenset().union(*(read.types() for read in all_reads()))


def walk(reads: Sequence[Read]) -> Iterator[Read]:
    """Reads and the reads below them."""
    for read in reads:
        yield read
        yield from walk(read.then)


def _read(data: Mapping[str, Any], provider: str, api: str, above: str = "") -> Read:
    path = _path(data, provider, api, above)
    return Read(
        path,
        {name: _path(item, provider, path.api, path.kind) for name, item in data.get("details", {}).items()},
        tuple(map(_resource, data.get("resources", ()))),
        tuple(_read(item, provider, path.api, path.kind) for item in data.get("then", ())),
    )


def _path(data: Mapping[str, Any], provider: str, api: str, above: str) -> Path:
    text = data["path"]
    return Path(
        expression(text[1:]) if text.startswith("=") else text,
        str(data.get("api", api)),
        provider,
        data.get("single", False),
        frozenset(map(str, data.get("absent", ()))),
        _optional(data.get("only")),
        data.get("query", {}),
        data.get("kind") or _kind(text, provider, above),
    )


def _kind(text: str, provider: str, above: str) -> str:
    """The type of what is at a path: the names in it (`default`) are no part of that."""
    if text.startswith("="):
        return above
    if text.startswith("/"):
        return f"Microsoft.Resources/subscriptions{text}"
    if text.startswith("providers/"):
        return text.removeprefix("providers/")
    return "/".join([above, *text.split("/")[::2]]) if above else f"{provider}/{text}"


def _resource(data: Mapping[str, Any]) -> ResourceMap:
    return ResourceMap(
        data["type"],
        expression(data.get("id", "id")),
        _optional(data.get("when")),
        _optional(data.get("each")),
        tuple(map(expression, data.get("names", ()))),
        {name: _field(item) for name, item in data.get("attributes", {}).items()},
    )


def _field(data: Any) -> Field:
    if isinstance(data, Mapping):
        return NestedBlock(expression(data["each"]), {name: _field(item) for name, item in data["fields"].items()})
    return expression(str(data))


def _optional(text: str | None) -> Expression | None:
    return None if text is None else expression(text)
