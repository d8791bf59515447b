"""One line for each violation, as compilers print them: for hooks and editors. Needs no terminal library."""

from __future__ import annotations

from collections.abc import Collection

from scanner.model.finding import Enforce, Finding, Verdict
from scanner.model.report import Report
from scanner.reports.escape import visible
from scanner.reports.groups import Group, grouped
from scanner.reports.messages import say, severity_word
from scanner.reports.places import Show, as_reported


def render(report: Report, *, language: str = "en", only: Collection[Verdict] = (), show: Show = as_reported) -> str:
    """`path:line:column: severity ID: message (address)`; a component that is missing makes one line."""
    wanted = only or (Verdict.FAIL,)
    findings = [finding for finding in report.findings if finding.verdict in wanted and finding.suppression is None]
    lines: list[str] = []
    for group in grouped(findings):
        if group.unbound:
            lines.append(_unbound(group, language))
        else:
            lines.extend(_line(finding, language, show) for finding in group.findings)
    return "".join(f"{visible(line)}\n" for line in lines)


def _line(finding: Finding, language: str, show: Show) -> str:
    place = f"{show(finding.location)}: " if finding.location else ""
    address = f" ({finding.resource.shown})" if finding.resource else ""
    severity = severity_word(finding.severity, language)
    if finding.enforce is Enforce.ADVISORY:
        severity += f" ({say('advisory', language)})"
    return f"{place}{severity} {finding.rule}: {finding.message.in_(language)}{address}"


def _unbound(group: Group, language: str) -> str:
    severity = severity_word(group.severity, language)
    component = say("component", language, component=group.unbound)
    ids = group.rules
    binds = say("binds.one" if len(ids) == 1 else "binds", language, number=len(ids), ids=", ".join(ids))
    return f"{severity} {component}: {group.findings[0].message.in_(language)} ({binds})"
