"""The terminal report: what fails, where and why; what could not be decided; what could not be read."""

from __future__ import annotations

import json
from collections.abc import Collection
from typing import Final

from scanner.model.finding import Finding, Verdict
from scanner.model.inventory import Level, Notification
from scanner.model.report import Report
from scanner.model.rule import Severity
from scanner.model.value import Plain
from scanner.reports.canvas import Canvas
from scanner.reports.excerpt import Lines, excerpt, is_secret, reader
from scanner.reports.groups import Group, Same, by_reason, grouped
from scanner.reports.messages import say, severity_word, verdict_word
from scanner.reports.places import Show, as_reported

STYLES: Final = {
    Severity.CRITICAL: "bold red",
    Severity.HIGH: "red",
    Severity.MEDIUM: "yellow",
    Severity.LOW: "cyan",
}
_COLUMN: Final = 11
_LABEL: Final = 2
_FEW: Final = 3
_WHAT: Final = 28
_IDS_PER_REASON: Final = 6
_REASONS: Final = 8
_LONG_VALUE: Final = 300


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
    page = _Page(report, language, verbose, Canvas(width, color=color))
    if lines is not None:
        page.lines = lines
    page.show = show
    return page.render(only)


class _Page:
    """One rendering of a report."""

    def __init__(self, report: Report, language: str, verbose: bool, canvas: Canvas) -> None:
        self.report = report
        self.language = language
        self.verbose = verbose
        self.canvas = canvas
        self.lines: Lines = reader(report.base)
        self.show: Show = as_reported

    def render(self, only: Collection[Verdict]) -> str:
        shown = [finding for finding in self.report.findings if not only or finding.verdict in only]
        failing = [finding for finding in shown if finding.verdict is Verdict.FAIL]
        undecided = [finding for finding in shown if finding.verdict is Verdict.UNKNOWN]
        others = [finding for finding in shown if finding.verdict not in (Verdict.FAIL, Verdict.UNKNOWN)]
        self._head()
        for group in grouped(failing):
            self._group(group)
        if undecided and (self.verbose or only):
            self._heading(self._say("heading.unknown"), "bold")
            for group in grouped(undecided):
                self._group(group)
        elif undecided:
            self._undecided(undecided)
        if others and (self.verbose or only):
            self._others(others)
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

    def _group(self, group: Group) -> None:
        first = group.findings[0]
        self.canvas.blank()
        word = severity_word(group.severity, self.language)
        style = "dim" if group.advisory else STYLES[group.severity]
        self.canvas.labelled(word, self._title(group), indent=0, column=_COLUMN, style="bold", label_style=style)
        if group.unbound:
            self._unbound(group)
            return
        for same in group.merged():
            self._same(same, style)
        self._advice(first)

    def _title(self, group: Group) -> str:
        first = group.findings[0]
        notes = [self._say("advisory")] if group.advisory else []
        if group.unbound:
            title = self._say("component", component=group.unbound)
            return f"{title} ({notes[0]})" if notes else title
        if first.section:
            notes.insert(0, self._say("section", section=first.section))
        cited = f" ({', '.join(notes)})" if notes else ""
        return f"{first.rule}{cited} {first.title.in_(self.language)}"

    def _unbound(self, group: Group) -> None:
        self.canvas.line((group.findings[0].message.in_(self.language), ""), indent=_COLUMN)
        ids = group.rules
        key = "binds.one" if len(ids) == 1 else "binds"
        self.canvas.line((self._say(key, number=len(ids), ids=", ".join(ids)), "dim"), indent=_COLUMN)

    def _same(self, same: Same, style: str) -> None:
        finding, canvas = same.finding, self.canvas
        if finding.suppression is not None:
            waiver = finding.suppression
            words = self._say("waived", until=waiver.until, owner=waiver.owner, reason=waiver.reason)
            canvas.line((words, "dim"), indent=_COLUMN)
        canvas.line((finding.message.in_(self.language), ""), indent=_COLUMN)
        if finding.reason is not None and finding.reason.en not in finding.message.en:
            canvas.line((finding.reason.in_(self.language), ""), indent=_COLUMN)
        self._addresses(same)
        self._place(finding, style)
        self._evidence(finding)
        self._chain(finding)

    def _addresses(self, same: Same) -> None:
        addresses = same.addresses if self.verbose else same.addresses[:_FEW]
        component = f" ({same.finding.component})" if same.finding.component else ""
        label = self._say("label.resource")
        for address in addresses:
            self.canvas.labelled(label, address + component, indent=_LABEL, column=_COLUMN - _LABEL)
            label = ""
        left = len(same.addresses) - len(addresses)
        if left:
            self.canvas.line((self._say("more", number=left), "dim"), indent=_COLUMN)

    def _place(self, finding: Finding, style: str) -> None:
        if finding.location is None:
            return
        place = self.show(finding.location)
        self.canvas.labelled(self._say("label.at"), place, indent=_LABEL, column=_COLUMN - _LABEL, wrap=False)
        piece = excerpt(finding, self.lines)
        if piece is not None:
            self.canvas.excerpt(piece, indent=_COLUMN, style=style)
        elif is_secret(finding):
            self.canvas.line((self._say("hidden.line"), "dim"), indent=_COLUMN)

    def _evidence(self, finding: Finding) -> None:
        """What was expected and found, unless the message has it in these words already."""
        if finding.path is None or (finding.expected is None and finding.actual is None):
            return
        shown = {"label.actual": self._data(finding.actual)}
        if finding.expected is not None:
            shown = {"label.expected": self._data(finding.expected), **shown}
        if not self.verbose and all(text in finding.message.en for text in shown.values()):
            return
        for label, text in shown.items():
            self.canvas.labelled(self._say(label), text, indent=_LABEL, column=_COLUMN - _LABEL)

    def _data(self, data: Plain) -> str:
        if data is None:
            return self._say("absent")
        text = data if isinstance(data, str) and data.strip() else json.dumps(data, ensure_ascii=False)
        return text if self.verbose or len(text) <= _LONG_VALUE else text[:_LONG_VALUE] + "…"

    def _chain(self, finding: Finding) -> None:
        """The way from the attribute to the value, unless it is all in the place shown already."""
        hops = finding.provenance
        if len(hops) < 2 and all(hop.location in (None, finding.location) for hop in hops):
            return
        label = self._say("label.from")
        longest = min(max(len(hop.what) for hop in hops), _WHAT)
        for hop in hops:
            where = self.show(hop.location).rpartition(":")[0] if hop.location else ""
            words = f"{hop.what:<{longest}}  {where}" if where else hop.what
            self.canvas.labelled(label, words, indent=_LABEL, column=_COLUMN - _LABEL, style="dim", wrap=not where)
            label = ""

    def _advice(self, finding: Finding) -> None:
        rule = self.report.rules.get(finding.rule)
        if finding.verdict is not Verdict.FAIL or rule is None:
            return
        texts = [("label.fix", rule.remediation)]
        if self.verbose:
            texts.insert(0, ("label.why", rule.description))
        for label, text in texts:
            words = text.in_(self.language)
            if words:
                self.canvas.labelled(self._say(label), words, indent=_LABEL, column=_COLUMN - _LABEL)

    def _undecided(self, findings: list[Finding]) -> None:
        self._heading(f"{self._say('heading.unknown')} ({len(findings)})", "bold")
        groups = by_reason(findings)
        for group in groups[:_REASONS]:
            first = group.findings[0]
            words = (first.reason or first.message).in_(self.language)
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
        self.canvas.labelled(word, f"{where}{item.what}", indent=2, column=11, label_style=style)

    def _totals(self) -> None:
        self.canvas.blank()
        summary = self.report.summary
        violating = self.report.violations(Severity.LOW)
        if violating:
            self.canvas.line((self._violated(violating), "bold red"))
        elif not self.report.findings:
            self.canvas.line((self._say("total.empty"), "bold yellow"))
        elif summary["unknown"]:
            self.canvas.line((self._say("total.clean.unknown", number=summary["unknown"]), "bold yellow"))
        else:
            self.canvas.line((self._say("total.clean"), "bold green"))
        counts = [
            self._say("count.findings", number=summary[verdict.value], what=verdict_word(verdict, self.language))
            for verdict in Verdict
        ]
        self.canvas.line((", ".join(counts), "dim"))

    def _violated(self, findings: list[Finding]) -> str:
        worst: dict[str, Severity] = {}
        for finding in findings:
            worst[finding.rule] = max(finding.severity, worst.get(finding.rule, Severity.LOW))
        severities = [
            f"{count} {severity_word(severity, self.language)}"
            for severity in sorted(Severity, reverse=True)
            if (count := list(worst.values()).count(severity))
        ]
        key = "total.rules.one" if len(worst) == 1 else "total.rules"
        return self._say("total.fail", rules=self._say(key, number=len(worst)), severities=", ".join(severities))
