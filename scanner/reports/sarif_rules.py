"""The rule part of a SARIF log: what a viewer shows about a requirement or policy."""

from __future__ import annotations

import re
from typing import Final

from scanner.model.finding import Enforce, Finding
from scanner.model.rule import Rule, Severity, Text
from scanner.reports.messages import say

MAX_TEXT: Final = 1024

# GitHub's bands: above 9.0 critical, 7.0 to 8.9 high, 4.0 to 6.9 medium, below low.
_SCORES: Final = {Severity.CRITICAL: "9.5", Severity.HIGH: "8.0", Severity.MEDIUM: "5.5", Severity.LOW: "3.0"}
_LEVELS: Final = {
    Severity.CRITICAL: "error",
    Severity.HIGH: "error",
    Severity.MEDIUM: "warning",
    Severity.LOW: "note",
}
_SECURITY: Final = frozenset(
    {"encryption", "network", "exposure", "waf", "tls", "secrets", "identity", "logging", "container"}
)


def level(finding: Finding) -> str:
    """SARIF's level for a violation; what is only advised is a note."""
    return "note" if finding.enforce is Enforce.ADVISORY else _LEVELS[finding.severity]


def descriptor(finding: Finding, rule: Rule | None, language: str) -> dict[str, object]:
    """A reportingDescriptor; `finding` is any finding of the rule, and all there is where the rule is not known."""
    title = finding.title.in_(language)
    description = _words(rule.description, language) if rule else ""
    described: dict[str, object] = {
        "id": finding.rule,
        "name": _name(finding.title.en),
        "shortDescription": {"text": _short(title)},
        "fullDescription": {"text": _short(description or title)},
        "help": {
            "text": _help(finding, rule, language, markdown=False),
            "markdown": _help(finding, rule, language, markdown=True),
        },
        "defaultConfiguration": {"level": level(finding)},
        "properties": {
            "tags": _tags(finding),
            "precision": "high",
            "security-severity": _SCORES[finding.severity],
        },
    }
    return described


def _help(finding: Finding, rule: Rule | None, language: str, *, markdown: bool) -> str:
    parts = [f"# {_md(finding.title.in_(language))}" if markdown else finding.title.in_(language)]
    if rule is not None:
        parts += [_words(rule.description, language)]
        fix = _words(rule.remediation, language)
        if fix:
            heading = say("sarif.fix", language)
            parts += [f"## {heading}\n\n{fix}" if markdown else f"{heading}: {fix}"]
        if rule.document and rule.section:
            parts += [_citation(rule, language, markdown=markdown)]
        if rule.related:
            parts += [say("sarif.related", language, ids=", ".join(rule.related))]
    return "\n\n".join(part for part in parts if part)


def _citation(rule: Rule, language: str, *, markdown: bool) -> str:
    heading = say("sarif.source", language)
    cited = say("section.document", language, section=rule.section, document=rule.document)
    return f"## {heading}\n\n{_md(cited)}" if markdown else f"{heading}: {cited}"


def _tags(finding: Finding) -> list[str]:
    tags = [finding.category, finding.severity.value]
    if finding.category in _SECURITY:
        tags.insert(0, "security")
    return tags + [tag for tag in (finding.baseline, finding.policy) if tag]


def _words(text: Text, language: str) -> str:
    return text.in_(language).strip()


def _short(text: str) -> str:
    return text if len(text) <= MAX_TEXT else text[: MAX_TEXT - 1] + "…"


def _name(title: str) -> str:
    """A title as an identifier: SARIF wants PascalCase names."""
    return "".join(word.capitalize() for word in re.findall(r"[A-Za-z0-9]+", title)) or "Rule"


def _md(text: str) -> str:
    return re.sub(r"([\\`*_\[\]<>#|])", r"\\\1", text)
