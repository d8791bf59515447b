"""Annotations in the log of a GitHub Actions run ("Workflow commands for GitHub Actions").

GitHub shows ten errors and ten warnings of a step and drops the rest without a word, so the most severe come first,
and the last line says how many there are.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from scanner.model.finding import Enforce, Finding, Verdict
from scanner.model.inventory import Level
from scanner.model.report import Report
from scanner.model.rule import Severity
from scanner.model.words import in_language
from scanner.reports.escape import visible
from scanner.reports.messages import say

LIMIT: Final = 10
"""Annotations of one level that GitHub shows of one step."""


def render(report: Report, *, language: str = "en", only: Collection[Verdict] = (Verdict.FAIL,)) -> str:
    """One workflow command a finding, and one for each thing that could not be read."""
    found = [finding for finding in report.findings if finding.verdict in only and finding.suppression is None]
    lines: dict[str, list[str]] = {"error": [], "warning": [], "notice": []}
    for item in report.notifications:
        if item.level is Level.ERROR:
            place = f"file={_property(item.location.path)},line={item.location.line}," if item.location else ""
            title = _property(say("level.error", language))
            lines["error"].append(f"::error {place}title={title}::{_data(in_language(item.what, language))}")
    for finding in sorted(found, key=lambda finding: -finding.severity.rank):
        level = _level(finding)
        lines[level].append(_command(level, finding, language))
    shown = [line for level in lines.values() for line in level[:LIMIT]]
    left = sum(len(level[LIMIT:]) for level in lines.values())
    if left:
        shown.append(f"::notice title=asbuilt::{_data(say('github.cut', language, number=left, limit=LIMIT))}")
    return "".join(f"{line}\n" for line in shown)


def _level(finding: Finding) -> str:
    if finding.verdict is not Verdict.FAIL or finding.enforce is Enforce.ADVISORY:
        return "notice"
    return "error" if finding.severity >= Severity.HIGH else "warning"


def _command(level: str, finding: Finding, language: str) -> str:
    properties = {}
    place = finding.location
    if place is not None:
        properties = {"file": place.path, "line": str(place.line), "col": str(place.column)}
        if place.end_line:
            properties |= {"endLine": str(place.end_line)}
            if place.end_line == place.line:  # GitHub ignores columns of several lines
                properties |= {"endColumn": str(place.end_column)}
    properties["title"] = f"{finding.rule} {finding.title.in_(language)}"
    given = ",".join(f"{name}={_property(value)}" for name, value in properties.items())
    address = f" ({finding.resource.shown})" if finding.resource else ""
    return f"::{level} {given}::{_data(finding.message.in_(language) + address)}"


def _data(text: str) -> str:
    """Escaped as the runner reads it back; nothing in a name can end the command and begin another."""
    return visible(text).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
