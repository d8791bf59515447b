"""Who reaches whom: a graph of groups, with an arrow wherever the sending side and the receiving side both allow it.

What wears a security group may have any private address unless its subnets are known, so a rule for a private network
counts as letting through every group. That errs on the side of more reachability, never of less.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from scanner.network.coverage import LOAD_BALANCER, VIRTUAL_NETWORK, anywhere
from scanner.network.flows import FlowSet
from scanner.network.intervals import EMPTY, Intervals, intersection, union, union_all
from scanner.network.peers import PRIVATE, PUBLIC, Kind, Label, Name, Peers, describe, own_text
from scanner.network.rules import Group
from scanner.network.services import Direction, all_services, mirrored

INTERNET: Final = Peers(PUBLIC, kinds=frozenset({Kind.TAG, Kind.PREFIX_LIST}))
_NEVER_INTERNET: Final = frozenset({VIRTUAL_NETWORK, LOAD_BALANCER})


@dataclass(frozen=True, slots=True)
class Node:
    """A place in the graph: a group, a peer outside of it, or all groups that let private addresses in."""

    label: str
    group: int = -1
    inside: Intervals = EMPTY


@dataclass(frozen=True, slots=True)
class Step:
    """One arrow: what the target may receive from the source."""

    source: Node
    target: Node
    services: Intervals


@dataclass(frozen=True, slots=True)
class Paths:
    """The ways from a peer to a group, shortest first; `complete` is false where there are more than were asked for."""

    found: tuple[tuple[Step, ...], ...]
    complete: bool


def lets_through(group: Group, peer: Group, direction: Direction) -> Intervals:
    """What a group's own rules may let through from or to another group, in one direction."""
    flows = group.maybe
    found = union(flows.at(peer.name), anywhere(flows, peer.addresses or PRIVATE))
    return intersection(union(found, flows.at(VIRTUAL_NETWORK)), all_services(direction))


def _wide(flows: FlowSet, direction: Direction) -> Intervals:
    """What is let through with private addresses."""
    return intersection(anywhere(flows, PRIVATE), all_services(direction))


@dataclass
class Graph:
    """The groups of an inventory as nodes; arrows are worked out when they are asked for."""

    groups: Sequence[Group]
    label: Label = own_text
    _nodes: list[Node] = field(init=False)
    _number: dict[Name, int] = field(init=False)
    _admitting: dict[Name, list[int]] = field(init=False, default_factory=dict)
    _by_inside: dict[Intervals, list[int]] = field(init=False, default_factory=dict)
    _located: list[int] = field(init=False, default_factory=list)

    def __post_init__(self) -> None:
        self._nodes = [Node(self.label(group.name), at) for at, group in enumerate(self.groups)]
        self._number = {group.name: at for at, group in enumerate(self.groups)}
        for at, group in enumerate(self.groups):
            if _is_located(group):
                self._located.append(at)
                continue
            for name, services in group.maybe.names.items():
                if intersection(services, all_services(Direction.INGRESS)):
                    self._admitting.setdefault(name, []).append(at)
            inside = _wide(group.maybe, Direction.INGRESS)
            if inside:
                self._by_inside.setdefault(inside, []).append(at)

    def node(self, group: Group) -> Node:
        """The node of a group."""
        return self._nodes[self._number[group.name]]

    def entries(self, source: Peers) -> Iterator[Step]:
        """The arrows from peers outside straight into groups: one for each text of a peer that some of them fit."""
        for at, group in enumerate(self.groups):
            found: dict[Peers, list[Intervals]] = {}
            for grant in group.grants:
                rule = grant.rule
                if rule.direction is Direction.INGRESS and _meets(rule.peers, source) and grant.maybe:
                    services = grant.maybe.services() if rule.priority else rule.services
                    found.setdefault(rule.peers, []).append(services)
            for peers, sets in found.items():
                yield Step(Node(describe(peers, self.label)), self._nodes[at], union_all(sets))

    def successors(self, node: Node) -> Iterator[Step]:
        """The arrows that leave a node."""
        if node.inside:
            for at in self._by_inside[node.inside]:
                yield Step(node, self._nodes[at], node.inside)
        elif node.group >= 0:
            group = self.groups[node.group]
            yield from self._located_successors(node, group) if _is_located(group) else self._named(node, group)

    def _named(self, node: Node, group: Group) -> Iterator[Step]:
        """Groups that are named by either side, then those that let private addresses in."""
        named = [self._number[name] for name in group.maybe.names if name in self._number]
        for at in dict.fromkeys([*self._admitting.get(group.name, ()), *named]):
            services = self._between(group, self.groups[at])
            if services and at != node.group:
                yield Step(node, self._nodes[at], services)
        out = mirrored(_wide(group.maybe, Direction.EGRESS))
        for inside in self._by_inside if out else ():
            services = intersection(inside, out)
            if services:
                yield Step(node, Node("private addresses", inside=inside), services)

    def _located_successors(self, node: Node, group: Group) -> Iterator[Step]:
        for at in self._located:
            services = self._between(group, self.groups[at])
            if services and at != node.group:
                yield Step(node, self._nodes[at], services)

    def _between(self, sender: Group, receiver: Group) -> Intervals:
        outward = lets_through(sender, receiver, Direction.EGRESS)
        if not outward:
            return EMPTY
        return intersection(lets_through(receiver, sender, Direction.INGRESS), mirrored(outward))

    def reached(self, starts: Sequence[Step]) -> dict[Node, list[Step]]:
        """Every node that can be reached, with the arrows that lead to it from other such nodes."""
        found: dict[Node, list[Step]] = {}
        queue: deque[Node] = deque()
        for step in starts:
            if step.target not in found:
                queue.append(step.target)
            found.setdefault(step.target, []).append(step)
        while queue:
            for step in self.successors(queue.popleft()):
                if step.target not in found:
                    found[step.target] = []
                    queue.append(step.target)
                found[step.target].append(step)
        return found

    def paths(self, starts: Sequence[Step], target: Node, limit: int = 100) -> Paths:
        """The ways from the starts to a node that pass no node twice, at most `limit` of them.

        A way that comes back to where another one enters adds nothing to that other one, and is left out.
        """
        arrivals = self.reached(starts)
        useful = _leading_to(target, arrivals)
        entered = {step.target for step in starts}
        leaving: dict[Node, list[Step]] = {}
        for node in useful:
            for step in arrivals.get(node, ()):
                if step.source in useful:
                    leaving.setdefault(step.source, []).append(step)
        queue: deque[tuple[Step, ...]] = deque((step,) for step in starts if step.target in useful)
        found: list[tuple[Step, ...]] = []
        while queue and len(found) < limit:
            path = queue.popleft()
            here = path[-1].target
            if here == target:
                found.append(path)
                continue
            passed = {step.source for step in path} | {here} | entered
            queue.extend((*path, step) for step in leaving.get(here, ()) if step.target not in passed)
        return Paths(tuple(found), not queue)


def _is_located(group: Group) -> bool:
    return group.resource.type.startswith("azurerm_")


def _meets(peers: Peers, source: Peers) -> bool:
    """Whether two sets of peers may have a member in common."""
    if intersection(peers.addresses, source.addresses) or peers.names & source.names or peers.kinds & source.kinds:
        return True
    return any(name.kind in source.kinds and name not in _NEVER_INTERNET for name in peers.names) or any(
        name.kind in peers.kinds for name in source.names
    )


def _leading_to(target: Node, arrivals: dict[Node, list[Step]]) -> set[Node]:
    """The nodes from which the target can be reached, itself included if anything reaches it."""
    useful = {target} if target in arrivals else set()
    queue = deque(useful)
    while queue:
        for step in arrivals.get(queue.popleft(), ()):
            if step.source not in useful and step.source in arrivals:
                useful.add(step.source)
                queue.append(step.source)
    return useful
