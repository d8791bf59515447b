"""What came out of a run, in one sentence."""

from __future__ import annotations

from scanner.model.finding import Finding
from scanner.model.report import Report
from scanner.model.rule import Severity
from scanner.reports.messages import say, severity_word


def outcome(report: Report, language: str) -> str:
    """Whether the infrastructure is as designed, and if not how far from it."""
    violating = report.violations(Severity.LOW)
    if violating:
        return _violated(violating, language)
    if report.comparison is not None and not report.summary["unknown"]:
        return say("total.new", language, reference=report.comparison.reference)
    if not report.findings:
        return say("total.empty", language)
    undecided = report.summary["unknown"]
    return say("total.clean.unknown", language, number=undecided) if undecided else say("total.clean", language)


def known(report: Report, language: str) -> str:
    """How much was known before and is left out; nothing where nothing was."""
    comparison = report.comparison
    if comparison is None or not comparison.known:
        return ""
    return say("total.known", language, number=comparison.known, reference=comparison.reference)


def _violated(findings: list[Finding], language: str) -> str:
    worst: dict[str, Severity] = {}
    for finding in findings:
        worst[finding.rule] = max(finding.severity, worst.get(finding.rule, Severity.LOW))
    severities = [
        say("count.findings", language, number=count, what=severity_word(severity, language))
        for severity in sorted(Severity, reverse=True)
        if (count := list(worst.values()).count(severity))
    ]
    rules = say("total.rules.one" if len(worst) == 1 else "total.rules", language, number=len(worst))
    return say("total.fail", language, rules=rules, severities=", ".join(severities))
