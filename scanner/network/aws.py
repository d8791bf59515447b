"""Reads AWS security groups: inline blocks in all their spellings, and the three kinds of rule resources.

Terraform removes the rule that lets a new group send anything anywhere, so a group without egress rules has none
(provider documentation of aws_security_group). aws_default_security_group takes the default group of a VPC over and
removes all rules that it does not list.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Final

from scanner.model.inventory import Inventory
from scanner.model.resource import Resource
from scanner.model.value import Unknown, Value
from scanner.network.intervals import Intervals
from scanner.network.peers import ANY, Kind, Peers, any_of
from scanner.network.prefix_lists import PrefixLists
from scanner.network.reading import (
    Index,
    Peer,
    Read,
    Reader,
    address_peer,
    each_peer,
    first_of,
    hidden_by,
    item,
    items,
    linked_peer,
    name_of,
    services_of,
    text,
    truth,
    undecided,
    unreadable,
    unset,
    why,
)
from scanner.network.rules import Group, Rule
from scanner.network.services import Direction, all_services

GROUP_TYPES: Final = ("aws_security_group", "aws_default_security_group")
_INGRESS: Final = "aws_vpc_security_group_ingress_rule"
_EGRESS: Final = "aws_vpc_security_group_egress_rule"
_CLASSIC: Final = "aws_security_group_rule"
RULE_TYPES: Final = (_CLASSIC, _INGRESS, _EGRESS)
_PORT_NAMES: Final = ("from_port", "to_port")


def security_groups(inventory: Inventory) -> list[Group]:
    """All security groups of an inventory with their rules, in the order in which they were read."""
    reader = _Reader(inventory)
    rules: dict[int, list[Rule]] = {id(group): [] for group in reader.groups.resources()}
    for group in reader.groups.resources():
        rules[id(group)] += reader.inline(group)
    anywhere: list[Rule] = []
    for type_ in RULE_TYPES:
        for resource in inventory.of_type(type_):
            reader.attach(resource, rules, anywhere)
    hidden = hidden_by(inventory, RULE_TYPES)
    return [
        Group(group, name_of(Kind.GROUP, group), (*rules[id(group)], *anywhere), hidden)
        for group in reader.groups.resources()
    ]


@dataclass(frozen=True, slots=True)
class _Written:
    """What the lines of one rule have in common."""

    resource: Resource
    path: str
    value: Value
    direction: Direction
    services: Intervals
    parts: tuple[Value, ...]
    unknown: Unknown | None

    def rule(self, peer: Peer) -> Rule:
        """The line with one of its peers."""
        return Rule(
            self.resource, self.path, self.direction, self.services, peer.peers,
            self.value.location or self.resource.location,
            first_of(self.unknown, peer.unknown), peer=peer.value, peer_path=peer.path, parts=self.parts,
        )  # fmt: skip


class _Groups(Index):
    """The groups of an inventory; a VPC's `default_security_group_id` is the one that code takes over, if it does."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self._defaults: dict[tuple[str, str], Resource] = {}
        for group in self.inventory.of_type("aws_default_security_group"):
            for ref in item(group.attributes, "vpc_id").refs:
                self._defaults[group.root, ref.address] = group

    def find(self, value: Value, root: str) -> list[Resource] | None:
        """As for any index, with the default groups of VPCs."""
        if len(value.refs) == 1 and value.refs[0].attribute == "default_security_group_id":
            group = self._defaults.get((root, value.refs[0].address))
            if group is not None:
                return [group]
        return super().find(value, root)


class _Reader:
    """Reads rules against the groups and prefix lists of one inventory."""

    def __init__(self, inventory: Inventory) -> None:
        self.groups = _Groups(inventory, GROUP_TYPES, ("id", "name"))
        self.prefix_lists = PrefixLists(inventory)
        self._lists: dict[str, dict[str, Reader]] = {}

    def inline(self, group: Resource) -> Iterator[Rule]:
        """The rules written in the group itself, as blocks or as a list of objects."""
        for direction in Direction:
            listed = item(group.attributes, direction.value)
            if unset(listed):
                continue
            for at, block in enumerate(items(listed)):
                yield from self.block(group, block, direction, f"{direction.value}[{at}]")

    def block(self, group: Resource, block: Value, direction: Direction, path: str) -> Iterator[Rule]:
        """The lines of one block: one for each peer that it lists."""
        if block.is_unknown:
            yield _anything(group, path, block, direction)
            return
        written = _written(group, path, block, direction, "protocol")
        for key, reader in self.lists(group.root).items():
            yield from map(written.rule, each_peer(block, key, reader))
        yield from _self(written, item(block, "self"), group)

    def lists(self, root: str) -> dict[str, Reader]:
        """The attributes that list peers, and how their elements are read."""
        if root not in self._lists:
            self._lists[root] = {
                "cidr_blocks": address_peer,
                "ipv6_cidr_blocks": address_peer,
                "prefix_list_ids": partial(self.prefix_lists.peer, root=root),
                "security_groups": partial(self.group_peer, root=root),
            }
        return self._lists[root]

    def group_peer(self, value: Value, root: str) -> Read:
        """The group that a value names; ids of other accounts are written `account/sg-…`."""
        written = text(value)
        if written is not None and "/" in written and not value.refs:
            value = Value(written.rpartition("/")[2], value.location, value.hops)
        return linked_peer(self.groups, Kind.GROUP, value, root)

    def attach(self, resource: Resource, rules: dict[int, list[Rule]], anywhere: list[Rule]) -> None:
        """Reads a rule resource and gives its lines to its group; to all of them where it is not known which one."""
        link = item(resource.attributes, "security_group_id")
        found = self.groups.find(link, resource.root)
        if found is None:
            reason = unreadable(link, "security group")
            anywhere += [_doubtful(rule, reason) for rule in self.resource(resource, None)]
            return
        for group in found:
            lines = self.resource(resource, group)
            if len(found) > 1:
                lines = [_doubtful(rule, unreadable(link, "single security group")) for rule in lines]
            rules[id(group)] += lines

    def resource(self, resource: Resource, group: Resource | None) -> list[Rule]:
        """The lines of a rule resource of any of the three types."""
        if resource.type == _CLASSIC:
            return list(self.classic(resource, group))
        direction = Direction.INGRESS if resource.type == _INGRESS else Direction.EGRESS
        return list(self.single(resource, group, direction))

    def classic(self, resource: Resource, group: Resource | None) -> Iterator[Rule]:
        """aws_security_group_rule: direction in `type`, peers in lists."""
        attributes = resource.attributes
        type_ = item(attributes, "type")
        written_type = text(type_)
        for direction in Direction:
            if written_type is not None and written_type != direction.value:
                continue
            written = _written(resource, "", attributes, direction, "protocol", why(type_))
            for name, reader in self.lists(resource.root).items():
                key = "source_security_group_id" if name == "security_groups" else name
                yield from map(written.rule, each_peer(attributes, key, reader))
            yield from _self(written, item(attributes, "self"), group)

    def single(self, resource: Resource, group: Resource | None, direction: Direction) -> Iterator[Rule]:
        """aws_vpc_security_group_…_rule: exactly one peer."""
        attributes = resource.attributes
        written = _written(resource, "", attributes, direction, "ip_protocol")
        lists = self.lists(resource.root)
        readers = {
            "cidr_ipv4": lists["cidr_blocks"],
            "cidr_ipv6": lists["ipv6_cidr_blocks"],
            "prefix_list_id": lists["prefix_list_ids"],
            "referenced_security_group_id": lists["security_groups"],
        }
        for key, reader in readers.items():
            value = item(attributes, key)
            if key == "referenced_security_group_id" and text(value) == "self":
                yield from _self(written, Value(True, value.location, value.hops), group, key)
            elif not unset(value):
                yield from map(written.rule, each_peer(attributes, key, reader))


def _written(
    resource: Resource, path: str, value: Value, direction: Direction, protocol: str, reason: Unknown | None = None
) -> _Written:
    """Reads protocol and ports of a block or rule resource."""
    first, last = (item(value, name) for name in _PORT_NAMES)
    protocol_value = item(value, protocol)
    services, unclear = services_of(direction, protocol_value, first, last)
    parts = (first, last, protocol_value)
    location = value if path else Value(value.raw, resource.location)
    return _Written(
        resource, path, location, direction, services, parts, first_of(undecided(resource), reason, unclear)
    )


def _self(written: _Written, value: Value, group: Resource | None, key: str = "self") -> Iterator[Rule]:
    """The line that admits the group itself."""
    wanted = truth(value)
    if wanted is False:
        return
    peers = Peers(names=frozenset([name_of(Kind.GROUP, group)])) if group else any_of(Kind.GROUP)
    yield written.rule(Peer(key, value, peers, None if wanted else unreadable(value, "boolean")))


def _anything(group: Resource, path: str, block: Value, direction: Direction) -> Rule:
    """The line for a block of which nothing is known."""
    reason = unreadable(block, "rule")
    return Rule(
        group, path, direction, all_services(direction), ANY, block.location or group.location, reason, peer=block
    )


def _doubtful(rule: Rule, reason: Unknown) -> Rule:
    """The same line of a group that it may not belong to."""
    rule.unknown = reason
    return rule
