"""Compares what a document lists with what a group allows. Sets decide, not texts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from scanner.model.value import Unknown
from scanner.network.coverage import INTERNET, covered, everywhere, narrower
from scanner.network.documented import Documented
from scanner.network.flows import NO_FLOWS, FlowSet, gather, product
from scanner.network.intervals import Intervals, difference, intersection, union
from scanner.network.peers import ALL_ADDRESSES, PUBLIC, PUBLIC_V4, PUBLIC_V6, Peers
from scanner.network.rules import Group, Rule
from scanner.network.services import Direction, all_services


class Mode(StrEnum):
    """How the documented set and the actual one relate."""

    EXACTLY = "exactly"
    AT_MOST = "at_most"
    AT_LEAST = "at_least"


class Sort(StrEnum):
    """What a difference is: a flow that no document lists, or one that no rule allows."""

    UNEXPECTED = "unexpected"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class Difference:
    """One flow in which document and rules differ, or may differ.

    certain     whether it is so; otherwise `unknown` says why nobody can tell (None: an earlier rule or the limits
                of a rule leave it open)
    part        the flows that it is about
    rule        the line that allows them, for an unexpected flow
    documented  the documented flow, for a missing one
    severity    what the document says about this very flow, if anything
    """

    sort: Sort
    direction: Direction
    certain: bool
    part: FlowSet
    rule: Rule | None = None
    documented: Documented | None = None
    unknown: Unknown | None = None
    severity: str | None = None


@dataclass(frozen=True, slots=True)
class Expectation:
    """What a document says of one direction of a group.

    `tolerated` may be allowed without being required; one that has a severity is not tolerated but reported with it.
    """

    direction: Direction
    mode: Mode
    flows: Sequence[Documented]
    tolerated: Sequence[Documented] = ()


def compare(group: Group, expectation: Expectation) -> list[Difference]:
    """Every unexpected and every missing flow, undecided ones included; empty where the group is as documented."""
    found: list[Difference] = []
    if expectation.mode is not Mode.AT_LEAST:
        found += _unexpected(group, expectation)
    if expectation.mode is not Mode.AT_MOST:
        found += _without_choice(list(_missing(group, expectation)), expectation)
    return found


def _without_choice(missing: list[Difference], expectation: Expectation) -> list[Difference]:
    """Where nothing of a choice is allowed, its flows are missing like any other."""
    lacking = {id(found.documented) for found in missing if found.certain}
    left = {flow.choice for flow in expectation.flows if id(flow) not in lacking} | {None}
    return [
        replace(found, severity=None) if found.documented and found.documented.choice not in left else found
        for found in missing
    ]


def _unexpected(group: Group, expectation: Expectation) -> Iterator[Difference]:
    direction = expectation.direction
    listed = [*expectation.flows, *(flow for flow in expectation.tolerated if flow.severity is None)]
    most, least = _flows(listed)
    beyond = _beyond(group.somebody.one_way(direction), most)
    perhaps = beyond
    if group.somebody is not group.maybe or most is not least:
        perhaps = _beyond(group.maybe.one_way(direction), least)
    concerned = union(beyond.services(), perhaps.services())
    for grant in group.grants if concerned else ():
        rule = grant.rule
        if not intersection(rule.services, concerned):
            continue
        certain = grant.sure & beyond
        if certain:
            yield from _graded(Difference(Sort.UNEXPECTED, direction, True, certain, rule), expectation)
            continue
        doubtful = grant.maybe & perhaps
        if doubtful:
            reason = rule.unknown or _why_peers(listed)
            yield Difference(Sort.UNEXPECTED, direction, False, doubtful, rule, unknown=reason)
    if group.hidden:
        yield Difference(Sort.UNEXPECTED, direction, False, NO_FLOWS, unknown=group.hidden)


def _flows(listed: Sequence[Documented]) -> tuple[FlowSet, FlowSet]:
    """The documented flows at most and at least; the same object where every peer is certain."""
    most = gather((flow.services, flow.peers.maybe) for flow in listed)
    if all(flow.peers.sure is flow.peers.maybe for flow in listed):
        return most, most
    return most, gather((flow.services, flow.peers.sure) for flow in listed)


def _beyond(actual: FlowSet, documented: FlowSet) -> FlowSet:
    """What is allowed beyond the documented flows and everything that they include."""
    return actual - narrower(covered(documented), actual)


def _graded(found: Difference, expectation: Expectation) -> Iterator[Difference]:
    """An unexpected flow cut into the parts to which the document gives a severity of their own, and the rest."""
    left = found.part
    for flow in expectation.tolerated:
        if flow.severity is None:
            continue
        part = left & flow.maybe
        if part:
            left = left - part
            yield Difference(found.sort, found.direction, True, part, found.rule, severity=flow.severity)
    if left:
        yield Difference(found.sort, found.direction, True, left, found.rule)


def _why_peers(flows: Iterable[Documented]) -> Unknown | None:
    return next((flow.peers.unknown for flow in flows if flow.peers.unknown), None)


def _missing(group: Group, expectation: Expectation) -> Iterator[Difference]:
    wanted = gather((flow.services, flow.peers.maybe) for flow in expectation.flows)
    never = wanted - narrower(covered(group.maybe), wanted)
    perhaps_not = never
    if group.sure is not group.maybe:
        perhaps_not = wanted - narrower(covered(group.sure), wanted)
    concerned = union(never.services(), perhaps_not.services())
    for flow in expectation.flows:
        unbound = not flow.peers.maybe
        if not unbound and not intersection(flow.services, concerned):
            continue
        lacking = flow.sure & never
        if (lacking or unbound) and not group.hidden:
            yield Difference(Sort.MISSING, flow.direction, True, lacking, documented=flow, severity=flow.severity)
            continue
        doubtful = flow.maybe & perhaps_not
        if doubtful or unbound:
            reason = flow.peers.unknown or _why(group, doubtful) or group.hidden
            yield Difference(Sort.MISSING, flow.direction, False, doubtful, documented=flow, unknown=reason)


def _why(group: Group, doubtful: FlowSet) -> Unknown | None:
    """The reason of the rule that may allow the flow."""
    for grant in group.grants:
        if grant.rule.unknown and grant.maybe & doubtful:
            return grant.rule.unknown
    return None


def overlapping(group: Group, flows: Sequence[Documented]) -> Iterator[Difference]:
    """The rules that allow any part of these flows, certainly or perhaps."""
    listed = covered(gather((flow.services, flow.peers.maybe) for flow in flows))
    for grant in group.grants:
        certain = grant.sure & listed
        doubtful = grant.maybe & listed
        if certain or doubtful:
            yield Difference(
                Sort.UNEXPECTED, grant.rule.direction, bool(certain), certain or doubtful, grant.rule,
                unknown=None if certain else grant.rule.unknown,
            )  # fmt: skip


def open_services(flows: FlowSet) -> tuple[Intervals, Intervals]:
    """The services that are allowed with the whole internet, over IPv4 and over IPv6."""
    tagged = flows.at(INTERNET)
    return union(everywhere(flows, PUBLIC_V4), tagged), union(everywhere(flows, PUBLIC_V6), tagged)


def open_flows(group: Group, direction: Direction, accepted: FlowSet, wanted: Intervals) -> Iterator[Difference]:
    """The rules by which the whole internet has flows that are not accepted, as far as they are `wanted` services."""
    asked = intersection(wanted, all_services(direction))
    certain = _open_beyond(group.sure, accepted, asked)
    doubtful = difference(_open_beyond(group.maybe, accepted, asked), certain)
    for services, sure in ((certain, True), (doubtful, False)):
        for rule, part in _openers(group, direction, services, accepted, sure=sure) if services else ():
            yield Difference(Sort.UNEXPECTED, direction, sure, part, rule, unknown=None if sure else rule.unknown)


def _open_beyond(flows: FlowSet, accepted: FlowSet, asked: Intervals) -> Intervals:
    """The services open to the internet over either version of IP that are not accepted for that version."""
    beyond = [
        difference(open_, taken) for open_, taken in zip(open_services(flows), open_services(accepted), strict=True)
    ]
    return intersection(union(*beyond), asked)


def _openers(
    group: Group, direction: Direction, services: Intervals, accepted: FlowSet, *, sure: bool
) -> list[tuple[Rule, FlowSet]]:
    """The rules that open services by themselves, or, where only several together do, all of those."""
    outside = product(services, Peers(PUBLIC, frozenset([INTERNET])))
    alone: list[tuple[Rule, FlowSet]] = []
    together: list[tuple[Rule, FlowSet]] = []
    for grant in group.grants:
        flows = (grant.sure if sure else grant.maybe) - accepted
        if grant.rule.direction is not direction or not flows & outside:
            continue
        part = flows & product(services, Peers(ALL_ADDRESSES, frozenset([INTERNET])))
        together.append((grant.rule, part))
        if intersection(union(*open_services(flows)), services):
            alone.append((grant.rule, part))
    return alone or together
