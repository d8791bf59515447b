"""CSV for spreadsheets: one line a finding, in UTF-8 with a byte order mark, which Excel needs to read Korean."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Collection
from typing import Final

from scanner.model.finding import Finding, Verdict
from scanner.model.report import Report
from scanner.model.value import Plain
from scanner.reports.escape import cell, visible

_MARK: Final = "\ufeff"
COLUMNS: Final = (
    *("baseline", "requirement", "policy", "section", "component", "severity", "enforce", "category", "kind"),
    *("verdict", "title", "message", "resource_type", "resource", "path", "expected", "actual", "file", "line"),
    *("waived_until", "waived_by", "waived_because", "fingerprint"),
)


def render(report: Report, *, language: str = "en", only: Collection[Verdict] = ()) -> str:
    """Every finding, or those of some verdicts, under the names of `COLUMNS`."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for finding in report.findings:
        if not only or finding.verdict in only:
            row = _row(finding, language)
            writer.writerow([_cell(row[name]) for name in COLUMNS])
    return _MARK + text.getvalue()


def _row(finding: Finding, language: str) -> dict[str, Plain]:
    resource, place, waiver = finding.resource, finding.location, finding.suppression
    return {
        "baseline": finding.baseline,
        "requirement": finding.requirement,
        "policy": finding.policy,
        "section": finding.section,
        "component": finding.component,
        "severity": finding.severity.value,
        "enforce": finding.enforce.value,
        "category": finding.category,
        "kind": finding.kind.value,
        "verdict": finding.verdict.value,
        "title": finding.title.in_(language),
        "message": finding.message.in_(language),
        "resource_type": resource.type if resource else None,
        "resource": resource.shown if resource else None,
        "path": finding.path,
        "expected": finding.expected,
        "actual": finding.actual,
        "file": place.path if place else None,
        "line": place.line if place else None,
        "waived_until": waiver.until if waiver else None,
        "waived_by": waiver.owner if waiver else None,
        "waived_because": waiver.reason if waiver else None,
        "fingerprint": finding.fingerprint,
    }


def _cell(value: Plain) -> str:
    if isinstance(value, str):
        return cell(value)
    return "" if value is None else visible(json.dumps(value, ensure_ascii=False))
