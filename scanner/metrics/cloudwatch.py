"""Figures of Amazon CloudWatch, by GetMetricData.

Sources: the pages "GetMetricData", "MetricStat" and "CloudWatch metrics: retention" of the CloudWatch documentation.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import cache
from typing import Any, Final

from scanner.metrics.asked import AskedMetric, AskedSeries, MetricError, NoFigure
from scanner.metrics.window import DAY, figure_of, worst
from scanner.model.resource import Origin, Resource

_NAMES: Final = {"Total": "Sum", "Count": "SampleCount"}
_KEPT: Final = ((63 * DAY, 3600), (15 * DAY, 300), (0, 60))
"""How old data may be, and the shortest period that is still kept beyond that age."""


class Account:
    """CloudWatch of one account.

    `client` makes a client for a region, `regions` gives those that are read, and in `main` services without regions,
    such as CloudFront, report.
    """

    def __init__(
        self, client: Callable[[str], Any], regions: Callable[[], Sequence[str]], main: str = "us-east-1"
    ) -> None:
        self._make = client
        self.main = main
        self._clients: dict[str, Any] = {}
        self.regions = cache(regions)

    def client(self, region: str) -> Any:
        """The client for a region, made once."""
        if region not in self._clients:
            self._clients[region] = self._make(region)
        return self._clients[region]


@dataclass(frozen=True, slots=True)
class _Place:
    """A region of an account; the account has no name where it is the only one."""

    name: str
    account: Account
    region: str

    def __str__(self) -> str:
        return f"{self.name}/{self.region}" if self.name else self.region


class CloudWatchReader:
    """Reads figures of some accounts, by their numbers; a single one may stand under an empty text.

    A resource is asked about in its own account and region. Where a requirement binds none, or one that has no region,
    every region of the account is asked.
    """

    def __init__(self, accounts: Mapping[str, Account], now: Callable[[], float] = time.time) -> None:
        self._accounts = accounts
        self._now = now

    def read(self, metric: AskedMetric, resource: Resource | None) -> Decimal | None:
        """The figure of the only place with data; None without data. Raises MetricError, NoFigure."""
        found = {}
        for place in self._places(resource):
            figure = figure_of(metric, lambda series, at=place: self._series(series, metric, at))  # type: ignore[misc]  # the default binds the place of this turn
            if figure is not None:
                found[str(place)] = figure
        if len(found) > 1:
            raise NoFigure(f"several regions have data: {', '.join(found)}")
        return next(iter(found.values()), None)

    def _places(self, resource: Resource | None) -> Iterator[_Place]:
        root = resource.root if resource is not None and resource.origin is Origin.AWS else ""
        number, _, region = root.partition("/")
        for name in [number] if number in self._accounts else list(self._accounts):
            account = self._accounts[name]
            if region not in ("", "global"):
                yield _Place(name, account, region)
                continue
            main = [account.main] if region else []
            for each in dict.fromkeys([*main, *account.regions()]):
                yield _Place(name, account, each)

    def _series(self, series: AskedSeries, metric: AskedMetric, place: _Place) -> Decimal | None:
        statistic = _NAMES.get(series.statistic, series.statistic)
        period = _period(metric, statistic)
        if statistic == "Average":
            points = self._points(series, ("Sum", "SampleCount"), metric.window, period, place)
            samples = sum(points["SampleCount"], Decimal(0))
            return sum(points["Sum"], Decimal(0)) / samples if samples else None
        figures = self._points(series, (statistic,), metric.window, period, place)[statistic]
        if statistic in ("Sum", "SampleCount"):
            return sum(figures, Decimal(0)) if figures else None
        if statistic in ("Minimum", "Maximum"):
            return worst(figures, "gt" if statistic == "Minimum" else "lt")
        return worst(figures, metric.op)

    def _points(
        self, series: AskedSeries, statistics: Sequence[str], window: int, period: int, place: _Place
    ) -> dict[str, list[Decimal]]:
        """The data points of the window by statistic."""
        queries = [
            {"Id": f"q{at}", "MetricStat": {"Metric": _metric(series), "Period": period, "Stat": statistic}}
            for at, statistic in enumerate(statistics)
        ]
        end = datetime.fromtimestamp(int(self._now()) // 60 * 60, UTC)
        between = {"StartTime": end - timedelta(seconds=window), "EndTime": end}
        pages = self._pages(place, {"MetricDataQueries": queries, **between})
        found: dict[str, list[Decimal]] = {statistic: [] for statistic in statistics}
        state: dict[str, str] = {}
        try:
            for result in [each for page in pages for each in page["MetricDataResults"]]:
                found[statistics[int(result["Id"][1:])]] += [Decimal(str(number)) for number in result["Values"]]
                state[result["Id"]] = result["StatusCode"]
        except (KeyError, TypeError, ValueError, IndexError) as error:
            raise MetricError(f"cloudwatch GetMetricData {place}: malformed answer") from error
        for query in queries:
            if (said := state.get(str(query["Id"]), "no answer")) != "Complete":
                raise MetricError(f"cloudwatch GetMetricData {place}: {series.metric}: {said}")
        return found

    def _pages(self, place: _Place, arguments: Mapping[str, Any]) -> list[Mapping[str, Any]]:
        from botocore.exceptions import BotoCoreError, ClientError
        from botocore.parsers import ResponseParserError

        try:
            return list(place.account.client(place.region).get_paginator("get_metric_data").paginate(**arguments))
        except ClientError as error:
            status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode")
            code = error.response.get("Error", {}).get("Code") or f"HTTP {status}"
            denied = status in (401, 403) or code.startswith("AccessDenied")
            missing = " (missing permission cloudwatch:GetMetricData)" if denied else ""
            raise MetricError(f"cloudwatch GetMetricData {place}: {code}{missing}") from error
        except (BotoCoreError, ResponseParserError) as error:
            raise MetricError(f"cloudwatch GetMetricData {place}: {type(error).__name__}") from error


def _metric(series: AskedSeries) -> dict[str, Any]:
    dimensions = [{"Name": name, "Value": str(text)} for name, text in series.dimensions.items()]
    return {"Namespace": series.namespace, "MetricName": series.metric, "Dimensions": dimensions}


def _period(metric: AskedMetric, statistic: str) -> int:
    """The length of a data point: as asked, but no shorter than what is kept; of percentiles as long as can be."""
    shortest = next(period for age, period in _KEPT if metric.window > age)
    wanted = min(metric.window, DAY) if statistic.startswith("p") else metric.period
    return max(shortest, -(-wanted // shortest) * shortest)
