"""Who reaches whom: a graph of groups, with an arrow wherever the sending side and the receiving side both allow it.

What wears a security group may have any private address unless its subnets are known, so a rule for a private network
counts as letting through every group. That errs on the side of more reachability, never of less.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from heapq import heappop, heappush
from itertools import count
from typing import Final, NamedTuple, TypeAlias

from scanner.model.value import MASK
from scanner.network.coverage import LOAD_BALANCER, VIRTUAL_NETWORK, anywhere
from scanner.network.intervals import EMPTY, Intervals, difference, intersection, union, union_all
from scanner.network.peers import NOBODY, PUBLIC, Kind, Label, Name, Peers, describe, own_text
from scanner.network.rules import Group
from scanner.network.services import Direction, all_services, mirrored

INTERNET: Final = Peers(PUBLIC, kinds=frozenset({Kind.TAG, Kind.PREFIX_LIST}))
_MOST_TRIES: Final = 20_000
_NEVER_INTERNET: Final = frozenset({VIRTUAL_NETWORK, LOAD_BALANCER})


@dataclass(slots=True, eq=False)
class Node:
    """A place in the graph: a group, a peer outside of it, or all groups that let private addresses in.

    Every place is one object: nodes are compared by identity.
    """

    label: str
    group: int = -1
    inside: Intervals = EMPTY
    peers: Peers = NOBODY


class Step(NamedTuple):
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
    by_address = anywhere(group.maybe, peer.addresses) if peer.addresses else group.inside
    found = union(union(group.maybe.at(peer.name), by_address), group.maybe.at(VIRTUAL_NETWORK))
    return intersection(found, all_services(direction))


def _wide(group: Group, direction: Direction) -> Intervals:
    """What is let through with private addresses."""
    return intersection(group.inside, all_services(direction))


@dataclass
class Graph:
    """The groups of an inventory as nodes; arrows are worked out when they are asked for."""

    groups: Sequence[Group]
    label: Label = own_text
    _nodes: list[Node] = field(init=False)
    _number: dict[Name, int] = field(init=False)
    _admitting: dict[Name, list[int]] = field(init=False, default_factory=dict)
    _by_inside: dict[Intervals, list[int]] = field(init=False, default_factory=dict)
    _hubs: dict[Intervals, Node] = field(init=False, default_factory=dict)
    _leaving: dict[Node, list[Step]] = field(init=False, default_factory=dict)
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
            inside = _wide(group, Direction.INGRESS)
            if inside:
                self._by_inside.setdefault(inside, []).append(at)
        self._hubs = {inside: Node("private addresses", inside=inside) for inside in self._by_inside}

    def node(self, group: Group) -> Node:
        """The node of a group."""
        return self._nodes[self._number[group.name]]

    def entries(self, source: Peers) -> Iterator[Step]:
        """The arrows from peers outside straight into groups: one for each text of a peer that some of them fit."""
        for at, group in enumerate(self.groups):
            found: dict[Peers, list[Intervals]] = {}
            hidden: set[Peers] = set()
            for grant in group.grants:
                rule = grant.rule
                if rule.direction is Direction.INGRESS and _meets(rule.peers, source) and grant.maybe:
                    services = grant.maybe.services() if rule.priority else rule.services
                    found.setdefault(rule.peers, []).append(services)
                    if rule.sensitive:
                        hidden.add(rule.peers)
            for peers, sets in found.items():
                label = MASK if peers in hidden else describe(peers, self.label)
                yield Step(Node(label, peers=peers), self._nodes[at], union_all(sets))

    def successors(self, node: Node) -> list[Step]:
        """The arrows that leave a node."""
        if node not in self._leaving:
            self._leaving[node] = list(self._successors(node))
        return self._leaving[node]

    def _successors(self, node: Node) -> Iterator[Step]:
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
        out = mirrored(_wide(group, Direction.EGRESS))
        for inside, hub in self._hubs.items() if out else ():
            services = intersection(inside, out)
            if services:
                yield Step(node, hub, services)

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

    def reach(self, starts: Sequence[Step]) -> Reach:
        """Every node that can be reached from the starts."""
        arrivals: dict[Node, list[Step]] = {}
        distance: dict[Node, int] = {}
        queue: deque[Node] = deque()
        for step in starts:
            arrivals.setdefault(step.target, []).append(step)
            if step.target not in distance:
                distance[step.target] = 1
                queue.append(step.target)
        while queue:
            here = queue.popleft()
            for step in self.successors(here):
                arrivals.setdefault(step.target, []).append(step)
                if step.target not in distance:
                    distance[step.target] = distance[here] + 1
                    queue.append(step.target)
        return Reach(arrivals, distance, _entrances(starts))


def _entrances(starts: Sequence[Step]) -> dict[Node, _Entrance]:
    entering: dict[Node, list[Step]] = {}
    for step in starts:
        entering.setdefault(step.target, []).append(step)
    peers = {step.source.peers for step in starts}
    return {
        node: _Entrance(steps, all(any(_covers(step.source.peers, one) for step in steps) for one in peers))
        for node, steps in entering.items()
    }


@dataclass(frozen=True, slots=True)
class _Entrance:
    """The arrows from outside to a node, and whether everybody who starts anywhere can start here as well."""

    steps: Sequence[Step]
    for_all: bool

    def admits(self, peers: Peers, services: Intervals = EMPTY) -> bool:
        """Whether some peers come in here directly, with at least these services."""
        return any(_covers(step.source.peers, peers) and not difference(services, step.services) for step in self.steps)


def _covers(wide: Peers, narrow: Peers) -> bool:
    """Whether one set of peers certainly includes another."""
    return (
        not difference(narrow.addresses, wide.addresses)
        and narrow.kinds <= wide.kinds
        and all(name in wide.names or name.kind in wide.kinds for name in narrow.names)
    )


@dataclass(frozen=True, slots=True)
class Reach:
    """What can be reached: the arrows that lead to every such node, and the least number of them on the way there.

    Arrows come in the order of their source's distance.
    """

    arrivals: Mapping[Node, Sequence[Step]]
    distance: Mapping[Node, int]
    entrances: Mapping[Node, _Entrance]

    def paths(self, target: Node, limit: int = 100) -> Paths:
        """The ways to a node that pass no node twice, shortest first, at most `limit` of them.

        A way through a node into which its source comes directly says nothing new and is left out; so is one that
        reaches the target with nothing but what its source has there directly.
        """
        order = count()
        queue: list[_Waiting] = []
        self._wait(queue, order, (), target, 0)
        found: list[tuple[Step, ...]] = []
        tries = 0
        while queue and len(found) < limit and tries < _MOST_TRIES:
            tries += 1
            _, _, rest, node, at = heappop(queue)
            step = self.arrivals[node][at]
            # Of the arrows to a node only the next best one waits, so that many neighbours cost no more than few.
            self._wait(queue, order, rest, node, at + 1)
            if step.source not in self.distance:
                if self._is_new(step.source.peers, (step, *rest)):
                    found.append((step, *rest))
            elif self._leads_further(step, rest):
                self._wait(queue, order, (step, *rest), step.source, 0)
        return Paths(tuple(found), not queue)

    def _wait(self, queue: list[_Waiting], order: Iterator[int], rest: tuple[Step, ...], node: Node, at: int) -> None:
        """Queues the arrow number `at` to a node, which the rest of a way leaves."""
        arrows = self.arrivals.get(node, ())
        if at < len(arrows):
            least = 1 + self.distance.get(arrows[at].source, 0) + len(rest)
            heappush(queue, (least, next(order), rest, node, at))

    def _leads_further(self, step: Step, rest: tuple[Step, ...]) -> bool:
        """Whether a way may go back beyond an arrow: not in a ring, and not past a node where everybody enters."""
        if step.source is step.target or any(step.source is later.target for later in rest):
            return False
        entrance = self.entrances.get(step.target) if rest else None
        return entrance is None or not entrance.for_all

    def _is_new(self, peers: Peers, path: tuple[Step, ...]) -> bool:
        """Whether a whole way is no longer version of another."""
        passed = [self.entrances.get(step.target) for step in path[1:-1]]
        if any(entrance is not None and entrance.admits(peers) for entrance in passed):
            return False
        last = self.entrances.get(path[-1].target) if len(path) > 1 else None
        return last is None or not last.admits(peers, path[-1].services)


_Waiting: TypeAlias = tuple[int, int, tuple[Step, ...], Node, int]
"""The least length of the whole way, the order of queueing, the rest of the way, and an arrow to where that begins."""


def _is_located(group: Group) -> bool:
    return group.resource.type.startswith("azurerm_")


def _meets(peers: Peers, source: Peers) -> bool:
    """Whether two sets of peers may have a member in common."""
    if intersection(peers.addresses, source.addresses) or peers.names & source.names or peers.kinds & source.kinds:
        return True
    return any(name.kind in source.kinds and name not in _NEVER_INTERNET for name in peers.names) or any(
        name.kind in peers.kinds for name in source.names
    )
