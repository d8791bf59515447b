"""What a picture of the network shows: boxes for groups and outside peers, arrows for what flows between them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, TypeAlias

from scanner.model.value import MASK
from scanner.network.compare import Difference, Sort
from scanner.network.flows import product
from scanner.network.intervals import Intervals, intersection, union_all
from scanner.network.inventory import by_name
from scanner.network.peers import Label, Name, Peers, describe, own_text
from scanner.network.reachability import lets_through
from scanner.network.rules import Group, Rule
from scanner.network.services import Direction, mirrored
from scanner.network.services import describe as describe_services


class State(StrEnum):
    """How an arrow relates to the document."""

    PLAIN = "plain"
    UNEXPECTED = "unexpected"
    UNDECIDED = "undecided"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class Box:
    """A group (`inside`) or somebody outside; `key` tells boxes with the same label apart."""

    key: str
    label: str
    inside: bool


@dataclass(frozen=True, slots=True)
class Arrow:
    """Who opens connections to whom, with which services."""

    source: Box
    target: Box
    services: str
    state: State = State.PLAIN


@dataclass(frozen=True, slots=True)
class Picture:
    """Everything that is drawn, in a stable order."""

    boxes: tuple[Box, ...]
    arrows: tuple[Arrow, ...]


_ORDER: Final = (State.UNEXPECTED, State.UNDECIDED, State.MISSING, State.PLAIN)


def picture(
    groups: Sequence[Group], label: Label = own_text, differences: Sequence[tuple[Group, Difference]] = ()
) -> Picture:
    """The picture of some groups: what their rules allow, marked by how it differs from the document."""
    names = by_name(groups)
    lines = [line for group in groups for line in _of_group(group, names, label, differences)]
    lines += [_missing(group, found, names, label) for group, found in differences if found.sort is Sort.MISSING]
    merged: dict[tuple[Box, Box, State], list[Intervals]] = {}
    for source, target, services, state in lines:
        merged.setdefault((source, target, state), []).append(services)
    arrows = [
        Arrow(source, target, describe_services(union_all(sets)), state)
        for (source, target, state), sets in merged.items()
    ]
    arrows.sort(key=lambda arrow: (arrow.source.label, arrow.target.label, _ORDER.index(arrow.state)))
    boxes = {_box(group, label): None for group in groups}
    boxes.update({box: None for arrow in arrows for box in (arrow.source, arrow.target)})
    return Picture(tuple(boxes), tuple(arrows))


def _box(group: Group, label: Label) -> Box:
    return Box(f"{group.name.root}\0{group.name.text}", label(group.name), True)


def _outside(text: str, direction: Direction) -> Box:
    """Somebody outside; who opens connections and who receives them are two boxes, at both ends of the picture."""
    return Box(f"{direction.value}\0{text}", text, False)


_Line: TypeAlias = "tuple[Box, Box, Intervals, State]"
"""Source, target, services and state: an arrow before arrows between the same boxes are taken together."""


def _of_group(
    group: Group, names: dict[Name, Group], label: Label, differences: Sequence[tuple[Group, Difference]]
) -> Iterator[_Line]:
    """The arrows that the rules of a group make; between two groups only the receiving side draws."""
    own = _box(group, label)
    wrong = {id(found.rule): found for of, found in differences if of is group and found.rule is not None}
    for grant in group.grants:
        rule = grant.rule
        state = _state(wrong.get(id(rule)), rule)
        known = [names[name] for name in rule.peers.names if name in names]
        for peer in known:
            services = _agreed(group, peer, rule) or (rule.services if state is not State.PLAIN else ())
            # Between two groups the receiving side draws the arrow, unless the sending side has something to say.
            if services and (rule.direction is Direction.INGRESS or state is not State.PLAIN):
                yield _arrow(rule.direction, own, _box(peer, label), services, state)
        rest = Peers(rule.peers.addresses, rule.peers.names - {peer.name for peer in known}, rule.peers.kinds)
        services = (grant.maybe & product(rule.services, rest)).services()
        if services:
            other = _outside(_peer_text(rule, rest, label), rule.direction)
            yield _arrow(rule.direction, own, other, services, state)


def _peer_text(rule: Rule, peers: Peers, label: Label) -> str:
    if rule.sensitive:
        return MASK
    return "an unknown peer" if rule.unknown else describe(peers, label)


def _arrow(direction: Direction, own: Box, other: Box, services: Intervals, state: State) -> _Line:
    source, target = (other, own) if direction is Direction.INGRESS else (own, other)
    return source, target, services, state


def _agreed(group: Group, peer: Group, rule: Rule) -> Intervals:
    """What both ends let through of a rule."""
    return intersection(rule.services, mirrored(lets_through(peer, group, rule.direction.reverse)))


def _state(found: Difference | None, rule: Rule) -> State:
    if found is None:
        return State.UNDECIDED if rule.unknown else State.PLAIN
    return State.UNEXPECTED if found.certain else State.UNDECIDED


def _missing(group: Group, found: Difference, names: dict[Name, Group], label: Label) -> _Line:
    flow = found.documented
    known = [names[name] for name in flow.peers.maybe.names if name in names] if flow else []
    other = _box(known[0], label) if known else _outside(flow.peer_text if flow else "?", found.direction)
    state = State.MISSING if found.certain else State.UNDECIDED
    return _arrow(found.direction, _box(group, label), other, flow.services if flow else (), state)
