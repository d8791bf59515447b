"""What the widgets of a CloudWatch dashboard show.

The body is JSON: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html.
A metric is a row (namespace, name, dimensions and their values, options); `.` and `...` repeat the row above. A row may
also be an expression that searches for metrics, and a log widget has a query.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from scanner.model.finding import Verdict
from scanner.model.path import decoded, lookup
from scanner.model.rule import Text
from scanner.model.value import Unknown, Value, absent, fields_of, items_of
from scanner.policy.evidence import HOLDS, Outcome
from scanner.policy.functions.base import Arguments, Function, missing, said, text, texts, undecided
from scanner.policy.world import Subject

_BODY: Final = "dashboard_body"
_FIRST_DIMENSION: Final = 2


@dataclass(slots=True, frozen=True)
class _Row:
    """A row of a metric widget: its parts, and the options of the row over those of the widget."""

    parts: tuple[Value, ...]
    options: Mapping[str, Value]

    @property
    def expression(self) -> Value | None:
        """The metric-math or search expression, where the row is one."""
        return self.options.get("expression")

    def shows(self, metric: str, dimension: str, statistic: str) -> bool | Value:
        """Whether the row is about a metric; the value that would tell where that is not known."""
        if self.expression is not None:
            return _matches(self.expression, metric)
        if len(self.parts) < _FIRST_DIMENSION:
            return False
        answers = [_matches(self.parts[1], metric, whole=True)]
        if dimension:
            answers.append(_any([_matches(part, dimension) for part in self.parts[_FIRST_DIMENSION + 1 :: 2]]))
        if statistic:
            answers.append(_matches(self.options.get("stat") or absent(), statistic, whole=True))
        if False in answers:
            return False
        return next((answer for answer in answers if answer is not True), True)


def _decide(subject: Subject, arguments: Arguments) -> Outcome:
    """Function dashboard_shows: every metric in some row, and the query in some log widget."""
    unknown = missing(arguments)
    if unknown is not None:
        return undecided(subject, unknown)
    body = decoded(lookup(subject.root, _BODY)[0].value)
    if isinstance(body.raw, Unknown):
        return undecided(subject, body.raw, body, _BODY)
    widgets = items_of(fields_of(body).get("widgets"))
    dimension, statistic = text(arguments, "dimension"), text(arguments, "statistic")
    wanted = [
        (name, [row.shows(name, dimension, statistic) for widget in widgets for row in _rows(widget)])
        for name in texts(arguments, "metrics")
    ]
    query = text(arguments, "query")
    if query:
        wanted.append((query, [_matches(value, query) for widget in widgets for value in _queries(widget)]))
    return _verdict(subject, body, wanted, dimension)


def _verdict(
    subject: Subject, body: Value, wanted: Sequence[tuple[str, list[bool | Value]]], dimension: str
) -> Outcome:
    doubt: Value | None = None
    for name, answers in wanted:
        answer = _any(answers)
        if answer is False:
            of, of_ko = (f" of {dimension}", f"{dimension}의 ") if dimension else ("", "")
            words = Text(f"no widget shows {name}{of}", f"{of_ko}{name} 항목을 보여 주는 위젯이 없음")
            return said(Verdict.FAIL, subject, words, path=_BODY, at=body.with_(location=None), expected=name)
        if answer is not True:
            doubt = doubt or answer
    if doubt is not None and isinstance(doubt.raw, Unknown):
        return undecided(subject, doubt.raw, doubt, _BODY)
    return HOLDS


def _rows(widget: Value) -> Iterator[_Row]:
    properties = fields_of(fields_of(widget).get("properties"))
    above: tuple[Value, ...] = ()
    for row in items_of(properties.get("metrics")):
        parts = [part for part in items_of(row) if not isinstance(part.raw, Mapping)]
        options = next((fields_of(part) for part in items_of(row) if isinstance(part.raw, Mapping)), {})
        above = _written_out(parts, above)
        yield _Row(above, {**({"stat": properties["stat"]} if "stat" in properties else {}), **options})


def _written_out(parts: Sequence[Value], above: tuple[Value, ...]) -> tuple[Value, ...]:
    """A row with what it repeats of the one above: one part for `.`, all in between for `...`."""
    out: list[Value] = []
    for at, part in enumerate(parts):
        if part.raw == "...":
            left = len(parts) - at - 1
            out += above[len(out) : max(len(above) - left, len(out))]
        elif part.raw == "." and len(out) < len(above):
            out.append(above[len(out)])
        else:
            out.append(part)
    return tuple(out)


def _queries(widget: Value) -> Iterator[Value]:
    query = fields_of(fields_of(widget).get("properties")).get("query")
    if query is not None:
        yield query


def _matches(value: Value, pattern: str, *, whole: bool = False) -> bool | Value:
    """Whether a text has (or is) the pattern; of one that is known in part, only a match is certain."""
    found = re.fullmatch if whole else re.search
    if isinstance(value.raw, Unknown):
        return True if not whole and value.shape and found(pattern, value.shape) else value
    return isinstance(value.raw, str) and found(pattern, value.raw) is not None


def _any(answers: Sequence[bool | Value]) -> bool | Value:
    if True in answers:
        return True
    return next((answer for answer in answers if isinstance(answer, Value)), False)


FUNCTIONS = (
    Function(
        "dashboard_shows",
        "Whether the widgets of a dashboard show metrics (regular expressions; of a dimension's value, as a "
        "statistic), and have a log widget with a query",
        (),
        _decide,
        ("metrics", "dimension", "statistic", "query"),
    ),
)
