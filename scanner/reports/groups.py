"""Puts findings together the way people read them: by requirement, and by component where the code has none."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from scanner.model.finding import Enforce, Finding, Verdict
from scanner.model.location import Location
from scanner.model.rule import Severity


@dataclass(slots=True)
class Same:
    """Findings of one rule that say the same about the same place: one loop, several instances."""

    finding: Finding
    addresses: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Group:
    """What is shown under one heading: the findings of one rule, or of all rules on a component that is missing."""

    findings: list[Finding]
    unbound: str | None = None

    @property
    def severity(self) -> Severity:
        """The highest severity in the group."""
        return max(finding.severity for finding in self.findings)

    @property
    def advisory(self) -> bool:
        """Whether nothing in the group counts against the exit code."""
        return all(finding.enforce is Enforce.ADVISORY for finding in self.findings)

    @property
    def rules(self) -> list[str]:
        """The ids of the rules, once each, in order."""
        return list(dict.fromkeys(finding.rule for finding in self.findings))

    def merged(self) -> list[Same]:
        """The findings, with those that point at the same place with the same words made one."""
        same: dict[tuple[str, str, Location | None, bool], Same] = {}
        for finding in self.findings:
            reason = finding.reason.en if finding.reason else ""
            key = (finding.message.en, reason, finding.location, finding.suppression is None)
            entry = same.setdefault(key, Same(finding))
            if finding.resource is not None:
                entry.addresses.append(finding.resource.shown)
        return list(same.values())


def is_unbound(finding: Finding) -> bool:
    """Whether the finding says that the code has no resource for a component."""
    undecided_or_missing = finding.verdict in (Verdict.FAIL, Verdict.UNKNOWN)
    return undecided_or_missing and finding.resource is None and finding.component is not None


def grouped(findings: Iterable[Finding]) -> list[Group]:
    """Groups, the most severe first, advisory ones last, otherwise in the order of the report."""
    groups: dict[tuple[str, ...], Group] = {}
    for finding in findings:
        baseline = finding.baseline or ""
        if is_unbound(finding):
            component = finding.component or ""
            key = ("component", baseline, component, finding.message.en)
            groups.setdefault(key, Group([], unbound=component)).findings.append(finding)
        else:
            groups.setdefault(("rule", baseline, finding.rule), Group([])).findings.append(finding)
    return sorted(groups.values(), key=lambda group: (group.advisory, -group.severity.rank))


def by_reason(findings: Iterable[Finding]) -> list[Group]:
    """Undecided findings put together by the reason why, the most frequent first."""
    groups: dict[str, Group] = {}
    for finding in findings:
        reason = finding.reason or finding.message
        groups.setdefault(reason.en, Group([])).findings.append(finding)
    return sorted(groups.values(), key=lambda group: -len(group.findings))
