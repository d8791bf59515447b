"""What decides requirements that no code shows: metrics of the running system, and records that people keep.

A metric names its source (`cloudwatch`, `azure_monitor`, `prometheus`) and the figure that it must keep to; source
`record` is a figure that people measure (a drill, a test report) and write down with `asbuilt attest`.
"""

from __future__ import annotations

import ast
import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from scanner.model.value import Plain
from scanner.policy.readers import read_duration
from scanner.policy.structures import Mismatch, literal
from scanner.policy.yaml_nodes import Node

RECORD: Final = "record"
SOURCES: Final = ("cloudwatch", "azure_monitor", "prometheus", RECORD)
_KEEPS: Final[Mapping[str, Callable[[Decimal, Decimal], bool]]] = {
    "equals": operator.eq,
    "gt": operator.gt,
    "gte": operator.ge,
    "lt": operator.lt,
    "lte": operator.le,
}
_SERIES: Final = ("namespace", "metric", "statistic", "dimensions")
_KEYS: Final[Mapping[str, tuple[str, ...]]] = {
    "cloudwatch": (*_SERIES, "expression", "metrics", "period", "window"),
    "azure_monitor": ("metric", "statistic", "expression", "metrics", "dimensions", "period", "window"),
    "prometheus": ("query",),
    RECORD: ("name", "max_age_days"),
}
_COMMON: Final = ("source", "op", "value", "unit")
_STATISTIC: Final = re.compile(r"(Average|Sum|Total|Minimum|Maximum|Count|SampleCount|p\d{1,2}(\.\d+)?)\Z")
_NAME: Final = re.compile(r"[a-z][a-z0-9_]*\Z")
_CHOICES: Final = ("max", "min")


@dataclass(slots=True, frozen=True)
class Series:
    """One metric as its service names it; a dimension is a text, or an attribute of a component's resource."""

    namespace: str
    metric: str
    statistic: str
    dimensions: Mapping[str, Any]


@dataclass(slots=True, frozen=True)
class Metric:
    """A figure and what it must keep to.

    series      by the names that `expression` uses; one series and no expression: the figure itself
    window      how far back is looked, `period` the length of one data point, both in seconds
    query       of Prometheus; `name` of a record, which is too old after `max_age_days`
    """

    source: str
    op: str
    value: Plain
    unit: str
    series: Mapping[str, Series]
    expression: str | None
    window: int
    period: int
    query: str
    name: str
    max_age_days: int | None

    def keeps(self, figure: int | float | Decimal) -> bool:
        """Whether a measured figure is as required."""
        return _KEEPS[self.op](Decimal(str(figure)), Decimal(str(self.value)))


def read_metrics(node: Node, components: Mapping[str, Any]) -> list[dict[str, Any]]:
    """`metric:` of a requirement as checked data: one entry, or several of which the first with data decides.

    Raises DefinitionError with the place of what is wrong.
    """
    entries = node.items() if isinstance(node.data, list) else [node]
    if not entries:
        raise node.error("must not be empty")
    for entry in entries:
        _check(entry, components)
    return [_plain(entry) for entry in entries]


def _plain(entry: Node) -> dict[str, Any]:
    data = entry.plain()
    assert isinstance(data, dict)
    return data


def _check(entry: Node, components: Mapping[str, Any]) -> None:
    source = entry.mapping(required=["source", "op", "value"])["source"].choice(SOURCES)
    items = entry.mapping((*_COMMON, *_KEYS[source]))
    items["op"].choice(_KEEPS)
    _figure(items["value"])
    for key in ("window", "period"):
        if key in items:
            _duration(items[key])
    if source in ("cloudwatch", "azure_monitor"):
        _check_series(entry, items, source, components)
    for key in {"prometheus": ("query",), RECORD: ("name",)}.get(source, ()):
        if key not in items:
            raise entry.error(f"{key} is missing")
        items[key].text()
    if "max_age_days" in items:
        check_days(items["max_age_days"])


def _figure(node: Node) -> None:
    if isinstance(node.data, str) and "${" in node.data:
        return
    if isinstance(node.data, bool) or not isinstance(node.data, int | float):
        raise node.error("must be a number")


def _duration(node: Node) -> None:
    try:
        read_duration(literal(node.plain()))
    except Mismatch as error:
        raise node.error(str(error), "such as 5m or 24h") from error


def check_days(node: Node) -> int:
    """A number of days. Raises DefinitionError for anything else."""
    if isinstance(node.data, bool) or not isinstance(node.data, int) or node.data < 1:
        raise node.error("must be a number of days, at least 1")
    return node.data


def _check_series(entry: Node, items: Mapping[str, Node], source: str, components: Mapping[str, Any]) -> None:
    if "window" not in items:
        raise entry.error("window is missing", "how far back to look, such as 24h")
    if ("expression" in items) != ("metrics" in items) or ("metric" in items) == ("metrics" in items):
        raise entry.error("needs either metric, or metrics with the expression that joins them")
    series = items["metrics"].mapping() if "metrics" in items else {"": entry}
    for name, node in series.items():
        if name and not _NAME.match(name):
            raise items["metrics"].key_error(name, "must be a lower-case name")
        one = node.mapping(None if node is entry else _SERIES, ["metric", "statistic"])
        if source == "cloudwatch" and "namespace" not in one:
            raise node.error("namespace is missing")
        if not _STATISTIC.match(one["statistic"].text()):
            raise one["statistic"].error("is no statistic", "such as Average, Sum, Maximum or p95")
        for dimension in one["dimensions"].mapping().values() if "dimensions" in one else ():
            if isinstance(dimension.data, dict):
                given = dimension.mapping(["component", "attribute"], ["component", "attribute"])
                given["component"].choice(components)
    if "expression" in items:
        _check_expression(items["expression"], series)


def _check_expression(node: Node, series: Mapping[str, Any]) -> None:
    """Sums, differences, products and quotients of the named metrics, and the larger or smaller of them."""
    allowed = (ast.Expression, ast.BinOp, ast.operator, ast.Name, ast.Constant, ast.Load, ast.Call)
    try:
        tree = ast.parse(node.text(), mode="eval")
    except SyntaxError as error:
        raise node.error("cannot be read", "use + - * / and the names of metrics") from error
    chosen = [part.func for part in ast.walk(tree) if isinstance(part, ast.Call) and _chooses(part)]
    for part in ast.walk(tree):
        if not isinstance(part, allowed) or (isinstance(part, ast.Call) and part.func not in chosen):
            raise node.error("only + - * /, max, min and the names of metrics can be used")
        if isinstance(part, ast.Name) and part not in chosen and part.id not in series:
            raise node.error(f"{part.id} is no metric of this requirement")


def _chooses(call: ast.Call) -> bool:
    """Whether a call is the larger or the smaller of several figures."""
    return getattr(call.func, "id", None) in _CHOICES and len(call.args) > 1 and not call.keywords


def metrics_of(data: list[dict[str, Any]]) -> tuple[Metric, ...]:
    """The metrics of a requirement, from its checked data with the inputs filled in."""
    return tuple(_metric(item) for item in data)


def _metric(data: Mapping[str, Any]) -> Metric:
    named = data.get("metrics") or ({"figure": data} if "metric" in data else {})
    series = {
        name: Series(item.get("namespace", ""), item["metric"], item["statistic"], item.get("dimensions", {}))
        for name, item in named.items()
    }
    window = int(read_duration(literal(data.get("window", 0))))
    return Metric(
        data["source"],
        data["op"],
        data["value"],
        data.get("unit", ""),
        series,
        data.get("expression"),
        window,
        int(read_duration(literal(data.get("period", min(window, 300) or 300)))),
        data.get("query", ""),
        data.get("name", ""),
        data.get("max_age_days"),
    )
