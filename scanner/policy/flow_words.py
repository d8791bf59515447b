"""Differences of flows in words, and the places that they are shown at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from scanner.model.location import Location
from scanner.model.resource import Resource
from scanner.model.rule import Text
from scanner.model.value import MASK, Hop, Unknown, Value
from scanner.model.words import both
from scanner.network.compare import Difference, Sort
from scanner.network.documented import Documented
from scanner.network.flows import Flow
from scanner.network.intervals import intersection
from scanner.network.peers import Label, describe
from scanner.network.rules import Rule
from scanner.network.services import Direction
from scanner.network.services import describe as describe_services

_MOST_FLOWS = 3
_SIDES = {Direction.INGRESS: "인바운드", Direction.EGRESS: "아웃바운드"}


@dataclass(slots=True, frozen=True)
class Place:
    """Where a difference is shown: the attribute, the place where a fix belongs, and the way there."""

    path: str
    location: Location | None
    hops: tuple[Hop, ...] = ()


def place_of(found: Difference, flows: Sequence[Documented], resource: Resource) -> Place:
    """The line of the rule that allows an unexpected flow; the group that lacks a missing one."""
    rule = found.rule
    if rule is None:
        missing = f"[flow={found.documented.text()}]" if found.documented else ""
        return Place(f"{found.direction.value}{missing}", resource.location)
    value = _culprit(rule, flows)
    if value is not None and value.location is not None:
        return Place(rule.place, value.location, value.hops)
    return Place(rule.place or found.direction.value, rule.location)


def _culprit(rule: Rule, flows: Sequence[Documented]) -> Value | None:
    """The value from elsewhere (a variable, a map of rules) that makes the rule differ; None where it is all literal.

    A documented peer with other services points at the ports, documented services with another peer at the peer.
    """
    same_peer = any(
        flow.peers.maybe.names & rule.peers.names or intersection(flow.peers.maybe.addresses, rule.peers.addresses)
        for flow in flows
    )
    same_services = any(intersection(flow.services, rule.services) for flow in flows)
    peer = [rule.peer] if rule.peer is not None else []
    order = [*peer, *rule.parts] if same_services and not same_peer else [*rule.parts, *peer]
    return next((value for value in order if value.hops and value.location), None)


def flow_text(found: Difference, label: Label) -> Text:
    """The flows that differ: `tcp 22 from 0.0.0.0/0`, `인바운드 tcp 22 (0.0.0.0/0)`."""
    documented = found.documented
    if documented is not None and (not found.certain or not found.part or found.part == documented.sure):
        services = describe_services(documented.services)
        return Text(documented.text(), f"{_SIDES[found.direction]} {services} ({documented.peer_text})")
    if found.rule is not None and found.rule.sensitive:
        return Text(MASK, f"{_SIDES[found.direction]} {MASK}")
    if found.rule is not None and found.rule.unknown is not None:
        return _undecided_rule(found.rule, label)
    flows = list(found.part.flows())
    shown = flows[:_MOST_FLOWS]
    more = len(flows) - len(shown)
    english = ", ".join(flow.text(label) for flow in shown) + (f" and {more} more" if more else "")
    korean = ", ".join(_korean(flow, label) for flow in shown) + (f" 외 {more}건" if more else "")
    return Text(english, korean)


def _undecided_rule(rule: Rule, label: Label) -> Text:
    """A rule of which something is not known: what is known of it."""
    flow = Flow(rule.direction, rule.services, rule.peers)
    if rule.peer is None or not rule.peer.is_unknown:
        return Text(flow.text(label), _korean(flow, label))
    services = describe_services(rule.services)
    way = "from" if rule.direction is Direction.INGRESS else "to"
    return Text(f"{services} {way} an unknown peer", f"{_SIDES[rule.direction]} {services} (대상 미상)")


def _korean(flow: Flow, label: Label) -> str:
    return f"{_SIDES[flow.direction]} {describe_services(flow.services)} ({describe(flow.peers, label)})"


def difference_text(found: Difference, shown: Text, reason: Unknown | None, where: Text) -> Text:
    """A difference in words; `where` says in what was looked."""
    why = both(reason.detail) if reason else Text("", "")
    if found.sort is Sort.MISSING:
        if found.certain:
            unbound = found.documented is not None and not found.documented.peers.maybe
            name = found.documented.peer_text if found.documented else ""
            return Text(
                f"{shown.en} is documented but not allowed" + (f": {where.en} has no {name}" if unbound else ""),
                f"문서에 있는 {shown.ko} 허용 규칙이 없음" + (f": {where.ko}에 {name} 없음" if unbound else ""),
            )
        return Text(
            f"whether {shown.en} is allowed as documented cannot be decided: {why.en}",
            f"문서에 있는 {shown.ko} 허용 여부 판정 불가: {why.ko}",
        )
    if found.certain:
        return Text(f"{shown.en} is allowed but not documented", f"문서에 없는 {shown.ko} 허용")
    if not shown.en:
        side = found.direction.value
        return Text(
            f"whether there are further {side} rules cannot be decided: {why.en}",
            f"{_SIDES[found.direction]} 규칙이 더 있는지 판정 불가: {why.ko}",
        )
    return Text(
        f"whether {shown.en} is allowed beyond the document cannot be decided: {why.en}",
        f"문서에 없는 {shown.ko} 허용 여부 판정 불가: {why.ko}",
    )
