"""Outcomes of conditions: a verdict with its evidence, and Kleene's three-valued logic over them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from scanner.model.finding import Verdict
from scanner.model.location import Location
from scanner.model.resource import Resource
from scanner.model.resource_type import Default
from scanner.model.rule import Severity
from scanner.model.value import Hop, Unknown, Value


@dataclass(slots=True)
class Evidence:
    """Why something was decided the way it was; scanner.policy.messages puts it into words.

    kind      "test", or what else decided: any_of, some, references, referenced_by, count, distinct, call, resource
    resource  the resource at which it was seen (for a link perhaps not the one under test)
    path      the attribute, with concrete indexes
    location  where a fix belongs; `written` says that something is written there which decided
    op, expected, actual, default   for tests and numbers
    unknown   why it could not be decided
    negated   the opposite was wanted
    figures   further data of a kind: types, known, possible; `values` where one of so many would do
    parts     the evidence of the alternatives or of the resource at the other end
    others    of an alternative: what else fails in it
    companion the text of a resource that would mend it (policies, `companion`)
    alone     it is reported as a finding of its own, with `severity` in place of the rule's where it is given
    """

    kind: str
    resource: Resource | None = None
    path: str | None = None
    location: Location | None = None
    hops: tuple[Hop, ...] = ()
    op: str = ""
    expected: Value | None = None
    actual: Value | None = None
    default: Default | None = None
    unknown: Unknown | None = None
    negated: bool = False
    written: bool = False
    figures: Mapping[str, object] = field(default_factory=dict)
    parts: tuple[Evidence, ...] = ()
    alone: bool = False
    severity: Severity | None = None
    others: tuple[Evidence, ...] = ()
    companion: str | None = None


@dataclass(slots=True)
class Outcome:
    """pass, fail or unknown, and what led to it (for a pass: what was seen, where there is something to show)."""

    verdict: Verdict
    evidence: tuple[Evidence, ...] = ()


HOLDS = Outcome(Verdict.PASS)


def all_hold(outcomes: Iterable[Outcome]) -> Outcome:
    """fail beats unknown beats pass; the evidence is that of every outcome with the resulting verdict."""
    verdict = Verdict.PASS
    evidence: tuple[Evidence, ...] = ()
    for outcome in outcomes:
        if outcome.verdict is verdict:
            evidence += outcome.evidence
        elif outcome.verdict is Verdict.FAIL or verdict is Verdict.PASS:
            verdict, evidence = outcome.verdict, outcome.evidence
    return Outcome(verdict, evidence)


def any_holds(outcomes: list[Outcome]) -> Outcome:
    """pass beats unknown beats fail; where all fail the evidence is one of kind any_of that has them as parts."""
    undecided: tuple[Evidence, ...] = ()
    for outcome in outcomes:
        if outcome.verdict is Verdict.PASS:
            return outcome
        if outcome.verdict is Verdict.UNKNOWN:
            undecided += outcome.evidence
    if any(outcome.verdict is Verdict.UNKNOWN for outcome in outcomes):
        return Outcome(Verdict.UNKNOWN, undecided)
    return Outcome(Verdict.FAIL, _alternatives(outcomes))


def _alternatives(outcomes: list[Outcome]) -> tuple[Evidence, ...]:
    firsts = [_with_others(outcome.evidence) for outcome in outcomes if outcome.evidence]
    if len(firsts) < 2:
        return tuple(firsts)
    shown = next((part for part in firsts if part.written), firsts[0])
    return (replace(shown, kind="any_of", parts=tuple(firsts)),)


def _with_others(evidence: tuple[Evidence, ...]) -> Evidence:
    return evidence[0] if len(evidence) == 1 else replace(evidence[0], others=evidence[1:])


def negated(outcome: Outcome) -> Outcome:
    """The opposite; unknown stays unknown."""
    if outcome.verdict is Verdict.UNKNOWN:
        return outcome
    verdict = Verdict.FAIL if outcome.verdict is Verdict.PASS else Verdict.PASS
    evidence = tuple(replace(item, negated=not item.negated) for item in outcome.evidence)
    return Outcome(verdict, evidence)


def mendable(outcome: Outcome, companion: str) -> Outcome:
    """The same; a failing one says which resource would mend it."""
    if outcome.verdict is not Verdict.FAIL:
        return outcome
    return Outcome(outcome.verdict, tuple(replace(item, companion=companion) for item in outcome.evidence))


def undecided(kind: str, unknown: Unknown, resource: Resource | None = None) -> Outcome:
    """An unknown outcome about a resource as a whole, or about none."""
    location = resource.location if resource else None
    return Outcome(Verdict.UNKNOWN, (Evidence(kind, resource, location=location, unknown=unknown),))


def demoted(outcome: Outcome) -> Outcome:
    """The same, no longer preferred among alternatives: of an `all_of`, what fails is often only its condition."""
    if outcome.verdict is not Verdict.FAIL or not any(item.written for item in outcome.evidence):
        return outcome
    return Outcome(outcome.verdict, tuple(replace(item, written=False) for item in outcome.evidence))
