"""Reads AWS network ACLs: numbered rules that allow or deny, inline and as resources.

The rule that every ACL ends with denies what is left, so silence is no flow. Replies are not modelled: an ACL keeps no
state, and its outbound rules for the ports of clients are flows like any other.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from scanner.model.inventory import Inventory
from scanner.model.resource import Resource
from scanner.model.value import Value
from scanner.network.peers import ANY, Kind
from scanner.network.reading import (
    Index,
    address_peer,
    each_peer,
    first_of,
    hidden_by,
    item,
    items,
    name_of,
    number,
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

ACL_TYPES: Final = ("aws_network_acl", "aws_default_network_acl")
_RULE: Final = "aws_network_acl_rule"
_ALLOW: Final = {"allow": True, "deny": False}


def network_acls(inventory: Inventory) -> list[Group]:
    """All network ACLs of an inventory with their rules."""
    acls = Index(inventory, ACL_TYPES, ("id",))
    rules = {id(acl): list(_inline(acl)) for acl in acls.resources()}
    anywhere: list[Rule] = []
    for resource in inventory.of_type(_RULE):
        found = acls.find(item(resource.attributes, "network_acl_id"), resource.root)
        if found is None:
            anywhere += _numbered(resource, unsure=True)
        for acl in found or ():
            rules[id(acl)] += _numbered(resource, unsure=found is None or len(found) > 1)
    hidden = hidden_by(inventory, [_RULE])
    return [Group(acl, name_of(Kind.GROUP, acl), (*rules[id(acl)], *anywhere), hidden) for acl in acls.resources()]


def _inline(acl: Resource) -> Iterator[Rule]:
    for direction in Direction:
        listed = item(acl.attributes, direction.value)
        for at, block in enumerate([] if unset(listed) else items(listed)):
            path = f"{direction.value}[{at}]"
            if block.is_unknown:
                reason = unreadable(block, "rule")
                location = block.location or acl.location
                yield Rule(acl, path, direction, all_services(direction), ANY, location, reason, priority=None)
            else:
                yield from _lines(acl, path, block, direction, ("rule_no", "action"))


def _numbered(resource: Resource, *, unsure: bool) -> Iterator[Rule]:
    egress = truth(item(resource.attributes, "egress"))
    directions = list(Direction) if egress is None else [Direction.EGRESS if egress else Direction.INGRESS]
    for direction in directions:
        for rule in _lines(resource, "", resource.attributes, direction, ("rule_number", "rule_action")):
            if unsure or egress is None:
                name = "egress" if egress is None else "network_acl_id"
                rule.unknown = unreadable(item(resource.attributes, name), name)
            yield rule


def _lines(resource: Resource, path: str, block: Value, direction: Direction, names: tuple[str, str]) -> Iterator[Rule]:
    """The lines of one numbered rule: one for each of its networks."""
    order, action = (item(block, name) for name in names)
    allow = _ALLOW.get((text(action) or "").lower())
    ports = (item(block, "from_port"), item(block, "to_port"))
    kind = (item(block, "icmp_type"), item(block, "icmp_code"))
    protocol = item(block, "protocol")
    services, unclear = services_of(direction, protocol, *ports, kind=kind)
    reason = first_of(undecided(resource), unclear, None if allow is not None else unreadable(action, "action"))
    for key in ("cidr_block", "ipv6_cidr_block"):
        for peer in each_peer(block, key, address_peer):
            found = first_of(reason, peer.unknown)
            priority = number(order)
            location = (block.location if path else None) or resource.location
            for allowed in [True, False] if allow is None else [allow]:
                yield Rule(
                    resource, path, direction, services, peer.peers, location, found or why(order), allow=allowed,
                    priority=priority, peer=peer.value, peer_path=peer.path, parts=(*ports, protocol),
                )  # fmt: skip
