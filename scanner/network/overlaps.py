"""Rules that say what others say already, that never decide, or that nothing uses."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations

from scanner.network.attachments import Attachments
from scanner.network.coverage import covered, touching
from scanner.network.flows import NO_FLOWS, FlowSet
from scanner.network.intervals import intersection, spans
from scanner.network.peers import Kind, Name
from scanner.network.reachability import lets_through
from scanner.network.rules import Group, Rule, in_order
from scanner.network.services import Direction, mirrored


class Sort(StrEnum):
    """What is remarkable about a rule."""

    OVERLAPPING = "overlapping"
    SHADOWED = "shadowed"
    UNUSED = "unused"


class Why(StrEnum):
    """Why a rule is unused, shadowed or overlapping."""

    SAME = "another rule says the same in part"
    CONTAINED = "another rule says all of it"
    DENIED = "earlier rules deny all of it"
    ALLOWED = "earlier rules allow all of it"
    DECIDED = "earlier rules decide all of it"
    NO_WEARER = "nothing wears the group"
    NO_PEER = "nothing wears the peer's group"
    NO_COUNTERPART = "the peer's group does not let it through"


@dataclass(frozen=True, slots=True)
class Remark:
    """One remarkable rule; `others` are the rules that make it so, `part` the flows concerned."""

    sort: Sort
    why: Why
    group: Group
    rule: Rule
    others: tuple[Rule, ...] = ()
    part: FlowSet = NO_FLOWS


def remarks(groups: Sequence[Group], worn: Attachments) -> Iterator[Remark]:
    """Everything remarkable, group by group. Rules that are not fully known are left out."""
    names = {group.name: group for group in groups}
    for group in groups:
        for direction in Direction:
            rules = [rule for rule in in_order(group.rules, direction) if rule.unknown is None and not rule.built_in]
            shadowed = list(_shadowed(group, rules))
            yield from shadowed
            hidden = {id(remark.rule) for remark in shadowed}
            yield from _overlapping(group, [rule for rule in rules if id(rule) not in hidden])
            yield from (remark for rule in rules for remark in _unused(group, rule, names, worn))


def _shadowed(group: Group, rules: Sequence[Rule]) -> Iterator[Remark]:
    """Rules that never decide. It takes an order: rules of a security group only add up, none hides another."""
    if len({rule.priority for rule in rules}) < 2:
        return
    earlier: list[Rule] = []
    allowed = denied = NO_FLOWS
    for rule in rules:
        if rule.priority is None:
            continue
        flows = rule.flows
        if flows and flows <= covered(allowed | denied):
            others = tuple(other for other in earlier if touching(other.flows) & flows)
            if flows <= covered(denied - allowed):
                why = Why.DENIED
            else:
                why = Why.ALLOWED if flows <= covered(allowed - denied) else Why.DECIDED
            yield Remark(Sort.SHADOWED, why, group, rule, others, flows)
        if rule.whole:
            new = flows - (allowed | denied)
            allowed, denied = (allowed | new, denied) if rule.allow else (allowed, denied | new)
            earlier.append(rule)


def _overlapping(group: Group, rules: Sequence[Rule]) -> Iterator[Remark]:
    """Pairs of rules with the same effect that share flows; the later one, or the one that is contained, is named."""
    for one, other in _meeting(rules):
        if one.allow is not other.allow or (one.resource is other.resource and one.path == other.path):
            continue
        part = one.flows & other.flows
        if not part:
            continue
        if one.flows <= other.flows and not other.flows <= one.flows:
            one, other = other, one
        why = Why.CONTAINED if other.flows <= one.flows else Why.SAME
        yield Remark(Sort.OVERLAPPING, why, group, other, (one,), part)


def _meeting(rules: Sequence[Rule]) -> Iterator[tuple[Rule, Rule]]:
    """Pairs of rules whose peers and services have something in common, found by sweeping instead of by trying all."""
    met: set[tuple[int, int]] = set()
    for pairs in (_by_address(rules), _by_name(rules)):
        for one, other in pairs:
            pair = (min(one, other), max(one, other))
            if pair not in met and intersection(rules[one].services, rules[other].services):
                met.add(pair)
                yield rules[pair[0]], rules[pair[1]]


def _by_address(rules: Sequence[Rule]) -> Iterator[tuple[int, int]]:
    starts = sorted((first, last, at) for at, rule in enumerate(rules) for first, last in spans(rule.peers.addresses))
    open_: list[tuple[int, int]] = []
    for first, last, at in starts:
        open_ = [(end, other) for end, other in open_ if end >= first]
        yield from ((other, at) for _, other in open_ if other != at)
        open_.append((last, at))


def _by_name(rules: Sequence[Rule]) -> Iterator[tuple[int, int]]:
    by_name: dict[Name, list[int]] = {}
    by_kind: dict[Kind, list[int]] = {}
    for at, rule in enumerate(rules):
        for name in rule.peers.names:
            by_name.setdefault(name, []).append(at)
        for kind in rule.peers.kinds:
            by_kind.setdefault(kind, []).append(at)
    for name, same in by_name.items():
        yield from combinations(sorted(set(same + by_kind.get(name.kind, []))), 2)
    for same in by_kind.values():
        yield from combinations(same, 2)


def _unused(group: Group, rule: Rule, names: dict[Name, Group], worn: Attachments) -> Iterator[Remark]:
    """A rule of a group that nothing wears, or one that the group at the other end makes pointless."""
    if worn.unsure or group.name.kind is not Kind.GROUP:
        return
    if not worn.of(group):
        yield Remark(Sort.UNUSED, Why.NO_WEARER, group, rule, part=rule.flows)
        return
    for name in rule.peers.names:
        peer = names.get(name)
        if peer is None:
            continue
        if not worn.of(peer):
            yield Remark(Sort.UNUSED, Why.NO_PEER, group, rule, part=rule.flows)
        elif peer.hidden is None and not intersection(
            mirrored(rule.services), lets_through(peer, group, rule.direction.reverse)
        ):
            yield Remark(Sort.UNUSED, Why.NO_COUNTERPART, group, rule, part=rule.flows)
