"""Whether the analysis of an Argo Rollout rolls a release back once errors or response times pass a limit.

The conditions of the metrics are read as what they mean: which side fails, and in which unit. Source: Argo Rollouts,
"Analysis & Progressive Delivery": a measurement fails where `failureCondition` holds, or, if only `successCondition`
is given, where that does not hold; metrics in `dryRun` never fail.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final

from scanner.model.finding import Verdict
from scanner.model.path import as_text, lookup
from scanner.model.resource import Resource
from scanner.model.rule import Text
from scanner.model.value import Reason, Unknown, Value, items_of
from scanner.model.words import Words
from scanner.policy.evidence import Outcome, all_hold
from scanner.policy.functions.base import Arguments, Function, missing, said, texts, undecided
from scanner.policy.functions.linked import Doubt, referred
from scanner.policy.world import Subject

_TEMPLATES: Final = ("argoproj.io/v1alpha1/AnalysisTemplate", "argoproj.io/v1alpha1/ClusterAnalysisTemplate")
_ARGUMENT = re.compile(r"\{\{\s*args\.([\w-]+)\s*\}\}")
_COMPARISON = re.compile(r"(?:\w+\()?\s*result(?:\[\d+\]|\.\w+)*\s*\)?\s*(>=?|<=?)\s*(\d+(?:\.\d+)?)\Z")
_MIRRORED = re.compile(r"(\d+(?:\.\d+)?)\s*(>=?|<=?)\s*(?:\w+\()?\s*result(?:\[\d+\]|\.\w+)*\s*\)?\Z")
_GUARD = re.compile(r"len\(result\)\s*(?:>|!=|>=|==)\s*[01]|!?\s*isNaN\(.*\)|result(?:\[0\])?\s*!=\s*nil")
_FLIPPED: Final = {">": "<", ">=": "<=", "<": ">", "<=": ">="}
_ERRORS = re.compile(r"error|fail|5xx|5\.\.|5\[|success|availab", re.IGNORECASE)
_TIMES = re.compile(r"latency|response|duration|quantile|_bucket|\bp9\d", re.IGNORECASE)
_PERCENT = re.compile(r"percent|pct|\b100(?:\.0+)?\s*\*|\*\s*100\b", re.IGNORECASE)
_MILLISECONDS = re.compile(r"milli|_ms\b|-ms\b|\bms\b|\b1000\s*\*|\*\s*1000\b", re.IGNORECASE)
_SECONDS = re.compile(r"seconds|_s\b|-s\b", re.IGNORECASE)


@dataclass(slots=True, frozen=True)
class _Limit:
    """Where a metric fails: above one of these figures (percent or seconds); several where its unit is not clear."""

    kind: str
    above: tuple[Decimal, ...]
    value: Value


@dataclass(slots=True)
class _Limits:
    known: list[_Limit] = field(default_factory=list)
    doubts: list[Doubt] = field(default_factory=list)


def _decide(subject: Subject, arguments: Arguments) -> Outcome:
    rollout = subject.resource
    unknown = missing(arguments)
    if rollout is None or unknown is not None:
        return undecided(subject, unknown or _NO_ROLLOUT)
    limits = _Limits()
    for path in texts(arguments, "through"):
        _read(subject, rollout, path, limits)
    wanted = {"errors": arguments.get("max_error_percent"), "time": arguments.get("max_response_seconds")}
    return all_hold(
        _within(subject, limits, kind, Decimal(value.raw))
        for kind, value in wanted.items()
        if value is not None and isinstance(value.raw, int | Decimal)
    )


def _within(subject: Subject, limits: _Limits, kind: str, most: Decimal) -> Outcome:
    """Whether one metric of the kind fails at the latest above `most`."""
    found = [limit for limit in limits.known if limit.kind == kind]
    if any(all(figure <= most for figure in limit.above) for limit in found):
        return Outcome(Verdict.PASS)
    open_ = [limit for limit in found if any(figure <= most for figure in limit.above)]
    if open_:
        return undecided(subject, _NO_UNIT, open_[0].value)
    if limits.doubts:
        doubt = limits.doubts[0]
        return undecided(subject, doubt.unknown, doubt.value)
    name, ko = _NAMES[kind]
    if not found:
        words = Text(
            f"no analysis rolls a release back above {most} {name}",
            f"{ko} {most} 초과 시 릴리스를 되돌리는 분석이 없음",
        )
        return said(Verdict.FAIL, subject, words, expected=str(most))
    figure = f"{min(found[0].above).normalize():f}"
    words = Text(
        f"a release is rolled back above {figure} {name}, expected {most}", f"{ko} {figure} 초과 시 롤백, 기대값 {most}"
    )
    return said(Verdict.FAIL, subject, words, at=found[0].value, expected=str(most), actual=figure)


def _read(subject: Subject, rollout: Resource, path: str, limits: _Limits) -> None:
    """The limits in the templates that an analysis of the rollout names."""
    for found in lookup(rollout.attributes, path):
        linked = referred(subject.world, rollout, f"{found.path}.templates", _TEMPLATES)
        limits.doubts += linked.doubts
        named = lookup(found.value, "templates")[0].value
        if not linked.certain and not named.is_absent:
            limits.doubts.append(Doubt(named.raw if isinstance(named.raw, Unknown) else _NOT_HERE, named))
        for template, _ in linked.certain:
            _read_template(found.value, template, limits)


def _read_template(analysis: Value, template: Resource, limits: _Limits) -> None:
    known = {**dict(_given(template.attributes, "spec.args")), **dict(_given(analysis, "args"))}
    unused = _names(analysis, "dryRun") | _names(template.attributes, "spec.dryRun")
    for metric in items_of(lookup(template.attributes, "spec.metrics")[0].value):
        if not any(re.fullmatch(pattern, _text(metric, "name")) for pattern in unused):
            _measure(metric, known, limits)


def _given(value: Value, path: str) -> Iterator[tuple[str, str]]:
    for item in items_of(lookup(value, path)[0].value):
        text = as_text(lookup(item, "value")[0].value)
        if text is not None:
            yield _text(item, "name"), text


def _names(value: Value, path: str) -> set[str]:
    return {_text(item, "metricName") for item in items_of(lookup(value, path)[0].value)}


def _measure(metric: Value, arguments: Mapping[str, str], limits: _Limits) -> None:
    """Adds the limits of one metric; conditions that cannot be read may be anything."""
    subjects = f"{_text(metric, 'name')} {_query(metric)}"
    kind = _kind(_text(metric, "name")) or _kind(_query(metric))
    if kind is None:
        return
    failure, success = (lookup(metric, f"{side}Condition")[0].value for side in ("failure", "success"))
    value = success if failure.is_absent else failure
    if isinstance(value.raw, Unknown):
        limits.doubts.append(Doubt(value.raw, value))
        return
    text = _ARGUMENT.sub(lambda match: arguments.get(match[1], match[0]), as_text(value) or "")
    comparisons = _failing(text, success=failure.is_absent)
    if comparisons is None:
        limits.doubts.append(Doubt(_UNREADABLE, value))
    for operator, figure in comparisons or ():
        if kind == "errors" or operator in (">", ">="):
            limits.known.append(_Limit(kind, tuple(_above(kind, operator, figure, subjects)), value))


def _failing(text: str, *, success: bool) -> list[tuple[str, Decimal]] | None:
    """The comparisons each of which alone makes a measurement fail; None where that cannot be told."""
    found: list[tuple[str, Decimal]] = []
    for alternative in text.split("&&" if success else "||"):
        parts = [part for part in map(_bare, re.split(r"&&|\|\|", alternative)) if not _GUARD.fullmatch(part)]
        if not parts:
            continue
        comparison = _comparison(parts[0]) if len(parts) == 1 else None
        if comparison is None:
            return None
        operator, figure = comparison
        found.append((_OPPOSITE[operator] if success else operator, figure))
    return found or None


def _bare(part: str) -> str:
    text = part.strip()
    return text[1:-1].strip() if text.startswith("(") and text.endswith(")") else text


def _comparison(text: str) -> tuple[str, Decimal] | None:
    match = _COMPARISON.match(text)
    if match is not None:
        return match[1], Decimal(match[2])
    match = _MIRRORED.match(text)
    return (_FLIPPED[match[2]], Decimal(match[1])) if match is not None else None


def _above(kind: str, operator: str, figure: Decimal, described: str) -> Iterator[Decimal]:
    """The figures above which it fails, in percent or seconds: one for each unit that the metric may have."""
    if kind == "time":
        milliseconds, seconds = _MILLISECONDS.search(described), _SECONDS.search(described)
        if milliseconds or not seconds:
            yield figure / 1000
        if not milliseconds:
            yield figure
        return
    # What fails below a figure is a share of successes.
    shares = operator in ("<", "<=")
    percent = _PERCENT.search(described) is not None or figure > 1
    if percent or "/" not in described:
        yield 100 - figure if shares else figure
    if not percent:
        yield (1 - figure) * 100 if shares else figure * 100


def _kind(text: str) -> str | None:
    if _ERRORS.search(text):
        return "errors"
    return "time" if _TIMES.search(text) else None


def _query(metric: Value) -> str:
    found = (as_text(item.value) for item in lookup(metric, "provider.*.query"))
    return " ".join(text for text in found if text)


def _text(value: Value, path: str) -> str:
    return as_text(lookup(value, path)[0].value) or ""


_OPPOSITE: Final = {">": "<=", ">=": "<", "<": ">=", "<=": ">"}
_NAMES: Final = {"errors": ("percent of errors", "오류율(%)"), "time": ("seconds of response time", "응답 시간(초)")}
_NO_ROLLOUT = Unknown(Reason.ERROR, Words("there is no rollout to look at", "확인할 Rollout이 없음"))
_NO_UNIT = Unknown(Reason.UNSUPPORTED, Words("the unit of the metric is not clear", "지표의 단위를 알 수 없음"))
_NOT_HERE = Unknown(Reason.UNSUPPORTED, Words("its analysis template is not in the code", "분석 템플릿이 코드에 없음"))
_UNREADABLE = Unknown(
    Reason.UNSUPPORTED, Words("the condition of the metric cannot be read", "지표의 조건을 해석할 수 없음")
)

FUNCTIONS = (
    Function(
        "rollout_analysis_limits",
        "Whether the analyses at these paths fail at the latest above a share of errors or a response time",
        ("through",),
        _decide,
        ("max_error_percent", "max_response_seconds"),
    ),
)
