"""The JSON report: the contract that scripts and other formats read (scanner/schemas/report.schema.json).

One finding stands on one line, so that large reports can be written and read as a stream.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator

from scanner import __version__
from scanner.model.comparison import Comparison
from scanner.model.drift import Drift
from scanner.model.finding import Enforce, Finding, Fix, ResourceRef, Suppression, Verdict
from scanner.model.inventory import Notification
from scanner.model.location import Location
from scanner.model.report import Report
from scanner.model.rule import Rule
from scanner.model.value import Hop
from scanner.reports.escape import visible_json

SCHEMA_VERSION = "1"


def render(report: Report, *, only: Collection[Verdict] = ()) -> str:
    """The whole report as JSON text; `only` leaves out findings of other verdicts (the summary counts all)."""
    return "".join(chunks(report, only=only))


def chunks(report: Report, *, only: Collection[Verdict] = ()) -> Iterator[str]:
    """The text of `render`, piece by piece."""
    head = {"schema_version": SCHEMA_VERSION, "tool": {"name": "asbuilt", "version": __version__}, "run": _run(report)}
    yield _dump(head)[:-1] + ',\n"findings": ['
    separator = "\n"
    for finding in report.findings:
        if not only or finding.verdict in only:
            yield separator + _dump(finding_data(finding))
            separator = ",\n"
    yield "\n],\n"
    if report.drift:
        yield '"drift": [\n' + ",\n".join(_dump(drift_data(item)) for item in report.drift) + "\n],\n"
    if report.comparison is not None:
        yield from _comparison(report.comparison)
    yield '"rules": [\n' + ",\n".join(_dump(rule_data(rule)) for rule in _named(report, only)) + "\n],\n"
    tail = {"notifications": [_notification(item) for item in report.notifications], "summary": report.summary}
    yield _dump(tail)[1:] + "\n"


def _comparison(comparison: Comparison) -> Iterator[str]:
    head = {"reference": comparison.reference, "known": comparison.known}
    fixed = ",\n".join(_dump(finding_data(finding)) for finding in comparison.fixed)
    yield f'"comparison": {_dump(head)[:-1]}, "fixed": [\n{fixed}\n]}},\n'


def _named(report: Report, only: Collection[Verdict]) -> Iterator[Rule]:
    """The rules behind the findings that are written, once each."""
    written = (finding.rule for finding in report.findings if not only or finding.verdict in only)
    return (report.rules[id_] for id_ in dict.fromkeys(written) if id_ in report.rules)


def rule_data(rule: Rule) -> dict[str, object]:
    """One rule under the published names."""
    return {
        "id": rule.id,
        "title": rule.title.as_dict(),
        "severity": rule.severity.value,
        "category": rule.category,
        "description": rule.description.as_dict(),
        "remediation": rule.remediation.as_dict(),
        "policy": rule.policy,
        "baseline": rule.baseline,
        "section": rule.section,
        "document": rule.document,
        "related": list(rule.related),
    }


def finding_data(finding: Finding) -> dict[str, object]:
    """One finding under the published names."""
    return {
        "requirement": finding.requirement,
        "policy": finding.policy,
        "baseline": finding.baseline,
        "component": finding.component,
        "section": finding.section,
        "kind": finding.kind.value,
        "verdict": finding.verdict.value,
        "reason": finding.reason.as_dict() if finding.reason else None,
        "severity": finding.severity.value,
        "category": finding.category,
        "enforce": finding.enforce.value,
        "title": finding.title.as_dict(),
        "message": finding.message.as_dict(),
        "resource": _ref(finding.resource) if finding.resource else None,
        "location": _span(finding.location) if finding.location else None,
        "path": finding.path,
        "expected": finding.expected,
        "actual": finding.actual,
        "provenance": [_hop(hop) for hop in finding.provenance],
        "fix": _fix(finding.fix) if finding.fix else None,
        "suppression": _suppression(finding.suppression) if finding.suppression else None,
        "fingerprint": finding.fingerprint,
    }


def drift_data(drift: Drift) -> dict[str, object]:
    """One line of the drift table under the published names."""
    return {
        "meaning": drift.meaning.value,
        "policy": drift.meaning.policy,
        "component": drift.component,
        "type": drift.type,
        "path": drift.path,
        "document": drift.document,
        "code": drift.in_code,
        "account": drift.in_account,
        "code_resource": _ref(drift.code) if drift.code else None,
        "account_resource": _ref(drift.account) if drift.account else None,
        "location": _span(drift.location) if drift.location else None,
        "act": drift.act.value,
        "matched_by": drift.matched_by,
        "requirements": list(drift.requirements),
        "severity": drift.severity.value,
        "enforce": (Enforce.REQUIRED if drift.required else Enforce.ADVISORY).value,
        "suppression": _suppression(drift.suppression) if drift.suppression else None,
    }


def _ref(resource: ResourceRef) -> dict[str, str]:
    return {"type": resource.type, "address": resource.address, "origin": resource.origin, "root": resource.root}


def _dump(data: object) -> str:
    return visible_json(json.dumps(data, ensure_ascii=False))


def _run(report: Report) -> dict[str, object]:
    return {
        "command": report.command,
        "started": report.started,
        "inputs": report.inputs,
        "baselines": report.baselines,
        "complete": report.complete,
        **({"stage": report.stage} if report.stage else {}),
        **({"system": report.system} if report.system else {}),
        **({"identity": dict(report.identity)} if report.identity else {}),
    }


def _span(location: Location) -> dict[str, object]:
    return {
        "path": location.path,
        "line": location.line,
        "column": location.column,
        "end_line": location.end_line or location.line,
        "end_column": location.end_column or location.column,
    }


def _hop(hop: Hop) -> dict[str, object]:
    return {"what": hop.what, **_place(hop.location)}


def _place(location: Location | None) -> dict[str, object]:
    """A place that there need not be, beside other fields."""
    nowhere: dict[str, object] = dict.fromkeys(("path", "line", "column", "end_line", "end_column"))
    return _span(location) if location else nowhere


def _fix(fix: Fix) -> dict[str, object]:
    return {
        "description": fix.description.as_dict(),
        "edits": [{"location": _span(edit.location), "replacement": edit.replacement} for edit in fix.edits],
    }


def _suppression(suppression: Suppression) -> dict[str, object]:
    place = suppression.location
    return {
        "reason": suppression.reason,
        "owner": suppression.owner,
        "until": suppression.until,
        "kind": suppression.kind,
        "location": _span(place) if place else None,
    }


def _notification(notification: Notification) -> dict[str, object]:
    return {"level": notification.level.value, "what": notification.what, **_place(notification.location)}
