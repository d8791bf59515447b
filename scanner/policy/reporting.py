"""Findings made from outcomes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, Final, Protocol, runtime_checkable

from scanner.errors import BindingError
from scanner.model.finding import Enforce, Finding, Kind, ResourceRef, Verdict
from scanner.model.inventory import Level, Notification
from scanner.model.korean import with_particle
from scanner.model.location import Location
from scanner.model.path import Index, Name, parse_path
from scanner.model.resource import Origin, Resource
from scanner.model.rule import Severity, Text
from scanner.model.value import Hop, Unknown, absent
from scanner.model.words import both
from scanner.policy.baseline import Baseline, Component, Requirement
from scanner.policy.evidence import Evidence, Outcome
from scanner.policy.messages import masked, message, shown_part
from scanner.policy.picks import reason_of
from scanner.policy.policy import Policy
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


def findings_of(world: World, issue: Issue, resource: Resource | None, outcome: Outcome) -> Iterator[Finding]:
    """The findings about a resource: one, or one for each piece of evidence that stands alone.

    Evidence that stands alone and could not be decided makes an unknown finding, whatever became of the rest.
    """
    alone = [evidence for evidence in outcome.evidence if evidence.alone]
    if not alone:
        yield decided(world, issue, resource, outcome)
        return
    rest = tuple(evidence for evidence in outcome.evidence if not evidence.alone)
    for evidence in alone:
        verdict = outcome.verdict if evidence.unknown is None else Verdict.UNKNOWN
        own = issue if evidence.severity is None else replace(issue, severity=evidence.severity)
        yield decided(world, own, resource, Outcome(verdict, (evidence,)))
    if rest:
        yield decided(world, issue, resource, replace(outcome, evidence=rest))


def decided(world: World, issue: Issue, resource: Resource | None, outcome: Outcome) -> Finding:
    """The finding about a resource; its first piece of evidence gives place, path, expected and actual."""
    reason = both(reason_of(outcome).detail) if outcome.verdict is Verdict.UNKNOWN else None
    evidence = outcome.evidence[0] if outcome.evidence else None
    seen = _seen(evidence) if evidence else None
    expected, actual = masked(world, seen) if seen else (None, None)
    location = (_choice(seen) or evidence.location) if evidence and seen else None
    return issue.finding(
        outcome.verdict,
        message(world, outcome),
        reason=reason,
        resource=_named(resource) if resource else None,
        location=location or (resource.location if resource else None),
        path=_path(seen, resource),
        expected=expected,
        actual=actual,
        provenance=_provenance(evidence),
        evidence=outcome.evidence if _may_be_fixed(outcome, resource) else (),
    )


def _may_be_fixed(outcome: Outcome, resource: Resource | None) -> bool:
    """Whether the finding is a violation in code, where an edit may mend it."""
    return outcome.verdict is Verdict.FAIL and (resource is None or looked_in(resource.origin) is CODE)


@lru_cache(maxsize=1024)
def _named(resource: Resource) -> ResourceRef:
    """How findings name a resource; the findings about one resource share it."""
    return ResourceRef(resource.type, resource.address, resource.origin.value, resource.root)


def _provenance(evidence: Evidence | None) -> tuple[Hop, ...]:
    """The chain of places from the attribute down; the provider's documentation where its default applies."""
    seen = _seen(evidence) if evidence else None
    if evidence is None or seen is None or seen.path is None:
        return ()
    what = _path(seen, evidence.resource) or ""
    if seen.default is not None:
        return (Hop(what, seen.location), Hop(f"provider default: {seen.default.source}", None))
    written = attribute_place(seen.resource, seen.path) if seen.hops else seen.location
    return (Hop(what, written), *seen.hops)


def _choice(seen: Evidence) -> Location | None:
    """Where a wrong link was chosen. An output only hands a resource on; the fix belongs where the output is used."""
    if seen.kind != "references" and not _names_component(seen):
        return None
    place = attribute_place(seen.resource, seen.path) if seen.path else None
    for hop in seen.hops:
        if hop.what.startswith("module."):
            return place
        place = hop.location or place
    return None


def _names_component(seen: Evidence) -> bool:
    return seen.expected is not None and isinstance(seen.expected.raw, Mapping) and "component" in seen.expected.raw


def _path(seen: Evidence | None, resource: Resource | None) -> str | None:
    """The attribute that decided, with the address where it belongs to another resource than the finding."""
    if seen is None or seen.path is None:
        return None
    elsewhere = seen.resource is not None and resource is not None and seen.resource is not resource
    return f"{seen.resource.address}.{seen.path}" if elsewhere and seen.resource else seen.path


def _seen(evidence: Evidence) -> Evidence:
    """The innermost evidence that decided: of alternatives the one that is shown, of links what is at the other end."""
    if evidence.kind == "any_of":
        return _seen(shown_part(evidence))
    if evidence.kind in ("references", "referenced_by", "count") and evidence.parts:
        return _seen(evidence.parts[0])
    return evidence


@runtime_checkable
class Locating(Protocol):
    """An object of a source that knows where its attributes are written, wherever their values come from."""

    def locate(self, name: str) -> Location | None:
        """The place of the attribute or first block of a name."""


def attribute_place(resource: Resource | None, path: str) -> Location | None:
    """Where the attribute at a concrete path is written itself, None where the source does not say."""
    here = resource.attributes if resource else None
    place: Location | None = None
    for step in parse_path(path)[0]:
        raw = here.raw if here is not None else None
        if isinstance(step, Name):
            place = (raw.locate(step.key) if isinstance(raw, Locating) else None) or place
            here = raw.get(step.key) if isinstance(raw, Mapping) else None
        elif isinstance(step, Index) and isinstance(raw, Sequence) and not isinstance(raw, str) and step.at < len(raw):
            here = raw[step.at]
        else:
            here = None
    return place


def in_set(world: World, issue: Issue, check: Check) -> Finding:
    """The finding of a condition over sets of resources."""
    return decided(world, issue, None, check(Subject(world, None, absent(), "", None)))


def outside(issue: Issue, resource: Resource) -> Finding:
    """The finding for a bound resource that the policy is not about."""
    return issue.finding(
        Verdict.NOT_APPLICABLE,
        Text(f"does not apply to {resource.address}", f"{resource.address} 리소스에는 해당 없음"),
        resource=ResourceRef(resource.type, resource.address, resource.origin.value, resource.root),
        location=resource.location,
    )


CODE: Final = Text("the code", "코드")
ACCOUNT: Final = Text("the account", "계정")


def looked_in(origin: Origin) -> Text:
    """In what a resource of this origin was found."""
    return ACCOUNT if origin in (Origin.AWS, Origin.AZURE, Origin.KUBERNETES) else CODE


def nothing_selected(
    issue: Issue, types: tuple[str, ...], hidden: Unknown | None, *, expected: bool, where: Text = CODE
) -> Finding:
    """The finding where no resource is selected at all; `where` says in what was looked."""
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
            Text(f"the document names {named}, {where.en} has none that fits",
                 f"문서에는 {with_particle(named, '이')} 있으나 {where.ko}에는 해당 리소스가 없음"),
        )  # fmt: skip
    return issue.finding(
        Verdict.NOT_APPLICABLE,
        Text(f"nothing in {where.en} that this applies to", f"{where.ko}에 해당하는 리소스가 없음"),
    )


def ambiguous(issue: Issue, what: str) -> Finding:
    """The finding for what cannot be decided because it is not known which resources are meant."""
    why = Text(what, f"구성 요소를 하나의 리소스에 연결할 수 없음: {what}")
    return issue.finding(Verdict.UNKNOWN, why, reason=why)


def problem(error: BindingError) -> Notification:
    """What is said of a component that cannot be bound: why, and how to bind it."""
    place = Location(error.path, error.line or 1, error.column or 1) if error.path else None
    hint = f"; {error.hint}" if error.hint else ""
    return Notification(Level.ERROR, f"{error.message}{hint}", place, ("component",))


def not_bound(
    issue: Issue, component: Component, possible: list[Resource], reason: Unknown | None, where: Text = CODE
) -> Finding:
    """The finding for a component that the code (or the account) does not have, or may not have."""
    title, types = component.title, " or ".join(component.types)
    if reason is None:
        return issue.finding(
            Verdict.FAIL,
            Text(
                f"the document names {component.name} ({title.en}), {where.en} has no such {types}",
                f"문서에는 {component.name}({title.ko}) 항목이 있으나 {where.ko}에는 {with_particle(types, '이')} 없음",
            ),
        )
    why = both(reason.detail)
    candidates = ", ".join(resource.address for resource in possible[:3])
    named = f" ({candidates})" if candidates else ""
    return issue.finding(
        Verdict.UNKNOWN,
        Text(
            f"whether {where.en} has {component.name} ({title.en}) cannot be decided{named}: {why.en}",
            f"{where.ko}에 {component.name}({title.ko}) 항목이 있는지 판정 불가{named}: {why.ko}",
        ),
        reason=why,
        location=possible[0].location if possible else None,
    )
