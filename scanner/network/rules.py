"""Rules and groups: what readers make of security groups, NSGs, network ACLs and NetworkPolicies."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from scanner.model.location import Location
from scanner.model.resource import Resource
from scanner.model.value import MASK, Unknown, Value
from scanner.network.coverage import VIRTUAL_NETWORK, anywhere, covered, touching
from scanner.network.flows import NO_FLOWS, Flow, FlowSet, gather, product, union_of
from scanner.network.intervals import Intervals, union
from scanner.network.peers import PRIVATE, Label, Name, Peers, own_text
from scanner.network.services import Direction

LAST_PRIORITY: Final = 1 << 16


@dataclass(slots=True, eq=False)
class Rule:
    """One line of a rule: services, with one peer as it is written.

    resource   the resource that it is written in: the group or a rule resource
    path       its place in that resource (`ingress[0]`), empty for a rule resource
    services, peers   what it speaks of; where `unknown` is set, everything that it may speak of
    unknown    why it is not known what it says, or whether it exists at all
    whole      it holds for the whole group, not for single members or source ports only
    priority   lower ones decide first; it only matters where rules may deny; None where it is not known
    peer, parts   the values of its peer and of its services, for their provenance; `peer_path` is the former's place
    """

    resource: Resource
    path: str
    direction: Direction
    services: Intervals
    peers: Peers
    location: Location | None
    unknown: Unknown | None = None
    whole: bool = True
    allow: bool = True
    priority: int | None = 0
    name: str = ""
    peer: Value | None = None
    peer_path: str = ""
    parts: tuple[Value, ...] = ()
    built_in: bool = False

    @property
    def place(self) -> str:
        """The path of the attribute that names its peer, in its resource."""
        return f"{self.path}.{self.peer_path}".strip(".")

    @property
    def sensitive(self) -> bool:
        """Whether what it says must not be printed."""
        return any(value.sensitive for value in self.parts) or (self.peer is not None and self.peer.sensitive)

    def text(self, label: Label = own_text, part: FlowSet | None = None) -> str:
        """What it says, or a part of that, for people."""
        if self.sensitive:
            return MASK
        if part is None:
            return Flow(self.direction, self.services, self.peers).text(label)
        return ", ".join(flow.text(label) for flow in part.flows())

    @property
    def flows(self) -> FlowSet:
        """What it speaks of, as a set."""
        return product(self.services, self.peers)


@dataclass(slots=True, frozen=True)
class Grant:
    """What an allowing rule really allows once earlier rules have decided: `sure` certainly, `maybe` at most."""

    rule: Rule
    sure: FlowSet
    maybe: FlowSet


@dataclass(eq=False)
class Group:
    """A set of rules that are in force together, and the resource that stands for it.

    name    the name by which rules of other groups speak of it
    hidden  why there may be further rules than these
    addresses   the addresses of what wears the group, where they are known
    """

    resource: Resource
    name: Name
    rules: Sequence[Rule]
    hidden: Unknown | None = None
    addresses: Intervals | None = None

    @cached_property
    def grants(self) -> Sequence[Grant]:
        """What each allowing rule really allows, in the order in which they decide."""
        return _effective(self.rules)

    @cached_property
    def sure(self) -> FlowSet:
        """What is certainly allowed for the whole group."""
        if self._plain:
            return self.maybe
        if not self._denies:
            return gather((rule.services, rule.peers) for rule in self.rules if rule.unknown is None and rule.whole)
        return union_of(grant.sure for grant in self.grants if grant.rule.whole)

    @cached_property
    def somebody(self) -> FlowSet:
        """What is certainly allowed for some of the group at least."""
        if self._plain:
            return self.maybe
        if not self._denies:
            return gather((rule.services, rule.peers) for rule in self.rules if rule.unknown is None)
        return union_of(grant.sure for grant in self.grants)

    @cached_property
    def inside(self) -> Intervals:
        """What is allowed, in either direction, with some private address or the virtual network."""
        return union(anywhere(self.maybe, PRIVATE), self.maybe.at(VIRTUAL_NETWORK))

    @cached_property
    def maybe(self) -> FlowSet:
        """What is allowed at most, as far as the rules that were read say."""
        if not self._denies:
            return gather((rule.services, rule.peers) for rule in self.rules)
        return union_of(grant.maybe for grant in self.grants)

    @cached_property
    def _plain(self) -> bool:
        """Whether every rule is known, allows, and holds for the whole group."""
        return all(rule.unknown is None and rule.whole and rule.allow for rule in self.rules)

    @cached_property
    def _denies(self) -> bool:
        return any(not rule.allow for rule in self.rules)


def _effective(rules: Sequence[Rule]) -> list[Grant]:
    """Lower priorities decide first; a flow that a rule denies is not allowed by a later one."""
    if all(rule.allow for rule in rules):
        return [Grant(rule, NO_FLOWS if rule.unknown else flows, flows) for rule in rules for flows in [rule.flows]]
    return [grant for direction in Direction for grant in _decide(in_order(rules, direction))]


def in_order(rules: Iterable[Rule], direction: Direction) -> list[Rule]:
    """The rules of a direction in the order in which they decide; those without a known place come last."""
    chosen = [rule for rule in rules if rule.direction is direction]
    return sorted(chosen, key=lambda rule: LAST_PRIORITY if rule.priority is None else rule.priority)


def _decide(rules: Sequence[Rule]) -> list[Grant]:
    denied = NO_FLOWS
    perhaps = union_of(touching(rule.flows) for rule in rules if not rule.allow and rule.priority is None)
    grants: list[Grant] = []
    for rule in rules:
        flows = rule.flows
        known = rule.unknown is None and rule.priority is not None
        if rule.allow:
            # A rule without a known place may come before every denial.
            maybe = flows if rule.priority is None else flows - denied
            grants.append(Grant(rule, flows - perhaps if known else NO_FLOWS, maybe))
            continue
        perhaps |= touching(flows)
        if known and rule.whole:
            denied |= covered(flows)
    return grants
