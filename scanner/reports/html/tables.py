"""The further parts of the page as data: drift, network, traceability, trend."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from scanner.model.changes import Entry
from scanner.model.drift import Drift
from scanner.model.finding import Suppression
from scanner.model.rule import Text
from scanner.model.trace import Handling, SectionState, Statement, Trace, TracedSection
from scanner.model.value import Plain
from scanner.reports.drift_text import MATCHES, MEANINGS, value_text
from scanner.reports.html.evidence import Evidence
from scanner.reports.html.extras import Network, Trend
from scanner.reports.html.pool import Pool
from scanner.reports.trace.words import HANDLING, STATE

_LAST: Final = 400
"""Audits of a trend that are shown: more than a year of nights."""
_CHANGES: Final = ("new", "regressed", "fixed", "undecided")
_FLAGGED: Final = (SectionState.CHANGED, SectionState.GONE, SectionState.NEW)


def drift(
    line: Drift, pool: Pool, evidence: Evidence, waiver: Callable[[Suppression], Mapping[str, object]]
) -> Mapping[str, object]:
    """A line of the table of document, code and account."""
    whole = line.path is None
    names = {
        "label": MEANINGS[line.meaning],
        "component": line.component,
        "type": line.type,
        "resource": line.resource.shown if line.resource else None,
        "path": line.path,
        "document": _both(line.document) if line.document is not None else None,
        "code": _there() if whole and line.code and not line.account else _both(line.in_code),
        "account": _there() if whole and line.account and not line.code else _both(line.in_account),
        "matched": MATCHES[line.matched_by] if line.matched_by else None,
    }
    return {
        **{name: pool.add(text) for name, text in names.items()},
        "meaning": line.meaning.value,
        "act": line.act.value,
        "severity": line.severity.value,
        "required": line.required,
        "requirements": [pool.add(id_) for id_ in line.requirements],
        "place": evidence.at(line.location, code=False) if line.location else None,
        "waiver": waiver(line.suppression) if line.suppression else None,
    }


def _both(value: Plain) -> Text:
    return Text(value_text(value, language="en"), value_text(value, language="ko"))


def _there() -> Text:
    return _both({"exists": True})


def network(item: Network, pool: Pool) -> Mapping[str, object]:
    """The flows of a network as rows; the drawing stands in the page itself."""
    rows = [[pool.add(flow.source), pool.add(flow.target), pool.add(flow.services), flow.state] for flow in item.flows]
    return {"baseline": pool.add(item.baseline), "flows": rows}


def trace(item: Trace, pool: Pool) -> Mapping[str, object]:
    """The traceability matrix of a baseline."""
    return {
        "baseline": pool.add(item.baseline),
        "document": pool.add(item.document),
        "counts": [[pool.add(HANDLING[handling]), number] for handling, number in item.counts.items()],
        "sections": [_section(section, pool) for section in item.sections],
        "contradictions": [
            [pool.add(text) for text in (found.id, ", ".join(found.sections), found.what, found.decision)]
            for found in item.contradictions
        ],
    }


def _section(section: TracedSection, pool: Pool) -> Mapping[str, object]:
    state = section.state if section.statements else SectionState.NEW
    return {
        "name": pool.add(section.heading or section.key),
        "state": pool.add(STATE[state]) if state in _FLAGGED else None,
        "rows": [_statement(statement, pool) for statement in section.statements],
    }


def _statement(statement: Statement, pool: Pool) -> Sequence[int | str | None]:
    excluded = statement.handling is Handling.EXCLUDED
    texts: tuple[Text | str | None, ...] = (
        statement.requirement,
        statement.title,
        HANDLING[statement.handling],
        None if excluded else statement.how,
        statement.stage,
    )
    severity = statement.severity.value if statement.severity else None
    verdict = statement.verdict.value if statement.verdict else None
    return [*map(pool.add, texts), severity, verdict]


def trend(item: Trend, pool: Pool) -> Mapping[str, object]:
    """The audits of one scope, and what the last one changed."""
    return {
        "name": pool.add(item.name),
        "audits": [[audit.started, audit.complete, dict(audit.summary)] for audit in item.audits[-_LAST:]],
        "persisting": len(item.changes.persisting),
        "changes": [[kind, _entry(entry, pool)] for kind in _CHANGES for entry in getattr(item.changes, kind)],
    }


def _entry(entry: Entry, pool: Pool) -> Sequence[int | str | None]:
    texts: tuple[Text | str | None, ...] = (entry.rule, entry.title, entry.where, entry.since[:10], entry.fingerprint)
    return [*map(pool.add, texts), entry.severity.value]
