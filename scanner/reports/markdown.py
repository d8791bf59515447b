"""Markdown for a comment on a pull request, or the summary of a job.

The first line is a comment that names the report, by which a script finds the comment that it wrote before.
GitHub takes 65,536 characters in a comment; what does not fit is counted.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from typing import Final

from scanner.model.finding import Finding, Verdict
from scanner.model.inventory import Level
from scanner.model.report import Report
from scanner.model.rule import Severity
from scanner.model.words import in_language
from scanner.reports.escape import code, markdown
from scanner.reports.groups import Group, Same, by_reason, grouped
from scanner.reports.messages import say, severity_word, verdict_word, waiver_words
from scanner.reports.totals import known, outcome

LIMIT: Final = 60_000
"""Characters of the tables; the rest of the comment's 65,536 is for headings."""
_FEW: Final = 5


def render(report: Report, *, language: str = "en", only: Collection[Verdict] = ()) -> str:
    """The violations as a table, then in short what was not decided, waived or read."""
    return "\n\n".join(_parts(report, language, only)) + "\n"


def _parts(report: Report, language: str, only: Collection[Verdict]) -> Iterator[str]:
    found = [finding for finding in report.findings if not only or finding.verdict in only]
    failing = [finding for finding in found if finding.verdict is Verdict.FAIL]
    yield f"<!-- asbuilt {_named(report)} -->"
    yield f"## asbuilt: {markdown(outcome(report, language))}"
    counts = ", ".join(f"{verdict_word(verdict, language)} {report.summary[verdict.value]}" for verdict in Verdict)
    yield f"{markdown(', '.join(report.baselines))} {'·' if report.baselines else ''} {counts}".strip()
    if already := known(report, language):
        yield markdown(already)
    yield from _table([finding for finding in failing if finding.suppression is None], report, language)
    yield from _fixed(report, language)
    yield from _waived([finding for finding in failing if finding.suppression is not None], language)
    yield from _undecided([finding for finding in found if finding.verdict is Verdict.UNKNOWN], language)
    yield from _unread(report, language)


def _named(report: Report) -> str:
    """What tells this comment from that of another baseline; nothing in it ends the comment."""
    return re.sub(r"[^\w./-]|--+", "_", " ".join(report.baselines) or report.command)


def _table(findings: list[Finding], report: Report, language: str) -> Iterator[str]:
    if not findings:
        return
    head = [say(key, language) for key in ("column.severity", "column.requirement", "column.place", "label.fix")]
    lines = [_row(head), _row(["---"] * len(head))]
    size, groups = 0, grouped(findings)
    for number, group in enumerate(groups):
        row = _row(_cells(group, report, language))
        size += len(row)
        if size > LIMIT:
            yield "\n".join(lines)
            yield markdown(say("more", language, number=len(groups) - number))
            return
        lines.append(row)
    yield "\n".join(lines)


def _cells(group: Group, report: Report, language: str) -> list[str]:
    first = group.findings[0]
    severity = severity_word(group.severity, language)
    if group.advisory:
        severity = f"{severity} ({say('advisory', language)})"
    elif group.severity >= Severity.HIGH:
        severity = f"**{severity}**"
    if group.unbound:
        title = say("component", language, component=markdown(group.unbound))
        rules = group.rules
        key = "binds.one" if len(rules) == 1 else "binds"
        bound = say(key, language, number=len(rules), ids=", ".join(rules))
        return [severity, f"**{title}**<br>{markdown(first.message.in_(language))}<br>{markdown(bound)}", "", ""]
    section = f" ({say('section', language, section=markdown(first.section))})" if first.section else ""
    same = group.merged()
    said = [f"**{markdown(first.rule)}**{section} {markdown(first.title.in_(language))}"]
    said += dict.fromkeys(markdown(item.finding.message.in_(language)) for item in same[:_FEW])
    rule = report.rules.get(first.rule)
    fix = markdown(rule.remediation.in_(language)) if rule else ""
    return [severity, "<br>".join(said), "<br>".join(_places(same, language)), fix]


def _places(same: list[Same], language: str) -> Iterator[str]:
    for item in same[:_FEW]:
        place = item.finding.location
        where = f"{place.path}:{place.line}" if place else item.addresses[0] if item.addresses else ""
        if where:
            yield code(where)
    if len(same) > _FEW:
        yield say("more", language, number=len(same) - _FEW)


def _fixed(report: Report, language: str) -> Iterator[str]:
    comparison = report.comparison
    if comparison is None:
        return
    titles = {finding.rule: finding.title.in_(language) for finding in comparison.fixed}
    if titles:
        heading = say("heading.fixed", language, reference=comparison.reference)
        yield _folded(heading, [f"- **{markdown(id_)}** {markdown(title)}" for id_, title in titles.items()], language)


def _waived(findings: list[Finding], language: str) -> Iterator[str]:
    lines = []
    for finding in findings:
        waiver = finding.suppression
        assert waiver is not None
        words = waiver_words(waiver, language)
        lines.append(f"- **{markdown(finding.rule)}** {markdown(words)}")
    if lines:
        yield _folded(say("count.waived", language, number=len(lines)), lines, language)


def _undecided(findings: list[Finding], language: str) -> Iterator[str]:
    lines = []
    for group in by_reason(findings):
        words = in_language((group.findings[0].reason or group.findings[0].message).in_(language), language)
        lines.append(f"- {len(group.findings)} · {markdown(words)}: {markdown(', '.join(group.rules[:_FEW]))}")
    if lines:
        yield _folded(f"{say('heading.unknown', language)} ({len(findings)})", lines, language)


def _unread(report: Report, language: str) -> Iterator[str]:
    items = [item for item in report.notifications if item.level is Level.ERROR]
    lines = [
        f"- {code(f'{item.location.path}:{item.location.line}') + ' ' if item.location else ''}"
        f"{markdown(in_language(item.what, language))}"
        for item in items
    ]
    if lines:
        yield _folded(f"{say('heading.incomplete', language)} ({len(lines)})", lines, language)


def _folded(title: str, lines: list[str], language: str) -> str:
    shown = lines[: _FEW * 4]
    if len(lines) > len(shown):
        shown.append(f"- {say('more', language, number=len(lines) - len(shown))}")
    listed = "\n".join(shown)
    return f"<details><summary>{markdown(title)}</summary>\n\n{listed}\n\n</details>"


def _row(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"
