"""The alert rules of Azure Monitor in one shape, whatever resource writes them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from scanner.model.path import as_text, lookup
from scanner.model.resource import Resource
from scanner.model.value import Unknown, Value, shape_of
from scanner.policy.readers import read_duration
from scanner.policy.structures import Mismatch, Undecided
from scanner.policy.world import World

_METRIC = "azurerm_monitor_metric_alert"
_QUERY = "azurerm_monitor_scheduled_query_rules_alert_v2"
_OLD_QUERY = "azurerm_monitor_scheduled_query_rules_alert"
_PROMETHEUS = "azurerm_monitor_alert_prometheus_rule_group"
RULE_TYPES = (_METRIC, _QUERY, _OLD_QUERY, _PROMETHEUS)


@dataclass(slots=True, eq=False)
class AlertRule:
    """One alert.

    form        metric, query or prometheus
    names       what it is called; `label` is the address for messages
    signal      the metric, or the text of the query as far as it is known
    windows     the window; of a query also how often it runs and how many runs in a row must be over the figure
    groups      the path under which its action groups stand
    unknown     why it is not known what it watches
    """

    resource: Resource
    form: str
    names: list[str]
    signal: str | None
    operator: list[Value]
    threshold: list[Value]
    windows: list[Value]
    enabled: list[Value]
    groups: str
    query: Value | None = None
    unknown: Unknown | None = None
    aggregation: tuple[Value, ...] = ()

    @property
    def label(self) -> str:
        """How messages call it."""
        return self.resource.address

    @property
    def place(self) -> Value:
        """Where the rule is written."""
        return Value("", self.resource.location)


def alert_rules(world: World) -> Iterator[AlertRule]:
    """Every alert rule in the inventory, one for each criterion or rule of a group."""
    for resource in world.of_types(RULE_TYPES):
        if resource.undecided is not None and isinstance(resource.undecided.raw, Unknown):
            unknown = resource.undecided.raw
            yield AlertRule(resource, "", _names(resource), None, [], [], [], [], "", unknown=unknown)
        elif resource.type == _METRIC:
            yield from _metric(world, resource)
        elif resource.type == _PROMETHEUS:
            yield from _prometheus(world, resource)
        else:
            yield _query(world, resource)


def _metric(world: World, resource: Resource) -> Iterator[AlertRule]:
    for found in lookup(resource.attributes, "criteria[*]"):
        block = found.value
        if isinstance(block.raw, Unknown):
            yield AlertRule(resource, "metric", _names(resource), None, [], [], [], [], "action", unknown=block.raw)
            continue
        metric = _one(block, "metric_name")
        yield AlertRule(
            resource,
            "metric",
            _names(resource),
            as_text(metric),
            [_one(block, "operator")],
            [_one(block, "threshold")],
            [_given(world, resource, "window_size")],
            [_given(world, resource, "enabled")],
            "action.action_group_id",
            unknown=metric.raw if isinstance(metric.raw, Unknown) else None,
            aggregation=(_one(block, "aggregation"),),
        )


def _query(world: World, resource: Resource) -> AlertRule:
    old = resource.type == _OLD_QUERY
    query = _one(resource.attributes, "query" if old else "criteria.query")
    block = "trigger" if old else "criteria"
    windows = ("time_window", "frequency") if old else ("window_duration", "evaluation_frequency")
    periods = "criteria.failing_periods.minimum_failing_periods_to_trigger_alert"
    spans = [_one(resource.attributes, path) for path in windows]
    return AlertRule(
        resource,
        "query",
        _names(resource),
        shape_of(query),
        [_one(resource.attributes, f"{block}.operator")],
        [_one(resource.attributes, f"{block}.threshold")],
        [_minutes(span) for span in spans] if old else [*spans, _one(resource.attributes, periods)],
        [_given(world, resource, "enabled")],
        "action.action_group" if old else "action.action_groups",
        query=query,
        unknown=query.raw if isinstance(query.raw, Unknown) and query.shape is None else None,
    )


def _prometheus(world: World, resource: Resource) -> Iterator[AlertRule]:
    for found in lookup(resource.attributes, "rule[*]"):
        rule = found.value
        group = _given(world, resource, "rule_group_enabled")
        if isinstance(rule.raw, Unknown):
            yield AlertRule(resource, "prometheus", [], None, [], [], [], [group], "rule", unknown=rule.raw)
            continue
        name, expression = _one(rule, "alert"), _one(rule, "expression")
        yield AlertRule(
            resource,
            "prometheus",
            [text for text in (as_text(name),) if text],
            shape_of(expression),
            [],
            [],
            [value for value in (_one(rule, "for"),) if not value.is_absent],
            [group, *(value for value in (_one(rule, "enabled"),) if not value.is_absent)],
            f"{found.path}.action.action_group_id",
            query=expression,
            unknown=expression.raw if isinstance(expression.raw, Unknown) and expression.shape is None else None,
        )


def _names(resource: Resource) -> list[str]:
    values = (_one(resource.attributes, name) for name in ("name", "display_name"))
    return [text for value in values if (text := shape_of(value))]


def _minutes(value: Value) -> Value:
    """A number of minutes as a length of time."""
    number = as_text(value)
    return value if number is None else Value(f"{number}m", value.location, value.hops)


def _one(root: Value, path: str) -> Value:
    return lookup(root, path)[0].value


def _given(world: World, resource: Resource, path: str) -> Value:
    """The attribute, or the provider's default where it is not written."""
    value = _one(resource.attributes, path)
    default = world.default(resource, path) if value.is_absent else None
    return default[0].with_(location=value.location) if default else value


def seconds(value: Value) -> Decimal | None:
    """A length of time, or a plain number; None where it is not written or cannot be read."""
    if value.is_absent or isinstance(value.raw, Unknown):
        return None
    try:
        return read_duration(value)
    except (Mismatch, Undecided):
        return None
