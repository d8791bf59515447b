"""Whether Azure Monitor raises a certain alert: a metric alert, a log query, or a Prometheus rule group.

An alert is found by its name or, failing that, by what it watches. Its figures may stand in the alert or in the query
(https://learn.microsoft.com/azure/azure-monitor/alerts/alerts-types).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from decimal import Decimal, InvalidOperation

from scanner.model.finding import Verdict
from scanner.model.korean import with_particle
from scanner.model.path import as_text
from scanner.model.rule import Text
from scanner.model.value import Unknown, Value
from scanner.policy.evidence import HOLDS, Outcome, all_hold, any_holds
from scanner.policy.functions.azure_alert_rules import RULE_TYPES, AlertRule, alert_rules, seconds
from scanner.policy.functions.azure_receivers import reached
from scanner.policy.functions.base import Arguments, Function, missing, said, text, texts, undecided
from scanner.policy.world import Subject, hidden_by

_COMPARED = re.compile(r">\s*(\d+(?:\.\d+)?)")
_SEPARATORS = re.compile(r"[\W_]+")
_RANGE = re.compile(r"\[(\d+[smhd])\]")
_METRIC_WINDOWS = (60, 300, 900, 1800, 3600, 21600, 43200, 86400)
"""The windows that a metric alert may have, in seconds."""


def _decide(subject: Subject, arguments: Arguments) -> Outcome:
    unknown = missing(arguments)
    if unknown is not None:
        return undecided(subject, unknown)
    forms = texts(arguments, "forms")
    rules = [rule for rule in alert_rules(subject.world) if not forms or not rule.form or rule.form in forms]
    candidates, doubts = _meant(rules, text(arguments, "name"), text(arguments, "signal"))
    outcomes = [_of_rule(subject, rule, arguments) for rule in candidates]
    outcomes += [undecided(subject, rule.unknown, rule.place) for rule in doubts if rule.unknown is not None]
    hidden = subject.world.hidden(RULE_TYPES)
    if hidden is not None:
        outcomes.append(undecided(subject, hidden_by(hidden)))
    if outcomes:
        return any_holds(outcomes)
    title = text(arguments, "title")
    return said(Verdict.FAIL, subject, Text(f"no alert rule for {title}", f"{title} 경보 규칙이 없음"))


def _meant(rules: list[AlertRule], name: str, signal: str) -> tuple[list[AlertRule], list[AlertRule]]:
    """The rules with the name, then those on the signal; and those of which neither is known."""
    by_name = re.compile(name, re.IGNORECASE)
    by_signal = re.compile(signal, re.IGNORECASE)
    named = [rule for rule in rules if any(by_name.search(_SEPARATORS.sub("", item)) for item in rule.names)]
    watching = [rule for rule in rules if rule.signal and by_signal.search(rule.signal) and rule not in named]
    meant = named + watching
    return meant, [rule for rule in rules if rule not in meant and rule.unknown is not None]


def _of_rule(subject: Subject, rule: AlertRule, arguments: Arguments) -> Outcome:
    return all_hold(_requirements(subject, rule, arguments))


def _requirements(subject: Subject, rule: AlertRule, arguments: Arguments) -> Iterator[Outcome]:
    if rule.unknown is not None and not rule.threshold and rule.query is None:
        yield undecided(subject, rule.unknown, rule.place)
        return
    yield _enabled(subject, rule)
    yield _aggregation(subject, rule, texts(arguments, "aggregation"))
    yield _threshold(subject, rule, arguments)
    yield _window(subject, rule, seconds(arguments["window"]) or Decimal(0))
    yield reached(subject, rule, texts(arguments, "receivers"))


def _enabled(subject: Subject, rule: AlertRule) -> Outcome:
    for value in rule.enabled:
        if isinstance(value.raw, Unknown):
            return undecided(subject, value.raw, value, "enabled")
        if (as_text(value) or "true").lower() == "false":
            words = Text(f"{rule.label} is switched off", f"{rule.label} 경보가 비활성화됨")
            return said(Verdict.FAIL, subject, words, path="enabled", at=value, expected=True, actual=False)
    return HOLDS


def _aggregation(subject: Subject, rule: AlertRule, accepted: list[str]) -> Outcome:
    """What a metric alert makes of the values in its window; a query says so itself."""
    for value in rule.aggregation if accepted else ():
        if isinstance(value.raw, Unknown):
            return undecided(subject, value.raw, value)
        if value.raw not in accepted:
            return _differs(subject, rule, "aggregation", value, *accepted)
    return HOLDS


def _threshold(subject: Subject, rule: AlertRule, arguments: Arguments) -> Outcome:
    """The figure that is exceeded: of the alert itself, or inside the query of one that counts rows."""
    for value in (*rule.operator, *rule.threshold):
        if isinstance(value.raw, Unknown):
            return undecided(subject, value.raw, value)
    if any((as_text(value) or "").lower() != "greaterthan" for value in rule.operator):
        return _differs(subject, rule, "operator", rule.operator[0], "GreaterThan")
    wanted = _wanted(rule, arguments)
    own = list(_figures(rule.threshold))
    if own and own[0] in wanted:
        unsure = rule.form == "metric" and rule.signal is None and len(wanted) > 1
        return undecided(subject, rule.unknown, rule.place) if unsure and rule.unknown is not None else HOLDS
    if rule.query is not None and (not own or own[0] == 0):
        if isinstance(rule.query.raw, Unknown) and rule.query.shape is None:
            return undecided(subject, rule.query.raw, rule.query)
        if any(Decimal(figure) in wanted for figure in _COMPARED.findall(rule.signal or "")):
            return HOLDS
    place = rule.threshold[0] if rule.threshold else rule.query
    return _differs(subject, rule, "threshold", place, *(str(figure) for figure in sorted(wanted, reverse=True)))


def _wanted(rule: AlertRule, arguments: Arguments) -> set[Decimal]:
    """The figures that mean the same: a query may speak of a share of 1 or of milliseconds, a metric has one unit."""
    plain = set(_figures(_items(arguments, "threshold")))
    thousandfold = {figure * 1000 for figure in plain}
    in_milliseconds = texts(arguments, "milliseconds")
    if rule.form == "metric" and rule.signal is not None:
        return thousandfold if rule.signal in in_milliseconds else plain
    return plain | set(_figures(_items(arguments, "ratio"))) | (thousandfold if in_milliseconds else set())


def _window(subject: Subject, rule: AlertRule, wanted: Decimal) -> Outcome:
    """The time over which the figure is exceeded; a metric alert takes the nearest window that the service has."""
    for value in rule.windows:
        if isinstance(value.raw, Unknown):
            return undecided(subject, value.raw, value)
    accepted = {wanted}
    if rule.form == "metric" and wanted not in _METRIC_WINDOWS:
        accepted = {Decimal(_nearest(wanted, below=True)), Decimal(_nearest(wanted, below=False))}
    spans = [seconds(value) for value in rule.windows]
    if rule.form == "query":
        spans = [_span(rule)]
    elif rule.form == "prometheus" and rule.signal:
        spans += [seconds(Value(found)) for found in _RANGE.findall(rule.signal)]
    if any(span in accepted for span in spans if span is not None):
        return HOLDS
    place = rule.windows[0] if rule.windows else rule.query
    return _differs(subject, rule, "window", place, f"PT{int(wanted) // 60}M")


def _nearest(wanted: Decimal, *, below: bool) -> int:
    if below:
        return max((span for span in _METRIC_WINDOWS if span < wanted), default=_METRIC_WINDOWS[0])
    return min((span for span in _METRIC_WINDOWS if span > wanted), default=_METRIC_WINDOWS[-1])


def _span(rule: AlertRule) -> Decimal | None:
    """How long a log query must be over the figure: one window, or as many evaluations in a row as it asks for."""
    window, frequency, periods = (seconds(value) for value in (*rule.windows, *(Value(None),) * 3)[:3])
    if periods is None or periods <= 1:
        return window
    return None if frequency is None else frequency * periods


def _differs(subject: Subject, rule: AlertRule, what: str, at: Value | None, *expected: str) -> Outcome:
    actual = as_text(at) if at is not None else None
    wanted = Text(" or ".join(expected), " 또는 ".join(expected))
    words = Text(
        f"{what} of {rule.label} is {actual or 'not written'}, expected {wanted.en}",
        f"{rule.label} 경보의 {what} 값이 {actual or '없음'}인데 {with_particle(wanted.ko, '이어야')} 함",
    )
    place = at if at is not None and at.location is not None else rule.place
    return said(Verdict.FAIL, subject, words, path=what, at=place, expected=wanted.en, actual=actual)


def _items(arguments: Arguments, name: str) -> Iterable[Value]:
    raw = arguments[name].raw if name in arguments else ()
    if isinstance(raw, tuple | list):
        return [item for item in raw if isinstance(item, Value)]
    return [arguments[name]] if name in arguments else []


def _figures(values: Iterable[Value]) -> Iterator[Decimal]:
    for value in values:
        try:
            yield Decimal(as_text(value) or "")
        except InvalidOperation:
            continue


FUNCTIONS = (
    Function(
        "azure_alert",
        "Whether an enabled alert fires above a figure over a window and reaches its receivers",
        ("title", "name", "signal", "threshold", "window", "receivers"),
        _decide,
        ("ratio", "milliseconds", "forms", "aggregation"),
        set_level=True,
    ),
)
