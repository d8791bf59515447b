"""The data of the page: findings as rows of numbers into pools of texts and places, which scripts unfold."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from typing import Final

from scanner import __version__
from scanner.model.finding import Finding, Suppression, Verdict
from scanner.model.inventory import Notification
from scanner.model.report import Report
from scanner.model.rule import Rule, Text
from scanner.model.value import Plain
from scanner.model.words import in_language
from scanner.reports.escape import visible_json
from scanner.reports.excerpt import reader
from scanner.reports.html import tables
from scanner.reports.html.evidence import Evidence
from scanner.reports.html.extras import Extras
from scanner.reports.html.pool import Pool
from scanner.reports.html.words import WORDS
from scanner.reports.totals import outcome

FIELDS: Final = (
    "id", "rule", "verdict", "severity", "category", "enforce", "kind", "baseline", "component", "section", "policy",
    "title", "message", "reason", "type", "address", "system", "path", "expected", "actual",
)  # fmt: skip
"""The texts of a finding, in the order of its row; after them come its place, chain, fix and waiver."""
_SHOWN_CODE: Final = (Verdict.FAIL, Verdict.UNKNOWN, Verdict.REVIEW)
_IN_SCRIPT: Final = {ord("<"): "\\u003c", ord(">"): "\\u003e", ord("&"): "\\u0026"}


def script_json(data: object) -> str:
    """JSON that can stand in a script element: nothing in it ends the element or begins a comment."""
    return visible_json(json.dumps(data, ensure_ascii=False, separators=(",", ":"))).translate(_IN_SCRIPT)


def payload(report: Report, language: str, extras: Extras, only: Collection[Verdict]) -> Mapping[str, object]:
    """Everything that the scripts of the page show, in both languages."""
    return _Payload(report, language, extras).made(
        [item for item in report.findings if not only or item.verdict in only]
    )


class _Payload:
    def __init__(self, report: Report, language: str, extras: Extras) -> None:
        self._report = report
        self._language = language
        self._extras = extras
        self._pool = Pool()
        self._evidence = Evidence(reader(report.base), self._pool)

    def made(self, findings: list[Finding]) -> Mapping[str, object]:
        report, pool = self._report, self._pool
        named = dict.fromkeys(finding.rule for finding in findings)
        rules = [report.rules[id_] for id_ in named if id_ in report.rules]
        data = {
            "language": self._language,
            "run": self._run(rules),
            "fields": FIELDS,
            "findings": [self._finding(finding) for finding in findings],
            "rules": [self._rule(rule) for rule in rules],
            "notifications": [self._notification(item) for item in report.notifications],
            "comparison": self._comparison(),
            "drift": [tables.drift(line, pool, self._evidence, self._waiver) for line in report.drift],
            "networks": [tables.network(item, pool) for item in self._extras.networks],
            "traces": [tables.trace(item, pool) for item in self._extras.traces],
            "trends": [tables.trend(item, pool) for item in self._extras.trends],
            "words": {key: [text.en, text.ko] for key, text in WORDS.items()},
        }
        return {**data, "texts": pool.entries, "places": self._evidence.places}

    def _notification(self, item: Notification) -> list[object]:
        what = Text(in_language(item.what, "en"), in_language(item.what, "ko"))
        place = self._evidence.at(item.location, code=False) if item.location else None
        return [item.level.value, self._pool.add(what), place]

    def _run(self, rules: list[Rule]) -> Mapping[str, object]:
        report, pool = self._report, self._pool
        documents = {rule.baseline: rule.document for rule in rules if rule.baseline and rule.document}
        return {
            "command": pool.add(report.command),
            "started": pool.add(report.started),
            "version": __version__,
            "complete": report.complete,
            "inputs": [pool.add(text) for text in report.inputs],
            "baselines": [[pool.add(name), pool.add(documents.get(name))] for name in report.baselines],
            "stage": pool.add(report.stage),
            "system": pool.add(report.system or None),
            "identity": [[pool.add(name), pool.add(value)] for name, value in report.identity.items()],
            "outcome": pool.add(Text(outcome(report, "en"), outcome(report, "ko"))),
        }

    def _finding(self, finding: Finding) -> list[object]:
        evidence, resource = self._evidence, finding.resource
        texts: tuple[Text | str | None, ...] = (
            finding.fingerprint, finding.rule, finding.verdict.value, finding.severity.value, finding.category,
            finding.enforce.value, finding.kind.value, finding.baseline, finding.component, finding.section,
            finding.policy, finding.title, finding.message, finding.reason,
            resource.type if resource else None, resource.address if resource else None,
            (resource.root or resource.origin) if resource else None,
            finding.path, _value(finding.expected), _value(finding.actual),
        )  # fmt: skip
        location = finding.location
        if location is not None and finding.verdict not in _SHOWN_CODE:
            return [*map(self._pool.add, texts), evidence.at(location, code=False)]
        row = [*map(self._pool.add, texts), evidence.of(finding), evidence.chain(finding), self._fix(finding)]
        waiver = self._waiver(finding.suppression) if finding.suppression else None
        return [*row, waiver]

    def _fix(self, finding: Finding) -> Mapping[str, object] | None:
        if finding.fix is None:
            return None
        return {"text": self._pool.add(finding.fix.description), "files": self._evidence.changes(finding)}

    def _waiver(self, waiver: Suppression) -> Mapping[str, object]:
        place = self._evidence.at(waiver.location, code=False) if waiver.location else None
        texts = {"reason": waiver.reason, "owner": waiver.owner or None, "until": waiver.until or None}
        return {**{name: self._pool.add(text) for name, text in texts.items()}, "place": place}

    def _rule(self, rule: Rule) -> Mapping[str, object]:
        add = self._pool.add
        described = None if rule.description == rule.title else rule.description
        return {
            "id": add(rule.id),
            "document": add(rule.document),
            "description": add(described),
            "remediation": add(rule.remediation),
            "related": [add(id_) for id_ in rule.related],
        }

    def _comparison(self) -> Mapping[str, object] | None:
        comparison = self._report.comparison
        if comparison is None:
            return None
        fixed = [self._finding(finding) for finding in comparison.fixed]
        return {"reference": self._pool.add(comparison.reference), "known": comparison.known, "fixed": fixed}


def _value(value: Plain) -> str | None:
    if value is None:
        return None
    return value if isinstance(value, str) and value.strip() else json.dumps(value, ensure_ascii=False)
