"""What may be written inside a resource or as resources of their own, one reading for both: flows and routes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from scanner.drift.compare import Difference, Open
from scanner.drift.match import Pair
from scanner.drift.normal import network
from scanner.drift.resolve import Names, Resolver
from scanner.model.location import Location
from scanner.model.path import as_text
from scanner.model.resource import Resource
from scanner.model.value import Reason, Unknown, Value, fields_of, items_of
from scanner.model.words import Words

_GROUPS: Final = ("aws_security_group", "aws_default_security_group")
_TABLES: Final = ("aws_route_table", "aws_default_route_table")
_RULES: Final = {
    "aws_security_group_rule": "security_group_id",
    "aws_vpc_security_group_ingress_rule": "security_group_id",
    "aws_vpc_security_group_egress_rule": "security_group_id",
    "aws_route": "route_table_id",
}
"""Resources that are a part of another one, and the attribute that names it."""

PART_TYPES: Final = frozenset(_RULES)
_PROTOCOLS: Final = {"-1": "all", "6": "tcp", "17": "udp", "1": "icmp", "58": "icmpv6"}
_PEERS: Final = ("cidr_ipv4", "cidr_ipv6", "prefix_list_id", "referenced_security_group_id", "source_security_group_id")
_PEER_LISTS: Final = ("cidr_blocks", "ipv6_cidr_blocks", "prefix_list_ids", "security_groups")
_DESTINATIONS: Final = (
    "destination_cidr_block", "destination_ipv6_cidr_block", "destination_prefix_list_id", "cidr_block",
    "ipv6_cidr_block",
)  # fmt: skip
_TARGETS: Final = (
    "gateway_id", "nat_gateway_id", "egress_only_gateway_id", "transit_gateway_id", "vpc_endpoint_id",
    "vpc_peering_connection_id", "network_interface_id", "local_gateway_id", "carrier_gateway_id", "core_network_arn",
)  # fmt: skip
_MADE_TARGETS: Final = ("vpce-", "local")
"""Routes to gateway endpoints and inside the network are made by AWS; the endpoint says for which tables."""


@dataclass(frozen=True, slots=True)
class Part:
    """One flow or route: `what` it is (direction and service, or destination), and the other end.

    `peer` is None where it is not known.
    """

    where: str
    what: str
    peer: str | None
    location: Location | None

    @property
    def shown(self) -> str:
        """The part for people."""
        arrow = {"ingress": "from", "egress": "to"}.get(self.where, "via")
        return f"{self.what} {arrow} {self.peer or '?'}"


class Parts:
    """The parts of every group and route table of one side, by the id that the account knows them by."""

    def __init__(self, resources: Iterable[Resource], resolver: Resolver, *, code: bool) -> None:
        self._resolver = resolver if code else None
        self._names = resolver.names
        self._by_owner: dict[int, list[Part]] = defaultdict(list)
        self.doubtful: Unknown | None = None
        for resource in resources:
            self._add(resource, resolver)

    def of(self, live: Resource) -> list[Part]:
        """The parts of a resource of the account, without repetition."""
        return list(dict.fromkeys(self._by_owner.get(id(live), ())))

    def _add(self, resource: Resource, resolver: Resolver) -> None:
        if resource.type in _RULES:
            owner = self._owner(resource, _RULES[resource.type])
            if owner is not None:
                self._by_owner[id(owner)] += self._parts(resource, resource.attributes, owner)
        elif resource.type in _GROUPS or resource.type in _TABLES:
            owner = resolver.live(resource.root, resource.address) if self._resolver else resource
            if owner is not None:
                for name in ("ingress", "egress", "route"):
                    for block in items_of(fields_of(resource.attributes).get(name)):
                        self._by_owner[id(owner)] += self._inline(resource, block, name, owner)

    def _owner(self, resource: Resource, attribute: str) -> Resource | None:
        value = fields_of(resource.attributes).get(attribute)
        text = self._text(value, resource) if value is not None else None
        if text is None:
            if self._resolver is not None and not (value is not None and self._undeployed(value, resource)):
                self.doubtful = _doubt(resource)
            return None
        return next((found for found in self._names.of(text) if found.type in (*_GROUPS, *_TABLES)), None)

    def _undeployed(self, value: Value, resource: Resource) -> bool:
        """Whether a value certainly names one resource, and the account does not have that."""
        if self._resolver is None or len(value.refs) != 1 or not value.refs[0].certain:
            return False
        ref = value.refs[0]
        return self._resolver.live(resource.root if ref.root is None else ref.root, ref.address) is None

    def _parts(self, resource: Resource, block: Value, owner: Resource) -> Iterator[Part]:
        if resource.type == "aws_route":
            yield from self._inline(resource, block, "route", owner)
            return
        direction = "egress" if "egress" in resource.type else "ingress"
        if resource.type == "aws_security_group_rule":
            direction = _field(block, "type") or direction
        yield from self._inline(resource, block, direction, owner)

    def _inline(self, resource: Resource, block: Value, where: str, owner: Resource) -> Iterator[Part]:
        place = block.location or resource.location
        if where == "route":
            yield from self._route(resource, block, place)
            return
        service = _service(block)
        for value in _peers(block):
            yield Part(where, service, self._peer(value, resource), place)
        if _field(block, "self") == "true":
            yield Part(where, service, self._named(owner), place)

    def _route(self, resource: Resource, block: Value, place: Location | None) -> Iterator[Part]:
        fields = fields_of(block)
        destination = next((fields[name] for name in _DESTINATIONS if _written(fields.get(name))), None)
        target = next((fields[name] for name in _TARGETS if _written(fields.get(name))), None)
        if destination is None or target is None:
            return
        text = self._text(target, resource)
        if text is None or not text.startswith(_MADE_TARGETS):
            yield Part("route", self._peer(destination, resource) or "?", text, place)

    def _peer(self, value: Value, resource: Resource) -> str | None:
        text = self._text(value, resource)
        if text is None:
            return None
        named = next((found for found in self._names.of(text.rpartition("/")[2]) if found.type in _GROUPS), None)
        return self._named(named) if named is not None else network(text)

    def _named(self, group: Resource) -> str:
        return _field(group.attributes, "id") or group.address

    def _text(self, value: Value, resource: Resource) -> str | None:
        return as_text(self._resolver.value(value, resource) if self._resolver is not None else value)


def _doubt(resource: Resource) -> Unknown:
    return Unknown(
        Reason.UNREADABLE,
        Words(
            f"what {resource.address} belongs to is not known", f"{resource.address} 리소스가 속한 대상을 알 수 없음"
        ),
    )


def _written(value: Value | None) -> bool:
    return value is not None and not value.is_absent and value.raw != ""


def _field(block: Value, name: str) -> str | None:
    value = fields_of(block).get(name)
    return as_text(value) if value is not None else None


def _service(block: Value) -> str:
    written = (_field(block, "ip_protocol") or _field(block, "protocol") or "all").lower()
    protocol = _PROTOCOLS.get(written, written)
    first, last = _field(block, "from_port") or "", _field(block, "to_port") or ""
    if protocol == "all" or (first, last) in (("0", "65535"), ("-1", "-1"), ("", "")):
        return protocol
    return f"{protocol} {first}" if first == last else f"{protocol} {first}-{last}"


def _peers(block: Value) -> Iterator[Value]:
    fields = fields_of(block)
    for name in _PEERS:
        if _written(value := fields.get(name)) and value is not None:
            yield value
    for name in _PEER_LISTS:
        value = fields.get(name)
        if value is not None and value.is_unknown:
            yield value
        yield from items_of(value)


def compare_parts(pair: Pair, code: Parts, live: Parts, names: Names) -> Iterator[Difference | Open]:
    """The flows or routes that one side has and the other has not, each once."""
    if pair.live.type not in (*_GROUPS, *_TABLES):
        return
    ours, theirs = code.of(pair.live), live.of(pair.live)
    known = {(part.where, part.what, part.peer) for part in theirs}
    only_code = [part for part in ours if (part.where, part.what, part.peer) not in known]
    written = {(part.where, part.what, part.peer) for part in ours}
    only_live = [part for part in theirs if (part.where, part.what, part.peer) not in written]
    open_, certain = _doubtful(only_code, only_live)
    for part in open_:
        yield Open(_path(part), _doubt(pair.code))
    for part in certain:
        if part in only_code:
            yield Difference(_path(part), _shown(part, names), None, part.location)
        elif code.doubtful is not None:
            yield Open(_path(part), code.doubtful)
        else:
            yield Difference(_path(part), None, _shown(part, names), pair.code.location)


def _doubtful(code: Sequence[Part], live: Sequence[Part]) -> tuple[list[Part], list[Part]]:
    """A part of code whose other end is not known may be any of the account with the same service."""
    vague = {(part.where, part.what) for part in code if part.peer is None}
    open_ = [part for part in code if part.peer is None]
    return open_, [part for part in (*code, *live) if part.peer is not None and (part.where, part.what) not in vague]


def _path(part: Part) -> str:
    return f"{part.where}[{part.shown}]"


def _shown(part: Part, names: Names) -> str:
    """The part with the name of a group in place of its id."""
    found = names.of(part.peer or "")
    name = _field(found[0].attributes, "name") if found else None
    return part.shown.replace(part.peer or "", name) if name else part.shown
