"""The network as a whole against a baseline: every group with its documented and its actual flows side by side."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from scanner.errors import BindingError
from scanner.model.location import Location
from scanner.model.resource import Resource
from scanner.model.rule import Text
from scanner.model.value import Unknown
from scanner.model.words import both
from scanner.network.compare import Difference, Expectation, Sort
from scanner.network.documented import Documented
from scanner.network.flows import product
from scanner.network.inventory import TYPES, Groups
from scanner.network.peers import Label, Name, own_text
from scanner.network.rules import Group, Rule
from scanner.network.services import Direction
from scanner.policy.baseline import Baseline, Requirement
from scanner.policy.bind import Binder
from scanner.policy.flow_checks import Case, asked
from scanner.policy.flow_words import flow_text
from scanner.policy.params import fill
from scanner.policy.structures import literal
from scanner.policy.world import World

POLICY = "network-flows"


class State(StrEnum):
    """How one flow stands to the document."""

    SAME = "same"
    TOLERATED = "tolerated"
    UNEXPECTED = "unexpected"
    MISSING = "missing"
    UNKNOWN = "unknown"
    NOT_DOCUMENTED = "not_documented"


@dataclass(slots=True, frozen=True)
class Row:
    """One flow of a group: what the document says, what the rules say, and how they differ; neither is "nothing".

    NOT_DOCUMENTED is a flow in a direction, or of a group, about which no requirement says anything.
    """

    direction: Direction
    documented: str | None
    actual: str | None
    state: State
    location: Location | None = None
    requirement: str | None = None
    reason: Text | None = None


@dataclass(slots=True)
class GroupFlows:
    """A group with the component that it is, if any, and its rows."""

    group: Group
    component: str | None
    title: Text | None
    rows: list[Row] = field(default_factory=list)
    differences: list[Difference] = field(default_factory=list)


@dataclass(slots=True)
class FlowView:
    """All groups, those of components first and in the baseline's order; `absent` are components without a group."""

    groups: list[GroupFlows]
    absent: list[str]
    names: Mapping[Name, str]

    def label(self, name: Name) -> str:
        """A peer by its component, else as it is written."""
        return self.names.get(name, name.text)


def flows_alone(world: World) -> FlowView:
    """The view without a baseline: what the rules say."""
    groups = world.kept(Groups).every()
    several = len({group.resource.root for group in groups}) > 1
    names = {group.name: f"{group.resource.root}//{group.resource.address}" for group in groups} if several else {}
    return _completed(world, [], [], names)


def flows_of(baseline: Baseline, world: World, binder: Binder, scope: Mapping[str, Any]) -> FlowView:
    """The view of a baseline's components and of every other group."""
    bound: list[tuple[str, Resource]] = []
    absent: list[str] = []
    for name, component in baseline.components.items():
        if set(component.types) & set(TYPES):
            members = _members(binder, name)
            bound += [(name, resource) for resource in members]
            if not members:
                absent.append(name)
    groups = world.kept(Groups)
    found = [(name, group) for name, resource in bound if (group := groups.of(resource)) is not None]
    names = {group.name: name for name, group in found}
    views = [_view(world, baseline, scope, name, group, names) for name, group in found]
    return _completed(world, views, absent, names)


def _members(binder: Binder, name: str) -> list[Resource]:
    """The resources of a component; none where it is ambiguous, which every requirement on it says by itself."""
    try:
        return binder.members(name).certain
    except BindingError:
        return []


def _completed(world: World, views: list[GroupFlows], absent: list[str], names: Mapping[Name, str]) -> FlowView:
    shown = {id(view.group) for view in views}
    label = _labelled(names)
    for group in world.kept(Groups).every():
        if id(group) not in shown:
            rows = [row for direction in Direction for row in _undocumented(group, direction, label)]
            views.append(GroupFlows(group, None, None, rows))
    return FlowView(views, absent, names)


def _labelled(names: Mapping[Name, str]) -> Label:
    return lambda name: names.get(name) or own_text(name)


def _view(
    world: World, baseline: Baseline, scope: Mapping[str, Any], name: str, group: Group, names: Mapping[Name, str]
) -> GroupFlows:
    view = GroupFlows(group, name, baseline.components[name].title)
    case = Case.of(world.subject(group.resource, group.resource))
    assert case is not None
    told: set[Direction] = set()
    for requirement in baseline.requirements:
        if requirement.policy != POLICY or name not in requirement.components:
            continue
        arguments = {**baseline.library.policy(POLICY).defaults(), **fill(dict(requirement.arguments), scope)}
        if arguments["mode"] != "exactly" or arguments["only_groups"]:
            continue
        wanted = asked(case, {key: literal(value) for key, value in arguments.items()})
        if isinstance(wanted, Unknown):
            continue
        for expectation in wanted.expectations:
            told.add(expectation.direction)
            differences = [found for found, of in wanted.differences() if of is expectation]
            view.differences += differences
            view.rows += _compared(requirement, group, expectation, differences, _labelled(names))
    for direction in Direction:
        if direction not in told:
            view.rows += _undocumented(group, direction, _labelled(names))
    return view


def _compared(
    requirement: Requirement, group: Group, expectation: Expectation, differences: Sequence[Difference], label: Label
) -> Iterator[Row]:
    """Documented flows first, then what is allowed besides."""
    missing = {id(found.documented): found for found in differences if found.sort is Sort.MISSING}
    if not expectation.flows and not differences:
        yield Row(expectation.direction, None, None, State.SAME, group.resource.location, requirement.id)
    for flow in expectation.flows:
        found = missing.get(id(flow))
        rule = _allowing(group, flow)
        state = State.SAME if found is None else State.MISSING if found.certain else State.UNKNOWN
        yield Row(
            flow.direction, flow.text(), rule.text(label) if rule and found is None else None, state,
            rule.location if rule else group.resource.location, requirement.id, _reason(found),
        )  # fmt: skip
    for flow in expectation.tolerated:
        rule = _allowing(group, flow) if flow.severity is None else None
        if rule is not None:
            yield Row(flow.direction, flow.text(), rule.text(label), State.TOLERATED, rule.location, requirement.id)
    for found in differences:
        if found.sort is Sort.UNEXPECTED:
            state = State.UNEXPECTED if found.certain else State.UNKNOWN
            location = found.rule.location if found.rule else group.resource.location
            text = flow_text(found, label).en or None
            yield Row(found.direction, None, text, state, location, requirement.id, _reason(found))


def _reason(found: Difference | None) -> Text | None:
    return both(found.unknown.detail) if found is not None and found.unknown is not None else None


def _allowing(group: Group, flow: Documented) -> Rule | None:
    """The first rule that certainly allows some of a flow."""
    return next((grant.rule for grant in group.grants if grant.sure & flow.sure), None)


def _undocumented(group: Group, direction: Direction, label: Label) -> Iterator[Row]:
    """What is allowed in a direction that no requirement speaks of."""
    for grant in group.grants:
        rule = grant.rule
        if rule.direction is not direction or not grant.maybe:
            continue
        part = grant.maybe if rule.priority else product(rule.services, rule.peers)
        text = rule.text(label, part)
        state = State.UNKNOWN if rule.unknown else State.NOT_DOCUMENTED
        reason = both(rule.unknown.detail) if rule.unknown else None
        yield Row(direction, None, text, state, rule.location, None, reason)
