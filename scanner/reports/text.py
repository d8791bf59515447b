"""The terminal report: what fails, where and why; what could not be decided; what could not be read."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from scanner.model.finding import Finding, Verdict
from scanner.model.inventory import Level, Notification
from scanner.model.report import Report
from scanner.model.rule import Severity
from scanner.model.words import in_language
from scanner.reports import drift_text
from scanner.reports.canvas import Canvas
from scanner.reports.entry import Writer
from scanner.reports.excerpt import Lines, reader
from scanner.reports.groups import by_reason, grouped
from scanner.reports.messages import say, verdict_word
from scanner.reports.places import Show, as_reported
from scanner.reports.totals import known, outcome

_IDS_PER_REASON: Final = 6
_REASONS: Final = 8


def render(
    report: Report,
    *,
    language: str = "en",
    verbose: bool = False,
    only: Collection[Verdict] = (),
    width: int = 80,
    color: bool = False,
    lines: Lines | None = None,
    show: Show = as_reported,
) -> str:
    """The report for a terminal of `width` cells, in `en` or `ko`.

    `verbose` shows everything, also what passes. `only` shows findings of these verdicts and no others; the counts
    stay those of the whole run. `lines` gives the lines of a scanned file (default: read below the report's base),
    `show` says how places are written.
    """
    canvas = Canvas(width, color=color)
    entries = Writer(report, language, verbose, canvas, lines or reader(report.base), show)
    return _Page(report, language, verbose, canvas, entries, show).render(only)


@dataclass(frozen=True, slots=True)
class _Page:
    """One rendering of a report."""

    report: Report
    language: str
    verbose: bool
    canvas: Canvas
    entries: Writer
    show: Show

    def render(self, only: Collection[Verdict]) -> str:
        shown = [finding for finding in self.report.findings if not only or finding.verdict in only]
        failing = [finding for finding in shown if finding.verdict is Verdict.FAIL]
        undecided = [finding for finding in shown if finding.verdict is Verdict.UNKNOWN]
        others = [finding for finding in shown if finding.verdict not in (Verdict.FAIL, Verdict.UNKNOWN)]
        self._head()
        if self.report.command == "drift":
            drift_text.write(self.canvas, self.report, self.language, self.show, verbose=self.verbose)
        else:
            for group in grouped(failing):
                self.entries.write(group)
        if undecided and (self.verbose or only):
            self._heading(self._say("heading.unknown"), "bold")
            for group in grouped(undecided):
                self.entries.write(group)
        elif undecided:
            self._undecided(undecided)
        if others and (self.verbose or only):
            self._others(others)
        self._fixed()
        self._notifications()
        self._totals()
        return self.canvas.text()

    def _say(self, key: str, **values: object) -> str:
        return say(key, self.language, **values)

    def _heading(self, title: str, style: str) -> None:
        self.canvas.blank()
        self.canvas.line((title, style))

    def _head(self) -> None:
        report = self.report
        names = {"inputs": ", ".join(report.inputs), "baselines": ", ".join(report.baselines), "stage": report.stage}
        key = "against.policies" if not report.baselines else "against.stage" if report.stage else "against"
        self.canvas.line((self._say(key, **names), "dim"))
        if report.identity:
            who = ", ".join(f"{name} {value}" for name, value in report.identity.items())
            self.canvas.line((self._say("identity", who=who), "dim"))

    def _undecided(self, findings: list[Finding]) -> None:
        self._heading(f"{self._say('heading.unknown')} ({len(findings)})", "bold")
        groups = by_reason(findings)
        for group in groups[:_REASONS]:
            first = group.findings[0]
            words = in_language((first.reason or first.message).in_(self.language), self.language)
            self.canvas.labelled(str(len(group.findings)), words, indent=2, column=5)
            ids = group.rules[:_IDS_PER_REASON]
            left = len(group.rules) - len(ids)
            listed = ", ".join(ids) + (f" {self._say('more', number=left)}" if left else "")
            self.canvas.line((listed, "dim"), indent=7)
        left = sum(len(group.findings) for group in groups[_REASONS:])
        if left:
            self.canvas.line((self._say("more.verbose", number=left), "dim"), indent=2)

    def _others(self, findings: list[Finding]) -> None:
        self._heading(self._say("heading.others"), "bold")
        column = 2 + max(len(verdict_word(verdict, "en")) for verdict in Verdict)
        for finding in findings:
            address = f"  {finding.resource.address}" if finding.resource else ""
            words = f"{finding.rule}  {finding.title.in_(self.language)}{address}"
            self.canvas.labelled(verdict_word(finding.verdict, self.language), words, indent=2, column=column)

    def _fixed(self) -> None:
        comparison = self.report.comparison
        if comparison is None or not comparison.fixed:
            return
        self._heading(self._say("heading.fixed", reference=comparison.reference), "bold green")
        for group in grouped(comparison.fixed):
            for rule in group.rules:
                title = next(finding.title for finding in group.findings if finding.rule == rule)
                self.canvas.line((f"{rule}  {title.in_(self.language)}", ""), indent=2)

    def _notifications(self) -> None:
        notifications = sorted(self.report.notifications, key=lambda item: list(Level).index(item.level))
        if notifications:
            complete = self.report.complete
            self._heading(self._say("heading.notifications" if complete else "heading.incomplete"), "bold")
        for item in notifications:
            self._notification(item)

    def _notification(self, item: Notification) -> None:
        style = {Level.ERROR: "red", Level.WARNING: "yellow"}.get(item.level, "dim")
        where = f"{self.show(item.location)}: " if item.location else ""
        word = self._say(f"level.{item.level.value}")
        self.canvas.labelled(
            word, f"{where}{in_language(item.what, self.language)}", indent=2, column=11, label_style=style
        )

    def _totals(self) -> None:
        self.canvas.blank()
        summary = self.report.summary
        style = "bold green"
        if self.report.violations(Severity.LOW):
            style = "bold red"
        elif summary["unknown"] or not self.report.findings:
            style = "bold yellow"
        self.canvas.line((outcome(self.report, self.language), style))
        if already := known(self.report, self.language):
            self.canvas.line((already, "dim"))
        self.canvas.line((", ".join(self._count(verdict, summary[verdict.value]) for verdict in Verdict), "dim"))

    def _count(self, verdict: Verdict, number: int) -> str:
        """How many findings have a verdict; of the failing ones also how many do not count against the run."""
        text = self._say("count.findings", number=number, what=verdict_word(verdict, self.language))
        if verdict is not Verdict.FAIL:
            return text
        failing = [finding for finding in self.report.findings if finding.verdict is Verdict.FAIL]
        waived = sum(finding.suppression is not None for finding in failing)
        advisory = number - waived - len(self.report.violations(Severity.LOW))
        notes = [self._say("count.advisory", number=advisory)] if advisory else []
        notes += [self._say("count.waived", number=waived)] if waived else []
        return f"{text} ({', '.join(notes)})" if notes else text
