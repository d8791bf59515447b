"""Where a subnet sends its traffic: the routes of its route table, written inline or as resources of their own.

A subnet without an association uses the main route table of its VPC
(https://docs.aws.amazon.com/vpc/latest/userguide/VPC_Route_Tables.html).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from scanner.model.finding import Verdict
from scanner.model.path import Found, lookup
from scanner.model.resource import Resource
from scanner.model.rule import Text
from scanner.model.value import Reason, Unknown, Value
from scanner.model.words import Words
from scanner.policy.assertion import certainly_present
from scanner.policy.evidence import Outcome
from scanner.policy.functions.base import Arguments, Function, said, text, undecided
from scanner.policy.functions.linked import Doubt, Linked, reached, referred, referring
from scanner.policy.links import type_of
from scanner.policy.world import Subject, World

_TABLES = ("aws_route_table", "aws_default_route_table")
_DESTINATIONS = (
    "destination_cidr_block", "cidr_block", "destination_ipv6_cidr_block", "ipv6_cidr_block",
    "destination_prefix_list_id",
)  # fmt: skip
_TARGETS = {
    "internet_gateway": ("gateway_id",),
    "nat": ("nat_gateway_id", "network_interface_id", "instance_id"),
}
_WORDS = {
    "internet_gateway": Text("an internet gateway", "인터넷 게이트웨이"),
    "nat": Text("a NAT gateway", "NAT 게이트웨이"),
}
_ZONE = "availability_zone|availability_zone_id"
_OTHER_GATEWAYS = ("aws_vpn_gateway", "aws_ec2_carrier_gateway", "aws_vpc_endpoint")
_OUTSIDE = Unknown(
    Reason.UNSUPPORTED, Words("its route table is not part of this code", "라우팅 테이블이 이 코드에 없음")
)


_OTHER_ZONE = Text("its NAT gateway is in another zone", "NAT 게이트웨이가 다른 가용 영역에 있음")


@dataclass(slots=True)
class Routes:
    """The routes that apply to a subnet (objects with destination and target), and what is not known of them."""

    routes: list[Value] = field(default_factory=list)
    tables: list[Resource] = field(default_factory=list)
    doubts: list[Doubt] = field(default_factory=list)


def _decide(subject: Subject, arguments: Arguments) -> Outcome:
    subnet = subject.resource
    assert subnet is not None
    kind = text(arguments, "to")
    destination = text(arguments, "destination") or None
    found = effective_routes(subject.world, subnet)
    words = _WORDS[kind]
    doubts = found.doubts
    zonal = "same_zone" in arguments and arguments["same_zone"].raw is True
    far: Value | None = None
    for route in found.routes:
        fits = _fits(route, destination)
        target = _target(route, kind)
        if fits is False or target is None:
            continue
        if fits is True and not isinstance(target, Doubt) and zonal:
            near = _in_zone_of(subject.world, subnet, target)
            if near is not True:
                far = far or target
                doubts += [near] if isinstance(near, Doubt) else []
                continue
        if fits is True and not isinstance(target, Doubt):
            leads = Text(f"its route table leads to {words.en}", f"라우팅 테이블이 {words.ko}로 이어짐")
            return said(Verdict.PASS, subject, leads, at=target)
        doubts.append(target if isinstance(target, Doubt) else fits if isinstance(fits, Doubt) else Doubt(_OUTSIDE))
    if doubts:
        return undecided(subject, doubts[0].unknown, doubts[0].value)
    if far is not None:
        return said(Verdict.FAIL, subject, _OTHER_ZONE, at=far)
    goal = f" for {destination}" if destination else ""
    goal_ko = f"{destination} " if destination else ""
    lacks = Text(
        f"its route table has no route{goal} to {words.en}", f"라우팅 테이블에 {words.ko}로 가는 {goal_ko}경로가 없음"
    )
    return said(Verdict.FAIL, subject, lacks, at=_place(found, destination))


def _place(found: Routes, destination: str | None) -> Value | None:
    """The route to change, or the table that lacks one."""
    for route in found.routes:
        if destination and _fits(route, destination) is True:
            return Value("", route.location)
    return Value("", found.tables[0].location) if found.tables else None


def effective_routes(world: World, subnet: Resource) -> Routes:
    """The routes of the table that a subnet uses, its own or the main one of the VPC."""
    result = Routes()
    own = referring(world, ("aws_route_table_association",), "subnet_id", subnet)
    for association, _ in own.certain:
        _add_tables(world, referred(world, association, "route_table_id", _TABLES), result)
    if own.certain:
        return result
    result.doubts += own.doubts
    networks = referred(world, subnet, "vpc_id", ("aws_vpc", "aws_default_vpc"))
    result.doubts += networks.doubts
    if not networks.certain and not networks.doubts:
        result.doubts.append(Doubt(_OUTSIDE))
    for network, _ in networks.certain:
        _add_main(world, network, result)
    return result


def _add_main(world: World, network: Resource, result: Routes) -> None:
    chosen = referring(world, ("aws_main_route_table_association",), "vpc_id", network)
    result.doubts += chosen.doubts
    for association, _ in chosen.certain:
        _add_tables(world, referred(world, association, "route_table_id", _TABLES), result)
    if not chosen.certain:
        adopted = referring(world, ("aws_default_route_table",), "default_route_table_id", network)
        result.doubts += adopted.doubts
        for table, _ in adopted.certain:
            _add_routes(world, table, result)
        _add_route_resources(world, network, result)


def _add_tables(world: World, tables: Linked, result: Routes) -> None:
    result.doubts += tables.doubts
    result.doubts += [Doubt(_OUTSIDE, mention.value) for mention in tables.outside]
    for table, _ in tables.certain:
        _add_routes(world, table, result)


def _add_routes(world: World, table: Resource, result: Routes) -> None:
    result.tables.append(table)
    for found in lookup(table.attributes, "route[*]"):
        if isinstance(found.value.raw, Unknown):
            result.doubts.append(Doubt(found.value.raw, found.value))
        else:
            result.routes.append(found.value)
    _add_route_resources(world, table, result)


def _add_route_resources(world: World, target: Resource, result: Routes) -> None:
    routes = referring(world, ("aws_route",), "route_table_id", target)
    result.doubts += routes.doubts
    result.routes += [_placed(route) for route, _ in routes.certain]


def _placed(route: Resource) -> Value:
    return route.attributes.with_(location=route.location)


def _fits(route: Value, destination: str | None) -> bool | Doubt:
    if destination is None:
        return True
    answers: list[bool | Doubt] = []
    for value in _values(route, _DESTINATIONS):
        answers.append(Doubt(value.raw, value) if isinstance(value.raw, Unknown) else value.raw == destination)
    if True in answers:
        return True
    return next((answer for answer in answers if isinstance(answer, Doubt)), False)


def _target(route: Value, kind: str) -> Value | Doubt | None:
    """The value that leads to the wanted kind of target, None where the route leads elsewhere."""
    for value in _values(route, _TARGETS[kind]):
        if kind == "internet_gateway":
            return _gateway(value)
        if isinstance(value.raw, Unknown) and not certainly_present(value):
            return Doubt(value.raw, value)
        return value
    return None


def _in_zone_of(world: World, subnet: Resource, target: Value) -> bool | Doubt:
    """Whether a NAT gateway is in a subnet of the same zone."""
    gateways = reached(world, subnet, [Found("", target)], ("aws_nat_gateway",))
    doubts = [*gateways.doubts, *(Doubt(_OUTSIDE, mention.value) for mention in gateways.outside)]
    zone = lookup(subnet.attributes, _ZONE)[0].value
    for gateway, _ in gateways.certain:
        places = referred(world, gateway, "subnet_id", ("aws_subnet",))
        doubts += places.doubts
        for place, _ in places.certain:
            other = lookup(place.attributes, _ZONE)[0].value
            if isinstance(zone.raw, str) and isinstance(other.raw, str):
                return zone.raw == other.raw
            doubts += [Doubt(value.raw, value) for value in (zone, other) if isinstance(value.raw, Unknown)]
    return doubts[0] if doubts else False


def _gateway(value: Value) -> Value | Doubt | None:
    """gateway_id also takes virtual private gateways, endpoints and the word local."""
    types = {type_of(ref.address).removeprefix("data.") for ref in value.refs}
    if types & {"aws_internet_gateway", "aws_internet_gateway_attachment"}:
        return value
    if isinstance(value.raw, str):
        return value if re.match(r"igw-", value.raw) else None
    if isinstance(value.raw, Unknown) and types.isdisjoint(_OTHER_GATEWAYS):
        return Doubt(value.raw, value)
    return None


def _values(route: Value, names: tuple[str, ...]) -> Iterator[Value]:
    """The written values under some names; an empty text is not written (routes given as lists of objects need it)."""
    for name in names:
        for found in lookup(route, name):
            if not found.value.is_absent and found.value.raw != "":
                yield found.value


FUNCTIONS = (
    Function(
        "subnet_route",
        "Whether the route table of a subnet leads to an internet gateway or a NAT gateway (or NAT instance), "
        "with `same_zone` to a NAT gateway in its own zone",
        ("to",),
        _decide,
        ("destination", "same_zone"),
    ),
)
