"""Builds the traceability matrix of a baseline from its record, the document, and the findings of a run."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from scanner.model.finding import Finding, Kind, Verdict
from scanner.model.rule import Text
from scanner.model.trace import Handling, SectionState, Statement, Trace, TracedContradiction, TracedSection
from scanner.policy.baseline import Baseline, Requirement
from scanner.policy.document import DocumentRecord, Section
from scanner.policy.document_text import DocumentSection
from scanner.policy.measures import RECORD

_HANDLING = {
    Kind.STATIC: Handling.CHECKED,
    Kind.LIVE: Handling.ACCOUNT,
    Kind.METRIC: Handling.MEASURED,
    Kind.ATTEST: Handling.ATTESTED,
}


def cited(section: str) -> tuple[str, ...]:
    """The sections that a requirement names: `4.2.1, 7.1.1` are two."""
    return tuple(part.strip() for part in section.split(",") if part.strip())


def trace(
    baseline: Baseline,
    record: DocumentRecord | None,
    document: Sequence[DocumentSection] | None = None,
    findings: Iterable[Finding] = (),
) -> Trace:
    """The matrix; with the `document` its sections are compared with the record, with `findings` it has verdicts.

    Sections come in the order of the document where it is at hand, else of the record, else of the baseline. A section
    of the document that has text and that nothing cites is listed as new.
    """
    statements = _statements(baseline, record, findings)
    known: Mapping[str, Section] = record.sections if record else {}
    by_heading = {section.heading: section for section in document or ()}
    sections = [
        _section(key, known.get(key), by_heading, statements.get(key, []), compared=document is not None)
        for key in dict.fromkeys([*known, *statements])
    ]
    if document is not None:
        recorded = {section.heading for section in sections}
        sections += [
            TracedSection("", section.heading, SectionState.NEW, (), section.line)
            for section in document
            if not section.empty and section.heading not in recorded
        ]
        sections.sort(key=lambda section: section.line or 0)
    return Trace(baseline.id, str(baseline.document), sections, _contradictions(record))


def _statements(
    baseline: Baseline, record: DocumentRecord | None, findings: Iterable[Finding]
) -> dict[str, list[Statement]]:
    verdicts: dict[str, Counter[Verdict]] = {}
    for finding in findings:
        if finding.requirement and finding.baseline == baseline.id:
            verdicts.setdefault(finding.requirement, Counter())[finding.verdict] += 1
    statements: dict[str, list[Statement]] = {}
    for requirement in baseline.requirements:
        statement = _statement(requirement, dict(verdicts.get(requirement.id, {})))
        for key in cited(requirement.section):
            statements.setdefault(key, []).append(statement)
    for exclusion in record.excluded if record else ():
        excluded = Statement(None, exclusion.why, Handling.EXCLUDED, exclusion.why)
        for key in cited(exclusion.section):
            statements.setdefault(key, []).append(excluded)
    return statements


def _statement(requirement: Requirement, verdicts: dict[Verdict, int]) -> Statement:
    return Statement(
        requirement.id,
        requirement.title,
        _HANDLING[requirement.kind],
        _how(requirement),
        requirement.severity,
        requirement.enforce,
        requirement.stage,
        verdicts,
    )


def _how(requirement: Requirement) -> Text:
    if requirement.kind is Kind.ATTEST:
        if requirement.max_age is None:
            return Text("attestation", "담당자 확인")
        return Text(
            f"attestation, renewed every {requirement.max_age} days", f"담당자 확인({requirement.max_age}일마다 갱신)"
        )
    if requirement.kind is Kind.METRIC:
        sources = " | ".join(_measured_by(metric) for metric in requirement.metrics)
        return Text(sources, sources)
    if requirement.policy:
        return Text(f"policy {requirement.policy}", f"정책 {requirement.policy}")
    return Text("assertion in the baseline", "기준 파일의 조건")


def _measured_by(metric: Mapping[str, object]) -> str:
    what = metric.get("metric") or metric.get("expression") or metric.get("query") or metric.get("name")
    source = "record" if metric["source"] == RECORD else metric["source"]
    return f"{source}: {what} {metric['op']} {metric['value']}"


def _section(
    key: str,
    recorded: Section | None,
    document: Mapping[str, DocumentSection],
    statements: Sequence[Statement],
    *,
    compared: bool,
) -> TracedSection:
    heading = recorded.heading if recorded else ""
    found = document.get(heading)
    if not compared or recorded is None:
        state = SectionState.NOT_COMPARED
    elif found is None:
        state = SectionState.GONE
    elif not recorded.digest:
        state = SectionState.NOT_COMPARED
    else:
        state = SectionState.SAME if found.digest == recorded.digest else SectionState.CHANGED
    return TracedSection(key, heading, state, tuple(statements), found.line if found else None)


def _contradictions(record: DocumentRecord | None) -> tuple[TracedContradiction, ...]:
    return tuple(
        TracedContradiction(item.id, item.sections, item.requirements, item.what, item.decision)
        for item in (record.contradictions if record else ())
    )
