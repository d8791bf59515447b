"""Conditions as data: what policies and baselines are made of once they are read.

Every class is plain data (text, numbers, lists, other conditions), so that a checked condition can be stored as JSON
and read back without YAML (`dump`, `load`), and so that parameters can be filled in (scanner.policy.params).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import Any, TypeAlias

from scanner.model.value import Plain, Unknown

JSON: TypeAlias = Any
"""What json.loads yields; `load` trusts it because only `dump` writes it."""


@dataclass(slots=True, frozen=True)
class OfResource:
    """A value taken from another attribute of the resource under test: `value: {path: …}`."""

    path: str


@dataclass(slots=True, frozen=True)
class OfComponent:
    """The resources bound to components of the baseline: `value: {component: …}`, or a list of those."""

    names: tuple[str, ...]

    @property
    def data(self) -> Plain:
        """The value as it is written."""
        written: list[Plain] = [{"component": name} for name in self.names]
        return written[0] if len(written) == 1 else written


@dataclass(slots=True, frozen=True)
class Test:
    """`{path, op, value, as, match}`: one attribute against one value."""

    path: str
    op: str
    value: Plain | OfResource | OfComponent = None
    as_: str | None = None
    match: str = "all"


@dataclass(slots=True, frozen=True)
class AllOf:
    """All items hold."""

    items: tuple[Condition, ...]


@dataclass(slots=True, frozen=True)
class AnyOf:
    """At least one item holds."""

    items: tuple[Condition, ...]


@dataclass(slots=True, frozen=True)
class Not:
    """The item does not hold."""

    item: Condition


@dataclass(slots=True, frozen=True)
class When:
    """The item holds, wherever `when` holds."""

    when: Condition
    item: Condition


@dataclass(slots=True, frozen=True)
class Some:
    """One element of the list at `path` satisfies the condition."""

    path: str
    satisfy: Condition


@dataclass(slots=True, frozen=True)
class Every:
    """Every element of the list at `path` that meets `where` satisfies the condition."""

    path: str
    where: Condition
    satisfy: Condition


@dataclass(slots=True, frozen=True)
class Pick:
    """Resources of some types (or of a component of the baseline) that meet a condition."""

    types: tuple[str, ...]
    where: Condition
    component: str | None = None


@dataclass(slots=True, frozen=True)
class References:
    """This resource refers, through the attribute (or any), to one of the picked resources."""

    pick: Pick
    through: str | None = None


@dataclass(slots=True, frozen=True)
class ReferencedBy:
    """The number of picked resources that refer to this one, through the attribute (or any)."""

    pick: Pick
    through: str | None
    op: str
    value: Plain


@dataclass(slots=True, frozen=True)
class Count:
    """The number of picked resources in the inventory."""

    pick: Pick
    op: str
    value: Plain


@dataclass(slots=True, frozen=True)
class Distinct:
    """The number of different values of a path, over the picked resources or (`pick` is None) on this one."""

    pick: Pick | None
    path: str
    op: str
    value: Plain


@dataclass(slots=True, frozen=True)
class Call:
    """A registered Python function decides."""

    function: str
    arguments: Plain


@dataclass(slots=True, frozen=True)
class Undecidable:
    """What stands for a condition whose very path depends on an input that was not given."""

    reason: Unknown


Condition: TypeAlias = (
    Test | AllOf | AnyOf | Not | When | Some | Every | References | ReferencedBy | Count | Distinct | Call | Undecidable
)

NOTHING = AllOf(())
"""The condition that always holds."""

_CLASSES: dict[str, type] = {
    cls.__name__: cls
    for cls in (
        OfResource, OfComponent, Test, AllOf, AnyOf, Not, When, Some, Every, Pick, References, ReferencedBy, Count,
        Distinct, Call,
    )
}  # fmt: skip
_TUPLES = {(AllOf, "items"), (AnyOf, "items"), (Pick, "types")}
_DATA = {("Test", "value"), ("ReferencedBy", "value"), ("Count", "value"), ("Distinct", "value"), ("Call", "arguments")}


def dump(condition: object) -> JSON:
    """The condition as JSON data: `{"@": class name, field: …}`; fields that hold plain data are kept as they are."""
    if isinstance(condition, tuple):
        return [dump(item) for item in condition]
    name = type(condition).__name__
    if name not in _CLASSES:
        return condition
    return ["@", name, *(dump(getattr(condition, field.name)) for field in fields(condition))]  # type: ignore[arg-type]


def load(data: JSON) -> Any:
    """The condition that `dump` wrote."""
    if type(data) is not list:
        return data
    if data and data[0] == "@" and len(data) > 1 and data[1] in _CLASSES:
        name = data[1]
        names = _FIELDS[name]
        cls = _CLASSES[name]
        return cls(*[item if (name, key) in _DATA and not _tagged(item) else load(item)
                     for key, item in zip(names, data[2:], strict=True)])  # fmt: skip
    return tuple(load(item) for item in data)


def _tagged(data: JSON) -> bool:
    return type(data) is list and len(data) == 3 and data[0] == "@" and data[1] in ("OfResource", "OfComponent")


_FIELDS = {name: [field.name for field in fields(cls)] for name, cls in _CLASSES.items()}


def children(condition: Condition | Pick | None) -> Iterator[Condition]:
    """The conditions directly inside a condition, those of its `where` included."""
    match condition:
        case AllOf(items) | AnyOf(items):
            yield from items
        case Not(item):
            yield item
        case When(when, item):
            yield from (when, item)
        case Some(_, satisfy):
            yield satisfy
        case Every(_, where, satisfy):
            yield from (where, satisfy)
        case Pick(_, where):
            yield where
        case References(pick) | ReferencedBy(pick) | Count(pick) | Distinct(pick):
            yield from children(pick)


def uses_outer(condition: Condition) -> bool:
    """Whether the condition looks at another attribute of the resource under test (`value: {path: …}`)."""
    if isinstance(condition, Test) and isinstance(condition.value, OfResource):
        return True
    return any(uses_outer(child) for child in children(condition))
