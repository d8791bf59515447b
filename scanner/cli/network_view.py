"""What `asbuilt network` shows, worked out: flows by group, ways from a peer, and remarkable rules."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from scanner.errors import UsageError
from scanner.facts import load_facts
from scanner.model.inventory import Inventory, Level, Notification
from scanner.model.resource_type import Facts
from scanner.network.attachments import attachments
from scanner.network.compare import Difference
from scanner.network.documented import FlowError, parse_peer
from scanner.network.inventory import reachable_groups
from scanner.network.overlaps import Remark, remarks
from scanner.network.picture import Picture, picture
from scanner.network.reachability import INTERNET, Graph, Paths, Step
from scanner.network.rules import Group
from scanner.policy.baseline import Baseline, load_baseline
from scanner.policy.environments import of_environment
from scanner.policy.evaluate import bound
from scanner.policy.flow_view import FlowView, GroupFlows, flows_alone, flows_of
from scanner.policy.library import Library
from scanner.policy.world import World
from scanner.policy.yaml_nodes import nearest
from scanner.scan import Request, collect, project_base

_MOST_PATHS = 100


@dataclass(slots=True)
class Seen:
    """The network of some code.

    ways      the paths from `source` to every group that was asked for, by its label
    base      the directory that places are relative to
    """

    view: FlowView
    groups: list[Group]
    source: str
    ways: dict[str, Paths]
    remarks: list[Remark]
    baseline: str | None
    base: str
    notifications: list[Notification]

    @property
    def complete(self) -> bool:
        """Whether everything could be read."""
        return not any(item.level is Level.ERROR for item in self.notifications)

    def picture(self) -> Picture:
        """The groups and what flows between them."""
        return picture_of(self.view, self.groups)


def look(request: Request, source: str, targets: Sequence[str]) -> Seen:
    """Reads the code and works everything out.

    Raises UsageError for a peer or component that there is not, and what reading and binding raise.
    """
    facts = load_facts()
    base = project_base(request.paths)
    inventory = collect(request, base)
    if request.baselines:
        library = Library.load(None, facts, cache=request.cache)
        baseline = load_baseline(request.baselines[0], library, facts, cache=request.cache)
        world, view = documented_view(baseline, inventory, facts, request)
        name: str | None = baseline.id
    else:
        world = World(of_environment(inventory, None), facts)
        view, name = flows_alone(world), None
    groups = drawn_groups(world, view)
    ways = _ways(Graph(groups, view.label), groups, view, source, targets)
    found = list(remarks([shown.group for shown in view.groups], attachments(world.inventory)))
    return Seen(view, groups, source, ways, found, name, str(base), inventory.notifications)


def documented_view(baseline: Baseline, inventory: Inventory, facts: Facts, request: Request) -> tuple[World, FlowView]:
    """The flows of every group beside what a baseline says of them. Raises BindingError as binding does."""
    world, binder, scope = bound(baseline, inventory, facts, inputs=request.inputs, bindings=request.bindings)
    return world, flows_of(baseline, world, binder, scope)


def drawn_groups(world: World, view: FlowView) -> list[Group]:
    """The groups that have anything to show."""
    drawn = {item.group.resource for item in view.groups if item.rows or item.component}
    return [group for group in reachable_groups(world.inventory) if group.resource in drawn]


def picture_of(view: FlowView, groups: Sequence[Group], more: Sequence[tuple[Group, Difference]] = ()) -> Picture:
    """The groups and what flows between them, with the differences of the view and `more` marked."""
    drawn = {id(group.resource) for group in groups}
    shown = [item for item in view.groups if (item.rows or item.component) and id(item.group.resource) in drawn]
    differences = [(item.group, found) for item in shown for found in item.differences]
    return picture([item.group for item in shown], view.label, [*differences, *more])


def _ways(
    graph: Graph, groups: Sequence[Group], view: FlowView, source: str, targets: Sequence[str]
) -> dict[str, Paths]:
    labels = {view.label(group.name): group for group in groups}
    for target in targets:
        if target not in labels:
            raise UsageError(f"there is no group {target}", hint=nearest(target, labels))
    starts = _starts(graph, groups, view, source)
    reach = graph.reach(starts)
    wanted = {target: labels[target] for target in targets} if targets else labels
    return {label: reach.paths(graph.node(group), _MOST_PATHS) for label, group in wanted.items() if label != source}


def _starts(graph: Graph, groups: Sequence[Group], view: FlowView, source: str) -> list[Step]:
    """The first arrows: from outside peers, or those that leave a group."""
    own = next((group for group in groups if view.label(group.name) == source), None)
    if own is not None:
        return list(graph.successors(graph.node(own)))
    if source == "internet":
        return list(graph.entries(INTERNET))
    try:
        return list(graph.entries(parse_peer(source, lambda _: None).sure))
    except FlowError as error:
        labels = [view.label(group.name) for group in groups]
        raise UsageError(f"--from {source}: {error}", hint=nearest(source, [*labels, "internet"])) from error


def shown_groups(seen: Seen) -> list[GroupFlows]:
    """The groups with flows or a component; default groups without any rule say nothing."""
    return [shown for shown in seen.view.groups if shown.rows or shown.component]
