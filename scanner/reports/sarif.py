"""SARIF 2.1.0, for GitHub code scanning and other viewers.

Follows the OASIS standard and the limits that GitHub documents for uploads ("SARIF support for code scanning"):
25,000 results a run, 10 MB compressed, 1,000 locations a result, 1,024 characters in a rule's descriptions, and a
file in every location. Where a limit cuts, what counts and is severe stays, and a notification says what went.
Code scanning ignores `kind`, so only violations are written unless the caller asks for more.
"""

from __future__ import annotations

import gzip
import json
import re
from collections import Counter
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Final, TypeAlias
from urllib.parse import quote

from scanner import __version__
from scanner.model.finding import Edit, Enforce, Finding, Fix, Verdict
from scanner.model.inventory import Level, Notification
from scanner.model.location import Location
from scanner.model.report import Report
from scanner.model.waiver import WaiverKind
from scanner.model.words import in_language
from scanner.reports.escape import visible_json
from scanner.reports.messages import say, waiver_words
from scanner.reports.places import scanned
from scanner.reports.sarif_rules import descriptor, level

Json: TypeAlias = dict[str, object]

SCHEMA_URI: Final = "https://json.schemastore.org/sarif-2.1.0.json"
MAX_RESULTS: Final = 25_000
MAX_BYTES: Final = 10_000_000
_MAX_RELATED: Final = 999
# The standard wants a URI about the tool. It need not be a page: this names the tool without claiming one.
_ABOUT: Final = "urn:asbuilt:scanner"
_BASE: Final = "SRCROOT"
_KINDS: Final = {
    Verdict.PASS: "pass",
    Verdict.FAIL: "fail",
    Verdict.UNKNOWN: "open",
    Verdict.REVIEW: "review",
    Verdict.NOT_APPLICABLE: "notApplicable",
}
_LEVELS: Final = {Level.ERROR: "error", Level.WARNING: "warning", Level.NOTE: "note"}
_LINK: Final = re.compile(r"\[(?=[^\[\]]*\]\()")
_TAGS: Final = {"en": "en-US", "ko": "ko-KR"}


def render(
    report: Report,
    *,
    language: str = "en",
    only: Collection[Verdict] = (Verdict.FAIL,),
    limit: int = MAX_RESULTS,
) -> str:
    """The report as a SARIF log; `only` names the verdicts to write, `limit` the number of results to keep."""
    wanted = sorted((finding for finding in report.findings if finding.verdict in only), key=_weight)
    kept = wanted[:limit]
    text = _log(report, language, kept, len(wanted))
    while kept and _compressed(text) > MAX_BYTES:
        kept = kept[: len(kept) * 3 // 4]
        text = _log(report, language, kept, len(wanted))
    return text


def _log(report: Report, language: str, kept: Sequence[Finding], found: int) -> str:
    log = {"$schema": SCHEMA_URI, "version": "2.1.0", "runs": [_run(report, language, kept, found)]}
    return visible_json(json.dumps(log, ensure_ascii=False, indent=1)) + "\n"


def _compressed(text: str) -> int:
    """The size of the upload in bytes; what is small enough already is not compressed to find out."""
    data = text.encode()
    return len(data) if len(data) <= MAX_BYTES else len(gzip.compress(data))


def _run(report: Report, language: str, kept: Sequence[Finding], found: int) -> Json:
    ids = list(dict.fromkeys(finding.rule for finding in kept))
    index = {rule: position for position, rule in enumerate(ids)}
    seen: Counter[str] = Counter()
    results = []
    for finding in kept:
        seen[finding.fingerprint] += 1
        results.append(_result(finding, report, language, index[finding.rule], seen[finding.fingerprint]))
    notifications = [_notification(item, language) for item in report.notifications]
    if len(kept) < found:
        text = say("sarif.cut", language, number=found - len(kept), kept=len(kept))
        notifications.append({"level": "warning", "message": {"text": text}})
    run: Json = {
        "tool": {"driver": _driver(report, kept, language)},
        "invocations": [
            {
                "executionSuccessful": report.complete,
                "startTimeUtc": report.started,
                "toolExecutionNotifications": notifications,
            }
        ],
        "originalUriBaseIds": {_BASE: {"uri": Path(report.base).absolute().as_uri().rstrip("/") + "/"}},
        "language": _TAGS.get(language, "en-US"),
        "columnKind": "unicodeCodePoints",
        "results": results,
        "properties": {"baselines": report.baselines, "stage": report.stage, "summary": report.summary},
    }
    if report.baselines:
        run["automationDetails"] = {"id": f"asbuilt/{'+'.join(report.baselines)}/"}
    return run


def _weight(finding: Finding) -> tuple[bool, int]:
    """Sort key: what counts before what is only advised, the most severe first."""
    return finding.enforce is Enforce.ADVISORY, -finding.severity.rank


def _driver(report: Report, findings: Collection[Finding], language: str) -> Json:
    first = {finding.rule: finding for finding in reversed(list(findings))}
    ids = dict.fromkeys(finding.rule for finding in findings)
    return {
        "name": "asbuilt",
        "version": __version__,
        "semanticVersion": __version__,
        "informationUri": _ABOUT,
        "rules": [descriptor(first[id_], report.rules.get(id_), language) for id_ in ids],
    }


def _result(finding: Finding, report: Report, language: str, rule_index: int, occurrence: int) -> Json:
    result: Json = {
        "ruleId": finding.rule,
        "ruleIndex": rule_index,
        "kind": _KINDS[finding.verdict],
        "level": level(finding) if finding.verdict is Verdict.FAIL else "none",
        "message": {"text": _message(finding, report, language)},
        "locations": [_location(finding, report)],
        "partialFingerprints": {
            "asbuilt/v1": finding.fingerprint,
            "primaryLocationLineHash": f"{finding.fingerprint}:{occurrence}",
        },
        "properties": {
            "verdict": finding.verdict.value,
            "severity": finding.severity.value,
            "enforce": finding.enforce.value,
            "component": finding.component,
            "path": finding.path,
            "expected": finding.expected,
            "actual": finding.actual,
        },
    }
    related = _related(finding)
    if related:
        result["relatedLocations"] = related
    if finding.fix is not None:
        result["fixes"] = [_fix(finding.fix, language)]
    if finding.suppression is not None:
        waiver = finding.suppression
        words = waiver_words(waiver, language)
        suppression: Json = {"kind": "external", "status": "accepted", "justification": words}
        if waiver.location is not None and waiver.kind != WaiverKind.CONFIG:
            suppression |= {"kind": "inSource", "location": _physical(waiver.location)}
        result["suppressions"] = [suppression]
    return result


def _message(finding: Finding, report: Report, language: str) -> str:
    # `[text](target)` would be a link (SARIF 2.1.0, section 3.11.6).
    message = _LINK.sub(r"\[", finding.message.in_(language))
    rule = report.rules.get(finding.rule)
    if finding.section is None:
        return message
    document = rule.document if rule else None
    key = "section.document" if document else "section"
    citation = say(key, language, section=finding.section, document=document)
    return say("sarif.cited", language, message=message, citation=citation)


def _location(finding: Finding, report: Report) -> Json:
    """Where the finding is; without a place in a file it is the scanned directory, since viewers insist on a place."""
    location = _physical(finding.location or Location(scanned(report), 1))
    if finding.resource is not None:
        name = finding.resource.address
        location["logicalLocations"] = [{"fullyQualifiedName": name, "name": name, "kind": "resource"}]
    elif finding.component is not None:
        location["logicalLocations"] = [{"name": finding.component, "kind": "object"}]
    return location


def _physical(place: Location) -> Json:
    return {"physicalLocation": {"artifactLocation": _artifact(place), "region": _region(place)}}


def _artifact(place: Location) -> Json:
    return {"uri": _uri(place.path), **({} if place.path.startswith("/") else {"uriBaseId": _BASE})}


def _uri(path: str) -> str:
    """A relative or absolute URI for a path; bytes that are no UTF-8 are kept as they are."""
    encoded = quote(path.encode("utf-8", "surrogateescape"), safe="/-._~!$&'()*+,;=@")
    return f"file://{encoded}" if path.startswith("/") else encoded


def _region(place: Location) -> Json:
    region: Json = {"startLine": place.line, "startColumn": place.column}
    if place.end_line:
        region["endLine"] = place.end_line
        region["endColumn"] = place.end_column
    return region


def _related(finding: Finding) -> list[Json]:
    places = [hop for hop in finding.provenance if hop.location is not None and hop.location != finding.location]
    return [
        {"id": number, **_physical(hop.location), "message": {"text": hop.what}}
        for number, hop in enumerate(places[:_MAX_RELATED], 1)
        if hop.location is not None
    ]


def _fix(fix: Fix, language: str) -> Json:
    by_file: dict[str, list[Edit]] = {}
    for edit in fix.edits:
        by_file.setdefault(edit.location.path, []).append(edit)
    return {
        "description": {"text": fix.description.in_(language)},
        "artifactChanges": [
            {"artifactLocation": _artifact(edits[0].location), "replacements": [_replacement(edit) for edit in edits]}
            for edits in by_file.values()
        ],
    }


def _replacement(edit: Edit) -> Json:
    replacement: Json = {"deletedRegion": _region(edit.location)}
    return {**replacement, "insertedContent": {"text": edit.replacement}} if edit.replacement else replacement


def _notification(item: Notification, language: str) -> Json:
    text = in_language(item.what, language)
    notification: Json = {"level": _LEVELS[item.level], "message": {"text": text}}
    if item.location is not None:
        notification["locations"] = [_physical(item.location)]
    return notification
