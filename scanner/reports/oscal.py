"""OSCAL 1.1.3: a baseline as a component definition, a run as assessment results.

Sources: pages.nist.gov/OSCAL-Reference: "Component Definition" and "Assessment Results", JSON format. Identifiers are
version 5 UUIDs of what they stand for, so that the same baseline and the same finding keep theirs.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable, Mapping
from typing import Any, Final

from scanner import __version__
from scanner.model.finding import Finding, Verdict
from scanner.model.report import Report
from scanner.model.trace import Handling, Statement, Trace
from scanner.reports.escape import visible

OSCAL_VERSION: Final = "1.1.3"
_NAMESPACE: Final = uuid.uuid5(uuid.NAMESPACE_URL, "urn:asbuilt:oscal")
_NS: Final = "urn:asbuilt:oscal"
_REASON: Final[Mapping[Verdict, str]] = {Verdict.PASS: "pass", Verdict.FAIL: "fail"}


def render_component(trace: Trace, *, started: str, language: str = "en") -> str:
    """The baseline as a component definition: one implemented requirement for each obligation of the document.

    `started` is the time that the file is made at, ISO 8601 in UTC.
    """
    statements = _requirements(trace)
    implementation = {
        "uuid": _id("implementation", trace.baseline),
        "source": f"#{_id('document', trace.baseline)}",
        "description": visible(trace.document or trace.baseline),
        "implemented-requirements": [_implemented(trace, item, language) for item in statements],
    }
    component = {
        "uuid": _id("component", trace.baseline),
        "type": "validation",
        "title": f"asbuilt {trace.baseline}",
        "description": f"The obligations of {visible(trace.document or trace.baseline)}, and how each is decided.",
        "control-implementations": [implementation],
    }
    definition = {
        "uuid": _id("definition", trace.baseline),
        "metadata": _metadata(f"{trace.baseline}: component definition", started),
        "components": [component],
        "back-matter": {"resources": [{"uuid": _id("document", trace.baseline), "title": visible(trace.document)}]},
    }
    return _json({"component-definition": definition})


def render_results(trace: Trace, report: Report, *, language: str = "en") -> str:
    """A run as assessment results: an observation for each finding, one OSCAL finding for each decided requirement.

    What could not be decided, and what a person has to confirm, is not satisfied with the reason `other`.
    """
    findings = [item for item in report.findings if item.baseline == trace.baseline and item.requirement]
    applicable = [item for item in findings if item.verdict is not Verdict.NOT_APPLICABLE]
    statements = {item.requirement: item for item in _requirements(trace)}
    by_requirement: dict[str, list[Finding]] = {}
    for finding in applicable:
        by_requirement.setdefault(finding.requirement or "", []).append(finding)
    result: dict[str, Any] = {
        "uuid": _id("result", trace.baseline, report.started),
        "title": f"{trace.baseline} {report.started}",
        "description": f"asbuilt {report.command} of {visible(', '.join(report.inputs))}",
        "start": report.started,
        "reviewed-controls": {"control-selections": [_selection(by_requirement)]},
    }
    items = _inventory(applicable)
    if items:
        result["local-definitions"] = {"inventory-items": items}
    if applicable:
        result["observations"] = [_observation(item, report.started, language) for item in applicable]
        result["findings"] = [
            _finding(statements[id_], group, language) for id_, group in by_requirement.items() if id_ in statements
        ]
    results = {
        "uuid": _id("results", trace.baseline, report.started),
        "metadata": _metadata(f"{trace.baseline}: assessment results", report.started),
        "import-ap": {"href": f"#{_id('plan', trace.baseline)}"},
        "results": [result],
        "back-matter": {
            "resources": [{"uuid": _id("plan", trace.baseline), "title": f"asbuilt {report.command} {trace.baseline}"}]
        },
    }
    return _json({"assessment-results": results})


def _requirements(trace: Trace) -> list[Statement]:
    found = {
        item.requirement: item
        for section in trace.sections
        for item in section.statements
        if item.requirement and item.handling is not Handling.EXCLUDED
    }
    return list(found.values())


def _implemented(trace: Trace, item: Statement, language: str) -> dict[str, Any]:
    facts = {
        "handling": item.handling.value,
        "decided-by": item.how.in_(language),
        "severity": item.severity.value if item.severity else "",
        "enforcement": item.enforce.value if item.enforce else "",
        "stage": item.stage or "",
    }
    return {
        "uuid": _id("requirement", trace.baseline, item.requirement or ""),
        "control-id": item.requirement,
        "description": visible(item.title.in_(language)),
        "props": _props(facts),
    }


def _selection(by_requirement: Mapping[str, object]) -> dict[str, Any]:
    if not by_requirement:
        return {"include-all": {}}
    return {"include-controls": [{"control-id": id_} for id_ in by_requirement]}


def _inventory(findings: Iterable[Finding]) -> list[dict[str, Any]]:
    """Every resource that a finding is about."""
    found: dict[str, dict[str, Any]] = {}
    for finding in findings:
        resource = finding.resource
        if resource is not None:
            key = _id("resource", resource.root, resource.address)
            facts = {"type": resource.type, "origin": resource.origin, "root": resource.root}
            found[key] = {"uuid": key, "description": visible(resource.address), "props": _props(facts)}
    return list(found.values())


def _observation(finding: Finding, started: str, language: str) -> dict[str, Any]:
    facts = {
        "verdict": finding.verdict.value,
        "path": finding.path or "",
        "location": str(finding.location) if finding.location else "",
        "component": finding.component or "",
        "fingerprint": finding.fingerprint,
    }
    observation: dict[str, Any] = {
        "uuid": _id("observation", finding.fingerprint),
        "title": visible(finding.title.in_(language)),
        "description": visible(finding.message.in_(language)),
        "props": _props(facts),
        "methods": ["TEST"],
        "collected": started,
    }
    if finding.resource is not None:
        subject = _id("resource", finding.resource.root, finding.resource.address)
        observation["subjects"] = [{"subject-uuid": subject, "type": "inventory-item"}]
    return observation


def _finding(item: Statement, group: list[Finding], language: str) -> dict[str, Any]:
    verdict = next(
        grave for grave in (Verdict.FAIL, Verdict.UNKNOWN, Verdict.REVIEW, Verdict.PASS)
        if any(finding.verdict is grave for finding in group)
    )  # fmt: skip
    status: dict[str, Any] = {
        "state": "satisfied" if verdict is Verdict.PASS else "not-satisfied",
        "reason": _REASON.get(verdict, "other"),
    }
    if verdict not in _REASON:
        status["remarks"] = verdict.value
    return {
        "uuid": _id("finding", *sorted(finding.fingerprint for finding in group)),
        "title": visible(item.title.in_(language)),
        "description": visible(item.how.in_(language)),
        "target": {"type": "objective-id", "target-id": item.requirement, "status": status},
        "related-observations": [{"observation-uuid": _id("observation", finding.fingerprint)} for finding in group],
    }


def _metadata(title: str, modified: str) -> dict[str, Any]:
    return {"title": title, "last-modified": modified, "version": __version__, "oscal-version": OSCAL_VERSION}


def _props(facts: Mapping[str, str]) -> list[dict[str, str]]:
    return [{"name": name, "ns": _NS, "value": visible(value)} for name, value in facts.items() if value.strip()]


def _id(*parts: str) -> str:
    return str(uuid.uuid5(_NAMESPACE, "\0".join(parts)))


def _json(data: dict[str, Any]) -> str:
    return json.dumps(data, ensure_ascii=False, indent=2) + "\n"
