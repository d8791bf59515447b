"""The matrix as rows, for Markdown, CSV and HTML."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import Final

from scanner.model.trace import SectionState, Statement, Trace, TracedSection
from scanner.reports.escape import cell, markdown
from scanner.reports.messages import severity_word
from scanner.reports.trace.words import HANDLING, STATE, counts, verdict_of, word

_COLUMNS: Final = ("section", "requirement", "name", "severity", "handling", "how", "stage", "verdict")


def rows(trace: Trace, language: str) -> Iterator[tuple[TracedSection, tuple[str, ...]]]:
    """One row for each statement in each section that it belongs to; an uncovered section has one of its own."""
    for section in trace.sections:
        name = section.heading or section.key
        for statement in section.statements:
            yield section, (name, *_cells(statement, language))
        if not section.statements:
            yield section, (name, "", STATE[SectionState.NEW].in_(language), "", "", "", "", "")


def _cells(statement: Statement, language: str) -> tuple[str, ...]:
    return (
        statement.requirement or "",
        statement.title.in_(language),
        severity_word(statement.severity, language) if statement.severity else "",
        HANDLING[statement.handling].in_(language),
        "" if statement.requirement is None else statement.how.in_(language),
        statement.stage or "",
        verdict_of(statement, language),
    )


def header(language: str) -> tuple[str, ...]:
    """The names of the columns."""
    return tuple(word(name, language) for name in _COLUMNS)


def render_markdown(trace: Trace, *, language: str = "en") -> str:
    """A GitHub table with the counts above it and the contradictions below."""
    lines = [f"# {markdown(word('title', language, document=trace.document or trace.baseline))}", ""]
    lines += [counts(trace, language), "", _row(header(language)), "|" + " --- |" * len(_COLUMNS)]
    lines += [_row(_marked(section, cells, language)) for section, cells in rows(trace, language)]
    if trace.contradictions:
        lines += ["", f"## {word('contradictions', language)}", ""]
        for item in trace.contradictions:
            what, decision = (markdown(text.in_(language)) for text in (item.what, item.decision))
            where = ", ".join(item.sections)
            lines.append(f"* **{item.id}** ({where}): {what} {word('decision', language)}: {decision}")
    return "\n".join(lines) + "\n"


def _marked(section: TracedSection, cells: tuple[str, ...], language: str) -> tuple[str, ...]:
    if section.state not in (SectionState.CHANGED, SectionState.GONE):
        return cells
    return (f"{cells[0]} ({STATE[section.state].in_(language)})", *cells[1:])


def _row(cells: tuple[str, ...]) -> str:
    return "| " + " | ".join(markdown(text) for text in cells) + " |"


def render_csv(trace: Trace, *, language: str = "en") -> str:
    """Comma-separated values (RFC 4180) with a header; a cell never begins a formula in a spreadsheet."""
    table = io.StringIO()
    writer = csv.writer(table)
    writer.writerow((*header(language), word("state", language)))
    for section, cells in rows(trace, language):
        writer.writerow(cell(text) for text in (*cells, STATE[section.state].in_(language)))
    return table.getvalue()
