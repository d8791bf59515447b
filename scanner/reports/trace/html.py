"""The matrix as one HTML file that needs nothing else: filter, light and dark, print."""

from __future__ import annotations

from scanner.model.finding import Verdict
from scanner.model.trace import Handling, SectionState, Statement, Trace, TracedSection
from scanner.reports.escape import visible
from scanner.reports.trace.table import header
from scanner.reports.trace.words import HANDLING, STATE, verdict_of, word

_GRAVE = (SectionState.CHANGED, SectionState.GONE, SectionState.NEW)


def render(trace: Trace, *, language: str = "en") -> str:
    """The page. Every text is escaped by the template engine; nothing is loaded from elsewhere."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("scanner.reports", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    page = environment.get_template("trace.html")
    return (
        page.render(
            language=language,
            title=visible(word("title", language, document=trace.document or trace.baseline)),
            total=word("statements", language, number=sum(trace.counts.values())),
            counts=[(HANDLING[handling].in_(language), number) for handling, number in trace.counts.items()],
            columns=header(language),
            sections=[_section(section, language) for section in trace.sections],
            contradictions_title=word("contradictions", language),
            decided=word("decision", language),
            filter_label={"en": "Filter", "ko": "필터"}[language],
            contradictions=[
                (item.id, ", ".join(item.sections), item.what.in_(language), item.decision.in_(language))
                for item in trace.contradictions
            ],
        )
        + "\n"
    )


def _section(section: TracedSection, language: str) -> dict[str, object]:
    flagged = section.state in _GRAVE or not section.statements
    state = section.state if section.statements else SectionState.NEW
    return {
        "name": visible(section.heading or section.key),
        "state": STATE[state].in_(language) if flagged else "",
        "rows": [_row(statement, language) for statement in section.statements],
    }


def _row(statement: Statement, language: str) -> dict[str, str]:
    verdict = statement.verdict
    return {
        "id": statement.requirement or "",
        "title": visible(statement.title.in_(language)),
        "severity": statement.severity.value if statement.severity else "",
        "handling": HANDLING[statement.handling].in_(language),
        "how": "" if statement.handling is Handling.EXCLUDED else visible(statement.how.in_(language)),
        "stage": statement.stage or "",
        "verdict": verdict_of(statement, language),
        "class": (verdict or Verdict.NOT_APPLICABLE).value if verdict else "none",
    }
