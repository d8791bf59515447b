"""What came out of a run, in one sentence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from scanner.model.finding import Finding
from scanner.model.report import Report
from scanner.model.rule import Severity
from scanner.reports.messages import say, severity_word


def outcome(report: Report, language: str) -> str:
    """Whether the infrastructure is as designed, and if not how far from it."""
    violating = report.violations(Severity.LOW)
    if violating:
        return _different(violating, language) if report.command == "drift" else _violated(violating, language)
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
    rules = say("total.rules.one" if len(worst) == 1 else "total.rules", language, number=len(worst))
    return say("total.fail", language, rules=rules, severities=_counted(worst.values(), language))


def _different(findings: list[Finding], language: str) -> str:
    """Of drift every line is a difference of its own."""
    number = len(findings)
    found = say("total.differences.one" if number == 1 else "total.differences", language, number=number)
    severities = _counted([finding.severity for finding in findings], language)
    return say("total.drift", language, differences=found, severities=severities)


def _counted(found: Iterable[Severity], language: str) -> str:
    """How many there are of each severity, the gravest first."""
    counts = Counter(found)
    return ", ".join(
        say("count.findings", language, number=counts[severity], what=severity_word(severity, language))
        for severity in sorted(counts, reverse=True)
    )
