"""The result of a run: what every report format is rendered from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from scanner.model.comparison import Comparison
from scanner.model.drift import Drift
from scanner.model.finding import Finding, Verdict
from scanner.model.inventory import Level, Notification
from scanner.model.rule import Rule, Severity


@dataclass(slots=True)
class Report:
    """Findings, the rules behind them (by id), notifications, and how the run was made.

    `started` is ISO 8601 in UTC; `inputs` are the paths as given; `base` is the directory that every
    location's path is relative to; `system` names a
    running system that was audited, `identity` says who read it, as it knows the caller; `drift` is the table of a
    comparison of document, code and account. With a `comparison` the findings are those that are new.
    """

    command: str
    started: str
    inputs: list[str]
    baselines: list[str]
    findings: list[Finding]
    rules: dict[str, Rule] = field(default_factory=dict)
    notifications: list[Notification] = field(default_factory=list)
    base: str = "."
    stage: str | None = None
    system: str = ""
    identity: Mapping[str, str] = field(default_factory=dict)
    drift: list[Drift] = field(default_factory=list)
    comparison: Comparison | None = None

    @property
    def complete(self) -> bool:
        """Whether everything that was asked for could be read."""
        return not any(notification.level is Level.ERROR for notification in self.notifications)

    @property
    def summary(self) -> dict[str, int]:
        """Number of findings by verdict, every verdict named."""
        counts = Counter(finding.verdict for finding in self.findings)
        return {verdict.value: counts.get(verdict, 0) for verdict in Verdict}

    def violations(self, threshold: Severity) -> list[Finding]:
        """The findings that fail the run: required, failing, not waived, at or above the threshold."""
        return [finding for finding in self.findings if finding.violates and finding.severity >= threshold]

    def exit_code(self, threshold: Severity, *, strict: bool) -> int:
        """0 clean, 1 violations, 3 incomplete (unread input, or anything unknown under `strict`)."""
        if self.violations(threshold):
            return 1
        undecided = any(finding.verdict is Verdict.UNKNOWN for finding in self.findings)
        return 3 if not self.complete or (strict and undecided) else 0
