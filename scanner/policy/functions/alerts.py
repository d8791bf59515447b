"""Whether the alerts of Prometheus reach a kind of receiver: rules, their labels and the routes of Alertmanager.

Source: https://prometheus.io/docs/alerting/latest/configuration/#route. Labels that come with a metric or with the
target that is scraped are not in the rule; whether an alert meets a matcher on them is not known.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from scanner.model.finding import Verdict
from scanner.model.path import as_text, lookup
from scanner.model.resource import Resource
from scanner.model.rule import Text
from scanner.model.value import Reason, Unknown, Value, fields_of, items_of
from scanner.model.words import Words
from scanner.policy.evidence import HOLDS, Outcome
from scanner.policy.functions.base import Arguments, Function, missing, said, text, texts, undecided
from scanner.policy.world import Subject, hidden_by

_CONFIG: Final = "alertmanager_config"
_RULES: Final = "prometheus_rules"
_ADDRESSES: Final = ("url", "url_file", "api_url", "topic_arn", "to", "channel")
_SILENT: Final = ("mute_time_intervals", "active_time_intervals")
_WORDS: Final = r"(?:[\w \-/:@|]|\.[*+]|\\\.){0,200}"
_PLAIN: Final = re.compile(rf"(?:{_WORDS}|\({_WORDS}\))\Z")
_MOST_WILDCARDS: Final = 3
_LONGEST: Final = 200
_LABELS: Final = Unknown(
    Reason.UNSUPPORTED,
    Words("whether its labels meet a route depends on the metric", "레이블이 경로 조건에 맞는지는 지표에 따라 다름"),
)


@dataclass(slots=True, frozen=True)
class Alert:
    """One alerting rule: its expression and the labels that it surely has (None: a text that is filled in later)."""

    name: str
    expression: str
    labels: Mapping[str, str | None]
    place: Value


def _decide(subject: Subject, arguments: Arguments) -> Outcome:
    unknown = missing(arguments)
    if unknown is not None:
        return undecided(subject, unknown)
    kind = text(arguments, "receiver")
    hidden = subject.world.hidden((_CONFIG, _RULES))
    receivers = list(_receivers(subject, kind, text(arguments, "name")))
    routes = [route for receiver in receivers for route in items_of(fields_of(receiver).get("routes"))]
    if "at_any_hour" in arguments and arguments["at_any_hour"].raw is True:
        routes = [route for route in routes if not any(name in fields_of(route) for name in _SILENT)]
    alerts = [alert for rules in subject.world.of_types((_RULES,)) for alert in _alerts(rules)]
    wanted = texts(arguments, "alerts") or ["."]
    elsewhere = _labels_of_targets(subject)
    missed = [miss for pattern in wanted if (miss := _missed(alerts, routes, pattern, elsewhere)) is not None]
    lost = next((miss for miss in missed if miss[0] is Verdict.FAIL), None)
    if routes and not missed:
        return HOLDS
    if hidden is not None:
        return undecided(subject, hidden_by(hidden))
    if not routes:
        words = Text(f"no route leads to {kind}", f"{kind}로 가는 경로가 없음")
        return said(Verdict.FAIL, subject, words, at=receivers[0] if receivers else _anywhere(subject))
    if lost is None:
        return undecided(subject, _LABELS, missed[0][1].place)
    name = lost[1].name
    words = Text(f"the alert {name} does not reach {kind}", f"{name} 경보가 {kind}에 도달하지 않음")
    return said(Verdict.FAIL, subject, words, at=lost[1].place)


def _anywhere(subject: Subject) -> Value | None:
    """The configuration as a whole, where there is one."""
    for config in subject.world.of_types((_CONFIG,)):
        return config.attributes
    return None


def _receivers(subject: Subject, kind: str, name: str) -> Iterator[Value]:
    """The receivers with an integration of that kind whose own name or address matches."""
    for config in subject.world.of_types((_CONFIG,)):
        for receiver in items_of(fields_of(config.attributes).get("receivers")):
            for integration in items_of(fields_of(receiver).get(kind)):
                known = [fields_of(receiver).get("name"), *(fields_of(integration).get(key) for key in _ADDRESSES)]
                shown = [as_text(value) or "" for value in known if value is not None]
                if not name or any(re.search(name, item) for item in shown):
                    yield receiver
                    break


def _alerts(rules: Resource) -> Iterator[Alert]:
    for found in lookup(rules.attributes, "groups[*].rules[*]"):
        rule = fields_of(found.value)
        name = as_text(rule["alert"]) if "alert" in rule else None
        if name is None:
            continue
        labels: dict[str, str | None] = {"alertname": name}
        for label, value in fields_of(rule.get("labels")).items():
            written = None if isinstance(value.raw, Unknown) else as_text(value)
            labels[label] = None if written is None or "{{" in written else written
        yield Alert(name, as_text(rule.get("expr", Value(""))) or "", labels, found.value)


def _labels_of_targets(subject: Subject) -> frozenset[str] | None:
    """The labels that targets bring along; None where service discovery or relabelling may bring any."""
    configs = subject.world.of_types(("prometheus_config",))
    names = {"job", "instance"}
    for config in configs:
        names.update(fields_of(lookup(config.attributes, "global.external_labels")[0].value))
        for job in items_of(fields_of(config.attributes).get("scrape_configs")):
            if any(key.endswith(("_sd_configs", "relabel_configs")) for key in fields_of(job)):
                return None
            for found in lookup(job, "static_configs[*].labels"):
                names.update(fields_of(found.value))
    return frozenset(names) if configs else None


def _missed(
    alerts: list[Alert], routes: list[Value], pattern: str, elsewhere: frozenset[str] | None
) -> tuple[Verdict, Alert] | None:
    """The first alert of a kind where none of them takes one of the routes; a kind that the code lacks is no miss."""
    candidates = [alert for alert in alerts if re.search(pattern, alert.expression)]
    answers = [_takes(alert, route, elsewhere) for alert in candidates for route in routes]
    if not candidates or Verdict.PASS in answers:
        return None
    return Verdict.UNKNOWN if Verdict.UNKNOWN in answers else Verdict.FAIL, candidates[0]


def _takes(alert: Alert, route: Value, elsewhere: frozenset[str] | None) -> Verdict:
    verdict = Verdict.PASS
    for label, matcher in fields_of(fields_of(route).get("matchers")).items():
        known = label in alert.labels or not (
            elsewhere is None or label in elsewhere or re.search(rf"\b{re.escape(label)}\b", alert.expression)
        )
        value = alert.labels.get(label, "") if known else None
        meets = None if value is None else _meets(value, as_text(matcher) or "")
        if meets is False:
            return Verdict.FAIL
        if meets is None:
            verdict = Verdict.UNKNOWN
    return verdict


def _meets(value: str, matcher: str) -> bool | None:
    """Whether a label's value meets `text`, `~regex`, `!text` or `!~regex`; None for an expression beyond the usual."""
    positive = not matcher.startswith("!")
    matcher = matcher.removeprefix("!")
    if not matcher.startswith("~"):
        return (value == matcher) is positive
    wildcards = matcher.count(".*") + matcher.count(".+")
    if not _PLAIN.match(matcher[1:]) or wildcards > _MOST_WILDCARDS or len(value) > _LONGEST:
        return None
    return (re.fullmatch(matcher[1:], value) is not None) is positive


FUNCTIONS = (
    Function(
        "alerts_reach",
        "Whether a route leads alerts of Prometheus to a `receiver` (such as slack_configs), whose `name` or address "
        "may be asked for; of the `alerts` (regular expressions for their expression) one each must arrive",
        ("receiver",),
        _decide,
        ("name", "alerts", "at_any_hour"),
        set_level=True,
    ),
)
