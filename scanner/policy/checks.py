"""Conditions compiled to functions of a subject: logic, lists, and the table of everything else."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from scanner.model.finding import Verdict
from scanner.model.location import Location
from scanner.model.path import Found, decoded, joined, lookup
from scanner.model.value import Unknown, Value
from scanner.policy.assertion import compile_test
from scanner.policy.conditions import (
    AllOf,
    AnyOf,
    Call,
    Condition,
    Count,
    Distinct,
    Every,
    Not,
    ReferencedBy,
    References,
    Some,
    Test,
    Undecidable,
    When,
)
from scanner.policy.evidence import HOLDS, Evidence, Outcome, all_hold, any_holds, demoted, negated, undecided
from scanner.policy.functions import compile_call
from scanner.policy.relations import compile_referenced_by, compile_references
from scanner.policy.sets import compile_count, compile_distinct
from scanner.policy.world import Check, Subject


def compile_condition(condition: Condition) -> Check:
    """The condition as a function that decides it for a subject."""
    return _COMPILERS[type(condition)](condition)


def _all_of(condition: AllOf) -> Check:
    checks = [compile_condition(item) for item in condition.items]
    if not checks:
        return lambda _: HOLDS
    if len(checks) == 1:
        return checks[0]
    return lambda subject: all_hold([check(subject) for check in checks])


def _any_of(condition: AnyOf) -> Check:
    checks = [_alternative(item) for item in condition.items]
    return lambda subject: any_holds([check(subject) for check in checks])


def _alternative(item: Condition) -> Check:
    check = compile_condition(item)
    if isinstance(item, AllOf) and len(item.items) > 1:
        return lambda subject: demoted(check(subject))
    return check


def _not(condition: Not) -> Check:
    check = compile_condition(condition.item)
    return lambda subject: negated(check(subject))


def _when(condition: When) -> Check:
    applies, check = compile_condition(condition.when), compile_condition(condition.item)

    def decide(subject: Subject) -> Outcome:
        guard = applies(subject)
        if guard.verdict is Verdict.FAIL:
            return HOLDS
        outcome = check(subject)
        if guard.verdict is Verdict.PASS or outcome.verdict is Verdict.PASS:
            return outcome
        return Outcome(Verdict.UNKNOWN, guard.evidence + _only_unknown(outcome))

    return decide


def _only_unknown(outcome: Outcome) -> tuple[Evidence, ...]:
    return outcome.evidence if outcome.verdict is Verdict.UNKNOWN else ()


def _elements(subject: Subject, path: str) -> list[Found]:
    """The elements of the list at a path (a single object counts as a list of one); an unknown list is itself."""
    elements: list[Found] = []
    for found in lookup(subject.root, path):
        structure = decoded(found.value)
        raw = structure.raw
        if structure.is_absent:
            default = subject.world.default(subject.resource, joined(subject.prefix, found.path))
            raw = default[0].raw if default else ()
        if isinstance(raw, Sequence) and not isinstance(raw, str):
            elements += [
                Found(f"{found.path}[{at}]", _within(item, found.value))
                for at, item in enumerate(raw)
                if isinstance(item, Value)
            ]
        else:
            elements.append(Found(found.path, structure if isinstance(raw, Mapping) else found.value))
    return elements


def _within(item: Value, parent: Value) -> Value:
    return item.with_(location=parent.location, hops=parent.hops, sensitive=parent.sensitive)


def _home(subject: Subject, path: str) -> Location | None:
    """Where a fitting element would be written: the collection that makes the elements, else the enclosing block."""
    here = subject.root.location
    place = next((found.value.location for found in lookup(subject.root, path)), None)
    if here is None or place is None or (place.path == here.path and place.line > here.line):
        return here
    return place


def _inside(subject: Subject, element: Found) -> Subject:
    return Subject(subject.world, subject.resource, element.value, joined(subject.prefix, element.path), subject.tested)


def _unknown_element(subject: Subject, element: Found, unknown: Unknown) -> Outcome:
    value = element.value
    location = value.location or subject.root.location
    path = joined(subject.prefix, element.path)
    evidence = Evidence("test", subject.resource, path, location, value.hops, actual=value, unknown=unknown)
    return Outcome(Verdict.UNKNOWN, (evidence,))


def _decide_element(subject: Subject, element: Found, check: Check) -> Outcome:
    raw = element.value.raw
    if isinstance(raw, Unknown) and element.value.decoded is None:
        return _unknown_element(subject, element, raw)
    return check(_inside(subject, element))


def _some(condition: Some) -> Check:
    satisfy = compile_condition(condition.satisfy)

    def decide(subject: Subject) -> Outcome:
        elements = _elements(subject, condition.path)
        outcomes = [_decide_element(subject, element, satisfy) for element in elements]
        outcome = any_holds(outcomes)
        if outcome.verdict is not Verdict.FAIL or len(outcomes) == 1:
            return outcomes[0] if len(outcomes) == 1 else outcome
        resource = subject.resource
        location = _home(subject, condition.path) or (resource.location if resource else None)
        parts = tuple(item.evidence[0] for item in outcomes if item.evidence)
        path = joined(subject.prefix, condition.path)
        return Outcome(
            Verdict.FAIL,
            (Evidence("some", resource, path, location, figures={"elements": len(elements)}, parts=parts),),
        )

    return decide


def _every(condition: Every) -> Check:
    where, satisfy = compile_condition(condition.where), compile_condition(condition.satisfy)

    def decide_one(subject: Subject, element: Found) -> Outcome:
        chosen = _decide_element(subject, element, where)
        if chosen.verdict is Verdict.FAIL:
            return HOLDS
        outcome = _decide_element(subject, element, satisfy)
        if chosen.verdict is Verdict.PASS or outcome.verdict is Verdict.PASS:
            return outcome
        return Outcome(Verdict.UNKNOWN, chosen.evidence + _only_unknown(outcome))

    return lambda subject: all_hold([decide_one(subject, element) for element in _elements(subject, condition.path)])


def _with_where(compiler: Callable[[Any, Check], Check]) -> Callable[[Any], Check]:
    """A compiler of a condition that picks resources, given the compiled condition on those."""
    return lambda condition: compiler(
        condition, compile_condition(condition.pick.where) if condition.pick else lambda _: HOLDS
    )


_COMPILERS: dict[type, Callable[[Any], Check]] = {
    Test: compile_test,
    AllOf: _all_of,
    AnyOf: _any_of,
    Not: _not,
    When: _when,
    Some: _some,
    Every: _every,
    References: _with_where(compile_references),
    ReferencedBy: _with_where(compile_referenced_by),
    Count: _with_where(compile_count),
    Distinct: _with_where(compile_distinct),
    Call: compile_call,
    Undecidable: lambda condition: lambda subject: undecided("call", condition.reason, subject.resource),
}
