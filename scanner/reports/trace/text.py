"""The matrix in the terminal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from scanner.model.trace import SectionState, Statement, Trace, TracedSection
from scanner.reports.canvas import Canvas
from scanner.reports.messages import severity_word
from scanner.reports.trace.words import HANDLING, STATE, counts, verdict_of, word

_FLAGGED: Final = (SectionState.CHANGED, SectionState.GONE, SectionState.NEW)


def render(trace: Trace, *, language: str = "en", width: int = 80, color: bool = False, verbose: bool = False) -> str:
    """Sections with their statements, then what changed and what nothing covers.

    `verbose` also shows the contradictions of the document with their decisions.
    """
    canvas = Canvas(width, color=color)
    canvas.line((word("title", language, document=trace.document or trace.baseline), "bold"))
    canvas.line((counts(trace, language), "dim"))
    for section in trace.sections:
        if section.statements:
            _section(canvas, section, language)
    _listed(canvas, "changed", trace.in_state(SectionState.CHANGED), language)
    _listed(canvas, "gone", trace.in_state(SectionState.GONE), language)
    _listed(canvas, "uncovered", trace.uncovered, language)
    compared = any(section.state is not SectionState.NOT_COMPARED for section in trace.sections)
    if compared and not any(section.state in _FLAGGED for section in trace.sections):
        canvas.blank()
        canvas.line((word("same", language), ""))
    if verbose and trace.contradictions:
        _contradictions(canvas, trace, language)
    return canvas.text()


def _section(canvas: Canvas, section: TracedSection, language: str) -> None:
    canvas.blank()
    mark = f"  ({STATE[section.state].in_(language)})" if section.state in _FLAGGED else ""
    name = section.heading if section.heading.startswith(section.key) else f"{section.key}  {section.heading}"
    canvas.line((f"{name.strip()}{mark}", "bold yellow" if mark else "bold"))
    for statement in section.statements:
        _statement(canvas, statement, language)


def _statement(canvas: Canvas, statement: Statement, language: str) -> None:
    handling = HANDLING[statement.handling].in_(language)
    if statement.requirement is None:
        canvas.line((f"{handling}: {statement.title.in_(language)}", "dim"), indent=2)
        return
    verdict = verdict_of(statement, language)
    severity = severity_word(statement.severity, language) if statement.severity else ""
    canvas.line((f"{statement.requirement}  {statement.title.in_(language)}", ""), indent=2)
    facts = [part for part in (verdict, severity, handling, statement.how.in_(language), statement.stage) if part]
    canvas.line((" · ".join(facts), "dim"), indent=4)


def _listed(canvas: Canvas, key: str, sections: Sequence[TracedSection], language: str) -> None:
    if not sections:
        return
    canvas.blank()
    canvas.line((word(key, language), "bold"))
    for section in sections:
        line = f":{section.line}" if section.line else ""
        canvas.line((f"{section.heading or section.key}{line}", ""), indent=2)


def _contradictions(canvas: Canvas, trace: Trace, language: str) -> None:
    canvas.blank()
    canvas.line((word("contradictions", language), "bold"))
    for item in trace.contradictions:
        canvas.line((f"{item.id}  ({', '.join(item.sections)})", ""), indent=2)
        canvas.line((item.what.in_(language), "dim"), indent=4)
        canvas.line((f"{word('decision', language)}: {item.decision.in_(language)}", "dim"), indent=4)
