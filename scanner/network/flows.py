"""Sets of flows: which services are allowed between a group and which peers.

A set maps every peer to the services allowed with it: a step function over addresses, one set of services for each
name, and one for all other names of a kind. The form is canonical, so equal sets of flows compare equal.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from scanner.network.intervals import (
    EMPTY,
    Intervals,
    Operation,
    Steps,
    combine_steps,
    difference,
    intersection,
    mapped,
    overlay,
    segments,
    steps,
    union,
    union_all,
    where,
)
from scanner.network.peers import Kind, Label, Name, Peers, describe, own_text
from scanner.network.services import Direction, all_services
from scanner.network.services import describe as describe_services


@dataclass(frozen=True, slots=True)
class Flow:
    """A rectangle of a set: these services with these peers, in one direction."""

    direction: Direction
    services: Intervals
    peers: Peers

    def text(self, label: Label = own_text) -> str:
        """For people: `tcp 443 from 0.0.0.0/0`."""
        way = "from" if self.direction is Direction.INGRESS else "to"
        return f"{describe_services(self.services)} {way} {describe(self.peers, label)}"


@dataclass(frozen=True, slots=True)
class FlowSet:
    """A set of flows. `names` holds only what differs from `rest`, which speaks of all other names of a kind."""

    addresses: Steps = ()
    names: Mapping[Name, Intervals] = field(default_factory=dict)
    rest: Mapping[Kind, Intervals] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.addresses or self.names or self.rest)

    def at(self, name: Name) -> Intervals:
        """The services allowed with a name."""
        found = self.names.get(name)
        return self.rest.get(name.kind, EMPTY) if found is None else found

    def __or__(self, other: FlowSet) -> FlowSet:
        return _combine(self, other, union) if self and other else self or other

    def __and__(self, other: FlowSet) -> FlowSet:
        if not self or not other:
            return NO_FLOWS
        return _combine(self, other, intersection) if self.rest or other.rest else _within(self, other, intersection)

    def __sub__(self, other: FlowSet) -> FlowSet:
        if not self or not other:
            return self
        return _combine(self, other, difference) if self.rest else _within(self, other, difference)

    def __le__(self, other: FlowSet) -> bool:
        return not self - other

    def services(self) -> Intervals:
        """Everything that is allowed with anybody."""
        values = [value for _, value in self.addresses]
        return union_all((*values, *self.names.values(), *self.rest.values()))

    def one_way(self, direction: Direction) -> FlowSet:
        """The part in one direction."""
        wanted = all_services(direction)
        rest = {kind: left for kind, value in self.rest.items() if (left := intersection(value, wanted))}
        names = {
            name: left
            for name, value in self.names.items()
            if (left := intersection(value, wanted)) != rest.get(name.kind, EMPTY)
        }
        return FlowSet(mapped(self.addresses, wanted), names, rest)

    def flows(self) -> Iterator[Flow]:
        """The set as rectangles: peers with the same services together, one direction at a time."""
        for direction in Direction:
            yield from _rectangles(self.one_way(direction), direction)


NO_FLOWS: Final = FlowSet()


def product(services: Intervals, peers: Peers) -> FlowSet:
    """These services with each of these peers."""
    if not services or not peers:
        return NO_FLOWS
    names = {name: services for name in peers.names if name.kind not in peers.kinds}
    return FlowSet(steps(peers.addresses, services), names, dict.fromkeys(peers.kinds, services))


def gather(pairs: Iterable[tuple[Intervals, Peers]]) -> FlowSet:
    """The union of many products, quicker than one by one."""
    by_addresses: dict[Intervals, list[Intervals]] = {}
    by_name: dict[Name, list[Intervals]] = {}
    by_kind: dict[Kind, list[Intervals]] = {}
    for services, peers in pairs:
        if peers.addresses:
            by_addresses.setdefault(peers.addresses, []).append(services)
        for name in peers.names:
            by_name.setdefault(name, []).append(services)
        for kind in peers.kinds:
            by_kind.setdefault(kind, []).append(services)
    rest = {kind: value for kind, sets in by_kind.items() if (value := union_all(sets))}
    names = {}
    for name, sets in by_name.items():
        base = rest.get(name.kind, EMPTY)
        value = union_all((*sets, base))
        if value != base:
            names[name] = value
    return FlowSet(overlay((over, union_all(sets)) for over, sets in by_addresses.items()), names, rest)


def union_of(sets: Iterable[FlowSet]) -> FlowSet:
    """The flows of any of the sets."""
    level = [flows for flows in sets if flows]
    while len(level) > 1:
        merged = [one | other for one, other in zip(level[::2], level[1::2], strict=False)]
        level = merged + level[len(merged) * 2 :]
    return level[0] if level else NO_FLOWS


def _combine(one: FlowSet, other: FlowSet, operation: Operation) -> FlowSet:
    rest: dict[Kind, Intervals] = {}
    for kind in one.rest.keys() | other.rest.keys():
        value = operation(one.rest.get(kind, EMPTY), other.rest.get(kind, EMPTY))
        if value:
            rest[kind] = value
    names: dict[Name, Intervals] = {}
    for name in one.names.keys() | other.names.keys():
        value = operation(one.at(name), other.at(name))
        if value != rest.get(name.kind, EMPTY):
            names[name] = value
    return FlowSet(combine_steps(one.addresses, other.addresses, operation), names, rest)


def _within(one: FlowSet, other: FlowSet, operation: Operation) -> FlowSet:
    """As `_combine`, where only the names of `one` can be left over: quick where it is the smaller set."""
    names = {name: left for name, value in one.names.items() if (left := operation(value, other.at(name)))}
    return FlowSet(combine_steps(one.addresses, other.addresses, operation), names)


def _rectangles(flows: FlowSet, direction: Direction) -> Iterator[Flow]:
    groups: dict[Intervals, None] = {value: None for _, _, value in segments(flows.addresses)}
    groups.update(dict.fromkeys(value for value in (*flows.names.values(), *flows.rest.values()) if value))
    for services in sorted(groups):
        peers = Peers(
            where(flows.addresses, services),
            frozenset(name for name, value in flows.names.items() if value == services),
            frozenset(kind for kind, value in flows.rest.items() if value == services),
        )
        yield Flow(direction, services, peers)
