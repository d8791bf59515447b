"""What the requirements of a baseline certainly ask of single attributes, as data that can be compared."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from scanner.model.path import parse_path
from scanner.model.value import Plain, Unknown, Value
from scanner.policy.baseline import Baseline, Requirement
from scanner.policy.conditions import AllOf, Condition, Not, OfComponent, OfResource, Test
from scanner.policy.operators import OPERATORS
from scanner.policy.params import fill, fill_condition, not_given
from scanner.policy.structures import Mismatch, Undecided, literal
from scanner.policy.typed import TYPES, ValueType, infer

_LOWER = {"gt", "gte"}
_UPPER = {"lt", "lte"}


@dataclass(slots=True, frozen=True)
class Constraint:
    """`path op value` on every resource of a component (`negated`: the contrary), asked for by a requirement."""

    requirement: Requirement
    component: str
    types: tuple[str, ...]
    path: str
    op: str
    value: Plain
    kind: ValueType
    negated: bool = False

    def admits(self, value: Value) -> bool:
        """Whether a value satisfies it; True also where that cannot be told."""
        try:
            answer = OPERATORS[self.op].decide(value, literal(self.value), self.kind)
        except (Mismatch, Undecided):
            return True
        if isinstance(answer, Unknown):
            return True
        return answer is not self.negated

    def candidates(self) -> list[Value] | None:
        """The only values that satisfy it, None where there is no end of them."""
        if self.negated or self.op not in ("equals", "in", "exactly"):
            return None
        expected = literal(self.value)
        if self.op == "in" and isinstance(expected.raw, tuple | list):
            return list(expected.raw)
        return [expected]

    @property
    def said(self) -> str:
        """As people write it."""
        words = {"equals": "=", "gte": "≥", "gt": ">", "lte": "≤", "lt": "<"}
        value = "" if self.value is None else f" {self.value}"
        return f"{'not ' if self.negated else ''}{self.path} {words.get(self.op, self.op)}{value}"


def clash(one: Constraint, other: Constraint) -> bool:
    """Whether no value satisfies both; False where that cannot be told."""
    for left, right in ((one, other), (other, one)):
        if left.op == "absent" and not left.negated and right.op not in ("absent",) and not right.negated:
            return right.op != "exactly" or bool(right.value)
        found = left.candidates()
        if found is not None:
            return not any(left.admits(value) and right.admits(value) for value in found)
    if one.op in _LOWER and other.op in _UPPER:
        return _apart(one, other)
    if one.op in _UPPER and other.op in _LOWER:
        return _apart(other, one)
    return False


def _apart(lower: Constraint, upper: Constraint) -> bool:
    """Whether a least value lies above a greatest one."""
    if lower.negated or upper.negated or lower.kind is not upper.kind:
        return False
    try:
        low, high = lower.kind.read(literal(lower.value)), upper.kind.read(literal(upper.value))
        order = lower.kind.order(low, high)
    except (Mismatch, Undecided):
        return False
    return order > 0 or (order == 0 and "gte" not in (lower.op,)) or (order == 0 and upper.op != "lte")


def constraints_of(baseline: Baseline) -> list[Constraint]:
    """Everything that is asked of an attribute, whatever else is so: no alternatives, nothing under `when`.

    A policy that looks only at some resources is taken to look at the component that it is given.
    """
    return [
        constraint for requirement in baseline.requirements for constraint in _of_requirement(baseline, requirement)
    ]


def _of_requirement(baseline: Baseline, requirement: Requirement) -> Iterator[Constraint]:
    scope = {name: param.default if param.has_default else not_given(name) for name, param in baseline.inputs.items()}
    for component in requirement.components:
        types = baseline.components[component].types
        for own, condition in _conditions(baseline, requirement, types, scope):
            for test, negated in _tests(condition):
                constraint = _constraint(requirement, component, own, test, negated=negated)
                if constraint is not None:
                    yield constraint


def _conditions(
    baseline: Baseline, requirement: Requirement, types: tuple[str, ...], scope: Mapping[str, Any]
) -> Iterator[tuple[tuple[str, ...], Condition]]:
    if requirement.assertion is not None:
        yield types, fill_condition(requirement.assertion, scope)
    if requirement.policy is None:
        return
    policy = baseline.library.policy(requirement.policy)
    arguments = {**policy.defaults(), **fill(dict(requirement.arguments), scope)}
    for check in policy.checks:
        own = tuple(type_ for type_ in types if type_ in check.types)
        if own:
            yield own, fill_condition(check.assertion, arguments)


def _tests(condition: Condition, *, negated: bool = False) -> Iterator[tuple[Test, bool]]:
    match condition:
        case Test():
            yield condition, negated
        case AllOf(items) if not negated:
            for item in items:
                yield from _tests(item)
        case Not(item) if isinstance(item, Test):
            yield item, not negated


def _constraint(
    requirement: Requirement, component: str, types: tuple[str, ...], test: Test, *, negated: bool
) -> Constraint | None:
    if isinstance(test.value, OfResource | OfComponent) or test.match != "all" or "|" in test.path:
        return None
    if _has_unknown(test.value) or not types:
        return None
    kind = TYPES[test.as_] if test.as_ else infer(literal(test.value), test.op)
    parse_path(test.path)
    return Constraint(requirement, component, types, test.path, test.op, test.value, kind, negated)


def _has_unknown(data: object) -> bool:
    if isinstance(data, Unknown):
        return True
    if isinstance(data, Mapping):
        return any(_has_unknown(item) for item in data.values())
    return isinstance(data, list | tuple) and any(_has_unknown(item) for item in data)
