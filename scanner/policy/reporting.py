"""Findings made from outcomes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from scanner.model.finding import Enforce, Finding, Kind, ResourceRef, Verdict
from scanner.model.resource import Resource
from scanner.model.rule import Severity, Text
from scanner.model.value import Hop, Plain, Unknown, absent
from scanner.policy.baseline import Baseline, Component, Requirement
from scanner.policy.evidence import Evidence, Outcome
from scanner.policy.korean import with_particle
from scanner.policy.messages import actual_value, masked, message
from scanner.policy.picks import reason_of
from scanner.policy.policy import Policy
from scanner.policy.words import both
from scanner.policy.world import Check, Subject, World


@dataclass(slots=True, frozen=True)
class Issue:
    """What all findings of one requirement or policy have in common."""

    requirement: str | None
    policy: str | None
    baseline: str | None
    component: str | None
    section: str | None
    kind: Kind
    severity: Severity
    category: str
    enforce: Enforce
    title: Text

    @classmethod
    def of_policy(cls, policy: Policy) -> Issue:
        """A policy outside any baseline."""
        return cls(None, policy.id, None, None, None, Kind.STATIC, policy.severity, policy.category,
                   Enforce.REQUIRED, policy.title)  # fmt: skip

    def at(self, component: str) -> Issue:
        """The same at one of the components that it binds."""
        return replace(self, component=component)

    def finding(self, verdict: Verdict, message_: Text, **details: Any) -> Finding:
        """A finding; `details` are further fields of it."""
        return Finding(
            self.requirement, self.policy, self.baseline, self.component, self.section, self.kind, verdict,
            details.pop("reason", None), self.severity, self.category, self.enforce, self.title, message_, **details,
        )  # fmt: skip


def of_requirement(baseline: Baseline, requirement: Requirement) -> Issue:
    """A requirement, not yet at a component."""
    return Issue(
        requirement.id, requirement.policy, baseline.id, None, requirement.section, requirement.kind,
        requirement.severity, requirement.category, requirement.enforce, requirement.title,
    )  # fmt: skip


def decided(world: World, issue: Issue, resource: Resource | None, outcome: Outcome) -> Finding:
    """The finding about a resource; its first piece of evidence gives place, path, expected and actual."""
    reason = both(reason_of(outcome).detail) if outcome.verdict is Verdict.UNKNOWN else None
    evidence = outcome.evidence[0] if outcome.evidence else None
    expected, actual = _values(world, evidence)
    location = evidence.location if evidence else None
    return issue.finding(
        outcome.verdict,
        message(world, outcome),
        reason=reason,
        resource=ResourceRef(resource.type, resource.address, resource.origin.value) if resource else None,
        location=location or (resource.location if resource else None),
        path=evidence.path if evidence else None,
        expected=expected,
        actual=actual,
        provenance=_provenance(evidence),
    )


def _values(world: World, evidence: Evidence | None) -> tuple[Plain, Plain]:
    if evidence is None:
        return None, None
    return masked(world, replace(evidence, actual=actual_value(evidence)))


def _provenance(evidence: Evidence | None) -> tuple[Hop, ...]:
    """The chain of places from the attribute down; the provider's documentation where its default applies."""
    if evidence is None or evidence.path is None:
        return ()
    if evidence.default is not None:
        return (Hop(evidence.path, evidence.location), Hop(f"provider default: {evidence.default.source}", None))
    written = attribute_place(evidence)
    return (Hop(evidence.path, written), *evidence.hops)


def attribute_place(evidence: Evidence) -> Any:
    """Where the attribute itself is written, which is not where its value comes from if that is passed in."""
    return None if evidence.hops else evidence.location


def in_set(world: World, issue: Issue, check: Check) -> Finding:
    """The finding of a condition over sets of resources."""
    return decided(world, issue, None, check(Subject(world, None, absent(), "", None)))


def outside(issue: Issue, resource: Resource) -> Finding:
    """The finding for a bound resource that the policy is not about."""
    return issue.finding(
        Verdict.NOT_APPLICABLE,
        Text(f"does not apply to {resource.address}", f"{resource.address} 리소스에는 해당 없음"),
        resource=ResourceRef(resource.type, resource.address, resource.origin.value),
        location=resource.location,
    )


def nothing_selected(issue: Issue, types: tuple[str, ...], hidden: Unknown | None, *, expected: bool) -> Finding:
    """The finding where no resource is selected at all."""
    named = " or ".join(types)
    if hidden is not None:
        reason = both(hidden.detail)
        return issue.finding(
            Verdict.UNKNOWN,
            Text(f"no {named} was found, but {reason.en}", f"{with_particle(named, '이')} 없으나 {reason.ko}"),
            reason=reason,
        )
    if expected:
        return issue.finding(
            Verdict.FAIL,
            Text(f"the document names {named}, the code has none that fits",
                 f"문서에는 {with_particle(named, '이')} 있으나 코드에는 해당 리소스가 없음"),
        )  # fmt: skip
    return issue.finding(
        Verdict.NOT_APPLICABLE,
        Text("nothing in the code that this applies to", "코드에 해당하는 리소스가 없음"),
    )


def not_bound(issue: Issue, component: Component, possible: list[Resource], reason: Unknown | None) -> Finding:
    """The finding for a component that the code does not have, or may not have."""
    title, types = component.title, " or ".join(component.types)
    if reason is None:
        return issue.finding(
            Verdict.FAIL,
            Text(
                f"the document names {component.name} ({title.en}), the code has no such {types}",
                f"문서에는 {component.name}({title.ko}) 항목이 있으나 코드에는 해당하는 {with_particle(types, '이')} 없음",
            ),
        )
    why = both(reason.detail)
    candidates = ", ".join(resource.address for resource in possible[:3])
    named = f" ({candidates})" if candidates else ""
    return issue.finding(
        Verdict.UNKNOWN,
        Text(
            f"whether the code has {component.name} ({title.en}) cannot be decided{named}: {why.en}",
            f"코드에 {component.name}({title.ko}) 항목이 있는지 판정 불가{named}: {why.ko}",
        ),
        reason=why,
        location=possible[0].location if possible else None,
    )


def to_attest(issue: Issue) -> Finding:
    """The finding for what a person must confirm."""
    return issue.finding(
        Verdict.REVIEW,
        Text("a person has to confirm this; no scanner can see it", "담당자의 확인이 필요한 항목으로 자동 판정 불가"),
    )
