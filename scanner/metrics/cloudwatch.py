"""Figures of Amazon CloudWatch, by GetMetricData.

Sources: the pages "GetMetricData", "MetricStat" and "CloudWatch metrics: retention" of the CloudWatch documentation.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, Final

from scanner.metrics.asked import AskedMetric, AskedSeries, MetricError, NoFigure
from scanner.metrics.window import DAY, figure_of, worst
from scanner.model.resource import Origin, Resource

ClientFactory = Callable[[str], Any]
"""A boto3 client of CloudWatch for a region."""
_NAMES: Final = {"Total": "Sum", "Count": "SampleCount"}
_KEPT: Final = ((63 * DAY, 3600), (15 * DAY, 300), (0, 60))
"""How old data may be, and the shortest period that is still kept beyond that age."""


class CloudWatchReader:
    """Reads figures of one account. `regions` are asked where a requirement does not bind a resource with its own."""

    def __init__(self, client: ClientFactory, regions: Sequence[str], now: Callable[[], float] = time.time) -> None:
        self._client = client
        self._regions = tuple(regions)
        self._now = now

    def read(self, metric: AskedMetric, resource: Resource | None) -> Decimal | None:
        """The figure of the only region with data; None without data. Raises MetricError, NoFigure."""
        found = {}
        for region in _own_region(resource) or self._regions:
            figure = figure_of(metric, lambda series, at=region: self._series(series, metric, at))  # type: ignore[misc]  # the default binds the region of this turn
            if figure is not None:
                found[region] = figure
        if len(found) > 1:
            raise NoFigure(f"several regions have data: {', '.join(found)}")
        return next(iter(found.values()), None)

    def _series(self, series: AskedSeries, metric: AskedMetric, region: str) -> Decimal | None:
        statistic = _NAMES.get(series.statistic, series.statistic)
        period = _period(metric, statistic)
        if statistic == "Average":
            points = self._points(series, ("Sum", "SampleCount"), metric.window, period, region)
            samples = sum(points["SampleCount"], Decimal(0))
            return sum(points["Sum"], Decimal(0)) / samples if samples else None
        figures = self._points(series, (statistic,), metric.window, period, region)[statistic]
        if statistic in ("Sum", "SampleCount"):
            return sum(figures, Decimal(0)) if figures else None
        if statistic in ("Minimum", "Maximum"):
            return worst(figures, "gt" if statistic == "Minimum" else "lt")
        return worst(figures, metric.op)

    def _points(
        self, series: AskedSeries, statistics: Sequence[str], window: int, period: int, region: str
    ) -> dict[str, list[Decimal]]:
        """The data points of the window by statistic."""
        queries = [
            {"Id": f"q{at}", "MetricStat": {"Metric": _metric(series), "Period": period, "Stat": statistic}}
            for at, statistic in enumerate(statistics)
        ]
        end = datetime.fromtimestamp(int(self._now()) // 60 * 60, UTC)
        between = {"StartTime": end - timedelta(seconds=window), "EndTime": end}
        pages = self._pages(region, {"MetricDataQueries": queries, **between})
        found: dict[str, list[Decimal]] = {statistic: [] for statistic in statistics}
        state: dict[str, str] = {}
        try:
            for result in [each for page in pages for each in page["MetricDataResults"]]:
                found[statistics[int(result["Id"][1:])]] += [Decimal(str(number)) for number in result["Values"]]
                state[result["Id"]] = result["StatusCode"]
        except (KeyError, TypeError, ValueError, IndexError) as error:
            raise MetricError(f"cloudwatch GetMetricData {region}: malformed answer") from error
        for query in queries:
            if (said := state.get(str(query["Id"]), "no answer")) != "Complete":
                raise MetricError(f"cloudwatch GetMetricData {region}: {series.metric}: {said}")
        return found

    def _pages(self, region: str, arguments: Mapping[str, Any]) -> list[Mapping[str, Any]]:
        from botocore.exceptions import BotoCoreError, ClientError
        from botocore.parsers import ResponseParserError

        try:
            return list(self._client(region).get_paginator("get_metric_data").paginate(**arguments))
        except ClientError as error:
            status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode")
            code = error.response.get("Error", {}).get("Code") or f"HTTP {status}"
            missing = " (missing permission cloudwatch:GetMetricData)" if status in (401, 403) else ""
            raise MetricError(f"cloudwatch GetMetricData {region}: {code}{missing}") from error
        except (BotoCoreError, ResponseParserError) as error:
            raise MetricError(f"cloudwatch GetMetricData {region}: {type(error).__name__}") from error


def _own_region(resource: Resource | None) -> tuple[str, ...]:
    region = resource.root.rpartition("/")[2] if resource is not None and resource.origin is Origin.AWS else ""
    return (region,) if region not in ("", "global") else ()


def _metric(series: AskedSeries) -> dict[str, Any]:
    dimensions = [{"Name": name, "Value": str(text)} for name, text in series.dimensions.items()]
    return {"Namespace": series.namespace, "MetricName": series.metric, "Dimensions": dimensions}


def _period(metric: AskedMetric, statistic: str) -> int:
    """The length of a data point: as asked, but no shorter than what is kept; of percentiles as long as can be."""
    shortest = next(period for age, period in _KEPT if metric.window > age)
    wanted = min(metric.window, DAY) if statistic.startswith("p") else metric.period
    return max(shortest, -(-wanted // shortest) * shortest)
