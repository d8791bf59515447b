"""JUnit XML, which CI systems show as a table of tests: one suite a baseline, one case a finding.

The schema is that of Jenkins' xUnit plugin ("junit-10.xsd"), with the attribute `file` that GitLab reads.
A violation is a failure. What counts for nothing (waived, advisory, to be attested, undecided) is skipped and says why:
a reader of a green table must not take it for a pass. What could not be read is an error.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Sequence
from typing import Final
from xml.etree import ElementTree

from scanner.model.finding import Enforce, Finding, Verdict
from scanner.model.inventory import Level, Notification
from scanner.model.report import Report
from scanner.model.words import in_language
from scanner.reports.escape import visible
from scanner.reports.messages import say, severity_word, verdict_word, waiver_words

# What XML 1.0 section 2.2 does not allow in a document, however it is written.
_NO_XML: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_POLICIES: Final = "policies"


def render(report: Report, *, language: str = "en", only: Collection[Verdict] = ()) -> str:
    """The report as JUnit XML; what does not apply is left out unless `only` names it."""
    wanted = only or [verdict for verdict in Verdict if verdict is not Verdict.NOT_APPLICABLE]
    suites: dict[str, list[ElementTree.Element]] = {}
    for finding in report.findings:
        if finding.verdict in wanted:
            suites.setdefault(finding.baseline or _POLICIES, []).append(_case(finding, language))
    errors = [item for item in report.notifications if item.level is Level.ERROR]
    if errors:
        suites[say("heading.incomplete", language)] = [_unread(item, language) for item in errors]
    every = [case for cases in suites.values() for case in cases]
    root = ElementTree.Element("testsuites", {"name": "asbuilt", **_counts(every)})
    for name, cases in suites.items():
        named = {"name": _clean(name), "timestamp": report.started.rstrip("Z")}
        suite = ElementTree.SubElement(root, "testsuite", {**named, **_counts(cases)})
        suite.extend(cases)
    ElementTree.indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{ElementTree.tostring(root, encoding="unicode")}\n'


def _counts(cases: Sequence[ElementTree.Element]) -> dict[str, str]:
    ends = Counter(end.tag for case in cases for end in case)
    return {
        "tests": str(len(cases)),
        "failures": str(ends["failure"]),
        "errors": str(ends["error"]),
        "skipped": str(ends["skipped"]),
    }


def _case(finding: Finding, language: str) -> ElementTree.Element:
    where = finding.resource.shown if finding.resource else finding.component or ""
    name = f"{finding.rule} {finding.title.in_(language)}" + (f" [{where}]" if where else "")
    classname = f"{finding.baseline or _POLICIES}.{finding.category}"
    case = ElementTree.Element("testcase", name=_clean(name), classname=_clean(classname), time="0")
    if finding.location is not None:
        case.set("file", _clean(finding.location.path))
        case.set("line", str(finding.location.line))
    _end(case, finding, language)
    return case


def _end(case: ElementTree.Element, finding: Finding, language: str) -> None:
    message = finding.message.in_(language)
    if finding.verdict is Verdict.PASS:
        return
    if finding.violates:
        severity = severity_word(finding.severity, language)
        failure = ElementTree.SubElement(case, "failure", message=_clean(message), type=_clean(severity))
        failure.text = _clean("\n".join([f"{finding.location}" if finding.location else "", message]).strip())
        return
    ElementTree.SubElement(case, "skipped", message=_clean(f"{_why(finding, language)}: {message}"))


def _why(finding: Finding, language: str) -> str:
    """Why a finding that is no pass does not count."""
    if finding.suppression is not None:
        waiver = finding.suppression
        return waiver_words(waiver, language)
    if finding.verdict is Verdict.FAIL and finding.enforce is Enforce.ADVISORY:
        return say("advisory", language)
    return verdict_word(finding.verdict, language)


def _unread(item: Notification, language: str) -> ElementTree.Element:
    what = _clean(in_language(item.what, language))
    case = ElementTree.Element("testcase", name=what, classname="input", time="0")
    if item.location is not None:
        case.set("file", _clean(item.location.path))
    ElementTree.SubElement(case, "error", message=what, type="unread")
    return case


def _clean(text: str) -> str:
    return _NO_XML.sub("�", "\n".join(visible(line) for line in text.split("\n")))
