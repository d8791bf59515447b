"""Reads Azure network security groups: prioritised rules that allow or deny, inline and as resources.

The rules that Azure adds to every group (priority 65000 and above) are no part of the set that a document lists; they
are read only where reachability is asked for (`built_in`). Source: Azure's page on network security groups.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from itertools import product
from typing import Final

from scanner.model.inventory import Inventory
from scanner.model.resource import Resource
from scanner.model.value import Unknown, Value
from scanner.network.azure_subnets import Subnets
from scanner.network.coverage import INTERNET, LOAD_BALANCER, TAG_TEXT, VIRTUAL_NETWORK
from scanner.network.intervals import EMPTY, Intervals, difference, union
from scanner.network.peers import ALL_ADDRESSES, ANY, Kind, Name, Peers, cidr
from scanner.network.reading import (
    Index,
    Peer,
    Read,
    each_peer,
    first_of,
    hidden_by,
    item,
    items,
    linked_peer,
    name_of,
    number,
    text,
    undecided,
    unreadable,
    unset,
    why,
)
from scanner.network.rules import Group, Rule
from scanner.network.services import (
    ANY_PROTOCOL,
    Direction,
    all_services,
    has_ports,
    ports,
    protocol_number,
    transport,
)

GROUP_TYPE: Final = "azurerm_network_security_group"
RULE_TYPE: Final = "azurerm_network_security_rule"
_ASG: Final = "azurerm_application_security_group"
_DIRECTIONS: Final = {"inbound": Direction.INGRESS, "outbound": Direction.EGRESS}
_ACCESS: Final = {"allow": True, "deny": False}
_ANYBODY: Final = ("*", "any")
_TAGS: Final = {tag.text.lower(): tag.text for tag in (INTERNET, LOAD_BALANCER, VIRTUAL_NETWORK)}
_BUILT_IN: Final = (
    (Direction.INGRESS, 65000, True, VIRTUAL_NETWORK),
    (Direction.INGRESS, 65001, True, LOAD_BALANCER),
    (Direction.INGRESS, 65500, False, None),
    (Direction.EGRESS, 65000, True, VIRTUAL_NETWORK),
    (Direction.EGRESS, 65001, True, INTERNET),
    (Direction.EGRESS, 65500, False, None),
)


def network_security_groups(inventory: Inventory, *, built_in: bool = False) -> list[Group]:
    """All network security groups of an inventory with their rules; `built_in` adds those that Azure adds."""
    reader = _Reader(inventory)
    rules: dict[int, list[Rule]] = {}
    for group in reader.groups.resources():
        rules[id(group)] = list(reader.inline(group))
    anywhere: list[Rule] = []
    for resource in inventory.of_type(RULE_TYPE):
        reader.attach(resource, rules, anywhere)
    hidden = hidden_by(inventory, [RULE_TYPE])
    return [
        Group(
            group, name_of(Kind.GROUP, group),
            (*rules[id(group)], *anywhere, *(_added(group) if built_in else ())), hidden,
            reader.subnets.of(group),
        )
        for group in reader.groups.resources()
    ]  # fmt: skip


def _added(group: Resource) -> Iterator[Rule]:
    for direction, priority, allow, tag in _BUILT_IN:
        peers = Peers(names=frozenset([tag])) if tag else ANY
        yield Rule(
            group, "", direction, all_services(direction), peers, group.location,
            allow=allow, priority=priority, built_in=True,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Ends:
    """The attributes of one end of a rule: singular and plural prefixes, and application security groups."""

    one: str
    many: str
    groups: str


_SOURCE: Final = _Ends("source_address_prefix", "source_address_prefixes", "source_application_security_group_ids")
_DESTINATION: Final = _Ends(
    "destination_address_prefix", "destination_address_prefixes", "destination_application_security_group_ids"
)


class _Reader:
    """Reads rules against the groups of one inventory."""

    def __init__(self, inventory: Inventory) -> None:
        self.groups = Index(inventory, (GROUP_TYPE,), ("name", "id"))
        self.asgs = Index(inventory, (_ASG,), ("id", "name"))
        self.subnets = Subnets(inventory, self.groups)

    def inline(self, group: Resource) -> Iterator[Rule]:
        """The `security_rule` blocks of a group, also written as a list of objects."""
        listed = item(group.attributes, "security_rule")
        for at, block in enumerate([] if unset(listed) else items(listed)):
            yield from self.lines(group, group, block, f"security_rule[{at}]")

    def attach(self, resource: Resource, rules: dict[int, list[Rule]], anywhere: list[Rule]) -> None:
        """Reads a rule resource and gives its lines to its group; to all where it is not known which."""
        link = item(resource.attributes, "network_security_group_name")
        found = self.groups.find(link, resource.root)
        for group in found or ():
            rules[id(group)] += self.lines(resource, group, resource.attributes, "")
        if found is None:
            for rule in self.lines(resource, None, resource.attributes, ""):
                rule.unknown = unreadable(link, "network security group")
                anywhere.append(rule)

    def lines(self, resource: Resource, group: Resource | None, block: Value, path: str) -> Iterator[Rule]:
        """The lines of one rule: one for each peer, with everything possible where something is not known."""
        location = (block.location if path else None) or resource.location
        direction_value, access = item(block, "direction"), item(block, "access")
        known_direction = _DIRECTIONS.get((text(direction_value) or "").lower())
        allow = _ACCESS.get((text(access) or "").lower())
        order = item(block, "priority")
        reason = first_of(
            undecided(resource),
            why(block),
            None if known_direction else unreadable(direction_value, "direction"),
            None if allow is not None else unreadable(access, "access"),
            None if number(order) is not None else unreadable(order, "priority"),
        )
        written = text(item(block, "name")) or ""
        directions = [known_direction] if known_direction else list(Direction)
        for direction, allowed in product(directions, [True, False] if allow is None else [allow]):
            services, parts, unclear = _services(direction, block)
            peers_end, own_end = (_SOURCE, _DESTINATION) if direction is Direction.INGRESS else (_DESTINATION, _SOURCE)
            whole = self.covers_group(block, own_end, group) and _any_port(block, "source")
            for peer in self.peers(block, peers_end, resource.root):
                yield Rule(
                    resource, path, direction, services, peer.peers, location, first_of(reason, unclear, peer.unknown),
                    whole=whole, allow=allowed, priority=number(order), name=written, peer=peer.value,
                    peer_path=peer.path, parts=parts,
                )  # fmt: skip

    def peers(self, block: Value, end: _Ends, root: str) -> Iterator[Peer]:
        """Every peer of one end of a rule."""
        if block.is_unknown:
            yield Peer("", block, ANY, why(block))
            return
        yield from each_peer(block, end.one, prefix_peer)
        yield from each_peer(block, end.many, prefix_peer)
        yield from each_peer(block, end.groups, partial(linked_peer, self.asgs, Kind.GROUP, root=root))

    def covers_group(self, block: Value, end: _Ends, group: Resource | None) -> bool:
        """Whether the group's own end of a rule is not limited to a part of what wears the group."""
        if not item(block, end.groups).is_absent:
            return False
        values = [*items(item(block, end.one)), *items(item(block, end.many))]
        own: Intervals = EMPTY
        for value in values:
            peers, reason = prefix_peer(value)
            if reason is None and (peers.addresses == ALL_ADDRESSES or VIRTUAL_NETWORK in peers.names):
                return True
            own = union(own, EMPTY if reason else peers.addresses)
        subnets = self.subnets.of(group) if group else None
        return subnets is not None and not difference(subnets, own)


def prefix_peer(value: Value) -> Read:
    """The peers of an address prefix: `*`, a network or a service tag."""
    written = text(value)
    if written is None:
        return ANY, unreadable(value, "address prefix")
    if written.lower() in _ANYBODY:
        return ANY, None
    found = cidr(written)
    if found is not None:
        return found, None
    tag = _TAGS.get(written.lower(), written)
    if TAG_TEXT.fullmatch(tag):
        return Peers(names=frozenset([Name(Kind.TAG, tag)])), None
    return ANY, unreadable(value, "address prefix")


def _services(direction: Direction, block: Value) -> tuple[Intervals, tuple[Value, ...], Unknown | None]:
    protocol = item(block, "protocol")
    written = text(protocol)
    found = protocol_number(written) if written is not None else None
    ranges = [
        *items(item(block, "destination_port_range")),
        *items(item(block, "destination_port_ranges")),
    ]
    if found is None:
        return all_services(direction), (*ranges, protocol), unreadable(protocol, "protocol")
    services: Intervals = EMPTY
    reason = None
    for value in ranges:
        part = _range(direction, found, value)
        reason = first_of(reason, None if part is not None else unreadable(value, "port range"))
        services = union(services, all_services(direction, found) if part is None else part)
    return services, (*ranges, protocol), reason


def _range(direction: Direction, protocol: int, value: Value) -> Intervals | None:
    """The services of a port range in text; None where it is unknown or no range."""
    written = text(value)
    if written is None:
        return None
    if written.strip() == "*" or (protocol != ANY_PROTOCOL and not has_ports(protocol)):
        return all_services(direction, protocol)
    first, dash, last = written.partition("-")
    if not first.strip().isdecimal() or (dash and not last.strip().isdecimal()):
        return None
    low, high = int(first), int(last if dash else first)
    return transport(direction, low, high) if protocol == ANY_PROTOCOL else ports(direction, protocol, low, high)


def _any_port(block: Value, end: str) -> bool:
    values = [*items(item(block, f"{end}_port_range")), *items(item(block, f"{end}_port_ranges"))]
    return any(text(value) in ("*", "0-65535", "1-65535") for value in values)
