"""What the rules look at: a baseline, its record, and what its requirements ask of attributes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from scanner.policy.baseline import Baseline
from scanner.policy.conditions import Condition, OfComponent, Pick, Test, children
from scanner.policy.document import DocumentRecord
from scanner.policy.lint.constraints import Constraint, constraints_of
from scanner.policy.stages import binding


@dataclass(slots=True)
class Subject:
    """One baseline under examination."""

    baseline: Baseline
    record: DocumentRecord | None
    constraints: list[Constraint] = field(init=False)
    _together: list[frozenset[str]] = field(init=False)

    def __post_init__(self) -> None:
        self.constraints = constraints_of(self.baseline)
        stages: tuple[str | None, ...] = self.baseline.stages or (None,)
        self._together = [frozenset(item.id for item in binding(self.baseline, stage)) for stage in stages]

    def bind_together(self, *ids: str) -> bool:
        """Whether there is a stage at which all these requirements bind."""
        return any(stage.issuperset(ids) for stage in self._together)

    def on(self, type_: str, *paths: str) -> Iterator[Constraint]:
        """What is asked of these attributes of a type."""
        for constraint in self.constraints:
            if type_ in constraint.types and (not paths or constraint.path in paths):
                yield constraint

    def decided(self, ids: tuple[str, ...]) -> str | None:
        """The recorded contradiction that names all (at least two, or the one) of these requirements."""
        for item in self.record.contradictions if self.record else ():
            if set(ids) <= set(item.requirements):
                return item.id
        return None


def parts(condition: Condition | None) -> Iterator[Condition]:
    """A condition and everything inside it."""
    if condition is None:
        return
    yield condition
    for child in children(condition):
        yield from parts(child)


def named_components(condition: Condition | None) -> set[str]:
    """The components that a condition speaks of."""
    names: set[str] = set()
    for part in parts(condition):
        if isinstance(part, Test) and isinstance(part.value, OfComponent):
            names.update(part.value.names)
        pick: Pick | None = getattr(part, "pick", None)
        if pick is not None and pick.component:
            names.add(pick.component)
    return names
