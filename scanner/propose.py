"""The pipeline of `asbuilt init`: which baseline fits a repository, and what its components would be bound to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from scanner.errors import BindingError
from scanner.facts import load_facts
from scanner.model.inventory import Inventory
from scanner.model.resource import Resource
from scanner.model.resource_type import Facts
from scanner.policy.baseline import Baseline, baseline_names, load_baseline
from scanner.policy.bind import Binder
from scanner.policy.evaluate import bound
from scanner.policy.library import Library
from scanner.policy.world import World
from scanner.scan import Request, collect, project_base

LEAST_FIT: Final = 0.3
"""The share of a baseline's components that must be found before it is proposed."""


@dataclass(frozen=True, slots=True)
class Fit:
    """How a baseline fits: the components that find their resources by themselves, and those that do not.

    candidates   for each component that does not, the addresses of resources of its type that nothing else claims
    """

    baseline: Baseline
    found: tuple[str, ...]
    candidates: dict[str, list[str]] = field(default_factory=dict)

    @property
    def share(self) -> float:
        """The part of the components that is found, 0 to 1."""
        return len(self.found) / max(1, len(self.baseline.components))


def fits(paths: Sequence[Path], names: Sequence[str] = ()) -> list[Fit]:
    """How the baselines (default: all that are installed) fit the code below the paths, the best first.

    Raises SourceError where there is nothing to look at, DefinitionError for baselines.
    """
    facts = load_facts()
    library = Library.load(None, facts)
    inventory = collect(Request(paths), project_base(paths), facts=facts)
    baselines = [load_baseline(name, library, facts) for name in names or baseline_names()]
    return sorted((_fit(baseline, inventory, facts) for baseline in baselines), key=lambda fit: -fit.share)


def _fit(baseline: Baseline, inventory: Inventory, facts: Facts) -> Fit:
    world, binder, _ = bound(baseline, inventory, facts)
    members = {name: _members(binder, name) for name in baseline.components}
    claimed = {id(resource) for resources in members.values() for resource in resources or ()}
    open_ = [name for name, resources in members.items() if not resources]
    candidates = {name: _candidates(baseline, name, world, claimed) for name in open_}
    return Fit(baseline, tuple(name for name, resources in members.items() if resources), candidates)


def _members(binder: Binder, name: str) -> list[Resource] | None:
    """What a component finds; None where several things could be meant."""
    try:
        return binder.members(name).certain
    except BindingError:
        return None


def _candidates(baseline: Baseline, name: str, world: World, claimed: set[int]) -> list[str]:
    pool = world.of_types(baseline.components[name].types)
    return [resource.address for resource in pool if id(resource) not in claimed]
