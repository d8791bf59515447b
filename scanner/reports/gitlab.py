"""GitLab's code quality report, which merge requests show beside the changed lines.

The fields are those that GitLab documents ("Code Quality: implement a custom tool"): description, check_name,
fingerprint, severity, and location with path and first line. It knows no suppression: what is waived is left out.
"""

from __future__ import annotations

import json
from collections.abc import Collection
from typing import Final

from scanner.model.finding import Enforce, Finding, Verdict
from scanner.model.report import Report
from scanner.model.rule import Severity
from scanner.reports.escape import visible_json
from scanner.reports.places import scanned

_SEVERITIES: Final = {
    Severity.CRITICAL: "blocker",
    Severity.HIGH: "critical",
    Severity.MEDIUM: "major",
    Severity.LOW: "minor",
}


def render(report: Report, *, language: str = "en", only: Collection[Verdict] = (Verdict.FAIL,)) -> str:
    """The findings of these verdicts as a JSON list."""
    issues = [
        _issue(finding, report, language)
        for finding in report.findings
        if finding.verdict in only and finding.suppression is None
    ]
    return visible_json(json.dumps(issues, ensure_ascii=False, indent=1)) + "\n"


def _issue(finding: Finding, report: Report, language: str) -> dict[str, object]:
    place = finding.location
    counts = finding.verdict is Verdict.FAIL and finding.enforce is Enforce.REQUIRED
    return {
        "description": f"{finding.rule}: {finding.message.in_(language)}",
        "check_name": finding.rule,
        "fingerprint": finding.fingerprint,
        "severity": _SEVERITIES[finding.severity] if counts else "info",
        "location": {
            "path": place.path if place else scanned(report),
            "lines": {"begin": place.line if place else 1},
        },
    }
