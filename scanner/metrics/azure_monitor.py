"""Figures of Azure Monitor, by the REST operation "Metrics - List", one data point for the whole window.

Which resource is meant says the dimension `resource_id`, else it is the one that the requirement binds. Platform
metrics have no percentiles.
Sources: the pages "Metrics - List" (`interval=FULL`) and "Supported metrics" of the Azure documentation.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Final
from urllib.parse import quote, urlencode

from scanner.metrics.asked import AskedMetric, AskedSeries, MetricError, NoFigure
from scanner.metrics.http import get_json
from scanner.metrics.window import figure_of
from scanner.model.resource import Resource

ENDPOINT: Final = "https://management.azure.com"
RESOURCE_ID: Final = "resource_id"
_API: Final = "2023-10-01"
_AGGREGATIONS: Final = {
    "Sum": "total", "Total": "total", "Count": "count", "SampleCount": "count", "Average": "average",
    "Minimum": "minimum", "Maximum": "maximum",
}  # fmt: skip


class AzureMonitorReader:
    """Reads figures with the token of a credential of azure-identity (an object with `get_token`)."""

    def __init__(
        self,
        credential: Any,
        endpoint: str = ENDPOINT,
        timeout_seconds: float = 20,
        now: Callable[[], float] = time.time,
    ) -> None:
        self._credential = credential
        self._endpoint = endpoint.rstrip("/")
        self._timeout = timeout_seconds
        self._now = now

    def read(self, metric: AskedMetric, resource: Resource | None) -> Decimal | None:
        """The figure of the window; None without data. Raises MetricError, NoFigure."""
        return figure_of(metric, lambda series: self._series(series, metric.window, resource))

    def _series(self, series: AskedSeries, window: int, resource: Resource | None) -> Decimal | None:
        aggregation = _AGGREGATIONS.get(series.statistic)
        if aggregation is None:
            raise NoFigure(f"Azure Monitor does not keep {series.statistic} of {series.metric}")
        asked = self._address(series, window, aggregation, resource)
        answer = get_json(asked, self._headers(), self._timeout, f"azure monitor metrics {series.metric}")
        metrics = answer.get("value")
        if not isinstance(metrics, list):
            raise MetricError(f"azure monitor metrics {series.metric}: malformed answer")
        return _only(metrics, aggregation, series.metric)

    def _address(self, series: AskedSeries, window: int, aggregation: str, resource: Resource | None) -> str:
        end = int(self._now()) // 60 * 60
        asked = {
            "api-version": _API,
            "metricnames": series.metric,
            "aggregation": aggregation,
            "interval": "FULL",
            "timespan": f"{_moment(end - window)}/{_moment(end)}",
        }
        if series.namespace:
            asked["metricnamespace"] = series.namespace
        chosen = [
            f"{name} eq '{str(text).replace(chr(39), chr(39) * 2)}'"
            for name, text in series.dimensions.items()
            if name != RESOURCE_ID
        ]
        if chosen:
            asked["$filter"] = " and ".join(chosen)
        where = quote(_resource_id(series, resource))
        return f"{self._endpoint}{where}/providers/Microsoft.Insights/metrics?{urlencode(asked)}"

    def _headers(self) -> dict[str, str]:
        from azure.core.exceptions import AzureError

        try:
            token = self._credential.get_token(f"{ENDPOINT}/.default")
        except AzureError as error:
            raise MetricError(f"azure monitor: no token ({type(error).__name__})") from error
        return {"Authorization": f"Bearer {token.token}", "Accept": "application/json"}


def _resource_id(series: AskedSeries, resource: Resource | None) -> str:
    given = series.dimensions.get(RESOURCE_ID) or (resource.identity.get("id") if resource is not None else None)
    if not isinstance(given, str) or not given.startswith("/subscriptions/") or ".." in given:
        raise NoFigure(f"it is not known of which resource {series.metric} is")
    return given


def _moment(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _only(metrics: list[Any], aggregation: str, name: str) -> Decimal | None:
    """The only data point of an answer; a point without a figure says that there was nothing to measure."""
    found = []
    try:
        for metric in metrics:
            if metric.get("errorCode", "Success") != "Success":
                raise MetricError(f"azure monitor metrics {name}: {metric['errorCode']}")
            found += [
                point[aggregation]
                for series in metric["timeseries"]
                for point in series["data"]
                if aggregation in point
            ]
    except (KeyError, TypeError, AttributeError) as error:
        raise MetricError(f"azure monitor metrics {name}: malformed answer") from error
    figures = [figure for figure in found if figure is not None]
    if len(figures) > 1:
        raise NoFigure(f"{name} has {len(figures)} series instead of one")
    if figures and (isinstance(figures[0], bool) or not isinstance(figures[0], int | float)):
        raise MetricError(f"azure monitor metrics {name}: malformed answer")
    return Decimal(str(figures[0])) if figures else None
