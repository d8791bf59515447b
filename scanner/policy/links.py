"""Links between resources: what a value says about which resource it refers to.

A value refers to a resource where one of its references names the resource's address, or where its text is one of the
resource's identities. A value that is not known, and whose references do not tell, may refer to anything.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from scanner.model.inventory import Inventory
from scanner.model.path import Found, decoded
from scanner.model.resource import Resource
from scanner.model.value import Reason, Reference, Unknown, Value

IDENTITIES = (
    "id", "arn", "name", "bucket", "identifier", "cluster_identifier", "replication_group_id", "family",
    "function_name",
)  # fmt: skip
_NO_LINKS = frozenset({"tags", "tags_all", "lifecycle", "depends_on", "provider", "timeouts"})
_OWN_NAMES = frozenset({"id", "arn", "name", "name_prefix", "identifier", "family", "description"})
_NEVER_A_LINK = re.compile(
    r"^ami$|^user_data|password|token$|_hash$|version$|zones?$|region$|^engine|_(size|type|class)$"
)
"""Attributes that can be unknown without any doubt about links."""
_SEGMENT = re.compile(r'([^.\[\]]+)(\[(?:"(?:[^"\\]|\\.)*"|[^\]"]*)\])?')
_POINTS_ELSEWHERE = re.compile(r"(?<!zone)(?<!principal)(?<!object)(?<!client)_(?:id|arn)s?\b")
_PEOPLE = frozenset(
    {"data.azurerm_client_config", "data.azuread_client_config", "data.azuread_group", "data.azuread_user"}
)
"""The identity that runs Terraform, and users and groups that are only looked up: none of those that it makes."""
_SETTLED = (Reason.COMPUTED, Reason.DATA_SOURCE)


@lru_cache(maxsize=65536)
def segments(address: str) -> tuple[tuple[str, str], ...]:
    """An address as (name, instance key) pairs."""
    return tuple(_SEGMENT.findall(address))


@lru_cache(maxsize=65536)
def bare(address: str) -> str:
    """An address without any instance keys."""
    return ".".join(name for name, _ in segments(address))


def same_address(one: str, other: str) -> bool:
    """Whether two addresses may name the same resource: a missing instance key stands for every instance."""
    if one == other:
        return True
    first, second = segments(one), segments(other)
    return len(first) == len(second) and all(
        a == b and (not left or not right or left == right) for (a, left), (b, right) in zip(first, second, strict=True)
    )


@lru_cache(maxsize=65536)
def type_of(address: str) -> str:
    """The resource type in an address (`data.aws_kms_key` for a data source)."""
    names = [name for name, _ in segments(address)]
    while len(names) > 2 and names[0] == "module":
        names = names[2:]
    return ".".join(names[:2]) if names[:1] == ["data"] else "".join(names[:1])


@dataclass(slots=True)
class Mention:
    """One leaf value that may refer to something; `opaque` where it may refer to what its references do not name."""

    refs: tuple[Reference, ...]
    text: str | None
    opaque: Unknown | None
    value: Value


def mentions(found: Iterable[Found]) -> list[Mention]:
    """What the values at a path (all their leaves) mention; of a part of an unknown value nothing is known."""
    return [mention for item in found for mention in (_leaves(item.value) if item.whole else _inside(item.value))]


def _inside(value: Value) -> Iterator[Mention]:
    raw = value.raw
    assert isinstance(raw, Unknown)
    yield Mention((), None, raw, value)


def _leaves(value: Value) -> Iterator[Mention]:
    structure = decoded(value)
    raw = structure.raw
    if isinstance(raw, Unknown):
        yield Mention(value.refs, None, _opaque(raw, value.refs), value)
        return
    if isinstance(raw, str):
        yield Mention(value.refs, raw, None, value)
        return
    if value.refs:
        yield Mention(value.refs, None, None, value)
    if isinstance(raw, Mapping):
        for item in raw.values():
            yield from _leaves(item)
    elif isinstance(raw, Sequence):
        for element in raw:
            if isinstance(element, Value):
                yield from _leaves(element)


def _opaque(unknown: Unknown, refs: tuple[Reference, ...]) -> Unknown | None:
    """An unknown value is settled by its references only where each speaks of the resource itself.

    What a data source answers, and another resource's `kms_key_id`, may be anything.
    """
    if unknown.reason not in _SETTLED or not refs:
        return unknown
    for ref in refs:
        type_ = type_of(ref.address)
        if type_ in _PEOPLE:
            continue
        if type_.startswith("data.") or (_POINTS_ELSEWHERE.search(ref.attribute) and not _own(type_, ref.attribute)):
            return unknown
    return None


def _own(type_: str, attribute: str) -> bool:
    """Whether an attribute is the resource's own id under a name of its service: `queue_id` of aws_connect_queue."""
    stem = attribute.removesuffix("_id").removesuffix("_arn")
    return stem != attribute and type_.endswith(f"_{stem}")


def attribute_values(root: Value) -> list[Found]:
    """Every attribute that may link to another resource; tags do not, nor do the resource's own names as written."""
    raw = decoded(root).raw
    if not isinstance(raw, Mapping):
        return [Found("", root)]
    return [Found(name, item) for name, item in raw.items() if _may_link(name, item)]


def _may_link(name: str, value: Value) -> bool:
    if name in _NO_LINKS:
        return False
    if name in _OWN_NAMES:
        return bool(value.refs)
    return not (value.is_unknown and _NEVER_A_LINK.search(name))


def identities(resource: Resource) -> list[str]:
    """The texts by which other resources may name this one."""
    raw = resource.attributes.raw
    names: list[str] = []
    if isinstance(raw, Mapping):
        for key in IDENTITIES:
            item = raw.get(key)
            if item is not None and isinstance(item.raw, str) and item.raw:
                names.append(item.raw)
    names.extend(text for text in resource.identity.values() if text)
    return names


@dataclass(slots=True)
class Backlinks:
    """Who refers to whom, for the resources of some types through one attribute."""

    by_address: dict[tuple[str, str], list[tuple[Resource, Reference, Mention]]] = field(default_factory=dict)
    by_text: dict[str, list[Resource]] = field(default_factory=dict)
    opaque: list[tuple[Resource, Mention]] = field(default_factory=list)

    def add(self, source: Resource, mention: Mention) -> None:
        """Records one mention found on `source`."""
        for ref in mention.refs:
            root = source.root if ref.root is None else ref.root
            self.by_address.setdefault((root, bare(ref.address)), []).append((source, ref, mention))
        if mention.text:
            self.by_text.setdefault(mention.text, []).append(source)
        if mention.opaque is not None:
            self.opaque.append((source, mention))

    def to(
        self, target: Resource, *, opaque: bool = True
    ) -> tuple[list[Resource], dict[int, tuple[Resource, Mention]]]:
        """The resources that refer to `target`, and those that may (by id, with what makes it undecided).

        Those that may refer to anything are the same for every target; they are left out unless `opaque` asks for them.
        """
        certain: dict[int, Resource] = {}
        possible: dict[int, tuple[Resource, Mention]] = {}
        for source, ref, mention in self.by_address.get((target.root, bare(target.address)), ()):
            if same_address(ref.address, target.address):
                if settled(mention) and ref.certain:
                    certain[id(source)] = source
                else:
                    possible[id(source)] = (source, mention)
        for text in identities(target):
            for source in self.by_text.get(text, ()):
                certain[id(source)] = source
        for source, mention in self.opaque if opaque else ():
            possible.setdefault(id(source), (source, mention))
        certain.pop(id(target), None)
        return list(certain.values()), {
            key: item for key, item in possible.items() if key not in certain and key != id(target)
        }


def settled(mention: Mention) -> bool:
    """Whether the references of a value certainly hold (a choice that depends on an unset variable does not)."""
    raw = mention.value.raw
    return not isinstance(raw, Unknown) or raw.reason in _SETTLED


def by_bare_address(inventory: Inventory) -> dict[tuple[str, str], list[Resource]]:
    """All resources by root and address without instance keys."""
    index: dict[tuple[str, str], list[Resource]] = {}
    for resource in inventory.resources:
        index.setdefault((resource.root, bare(resource.address)), []).append(resource)
    return index


def by_identity(resources: Iterable[Resource]) -> dict[str, list[Resource]]:
    """Resources by the texts that name them."""
    index: dict[str, list[Resource]] = {}
    for resource in resources:
        for text in identities(resource):
            index.setdefault(text, []).append(resource)
    return index
