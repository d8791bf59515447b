"""What readers of metrics are asked for, as far as they look at it, and what they answer when they cannot tell."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Protocol

from scanner.model.resource import Resource


class AskedSeries(Protocol):
    """One metric as its service names it; every dimension is a text."""

    @property
    def namespace(self) -> str:
        """The namespace, empty for that of the resource."""

    @property
    def metric(self) -> str:
        """The name of the metric."""

    @property
    def statistic(self) -> str:
        """Sum, Average, Minimum, Maximum, SampleCount (also Total, Count), or a percentile such as p95."""

    @property
    def dimensions(self) -> Mapping[str, Any]:
        """The dimensions that choose the series."""


class AskedMetric(Protocol):
    """A figure of the running system, and how it is compared."""

    @property
    def source(self) -> str:
        """The service that has the figure."""

    @property
    def op(self) -> str:
        """How the figure is compared: equals, gt, gte, lt, lte."""

    @property
    def series(self) -> Mapping[str, Any]:
        """The series (AskedSeries) by the names that the expression uses."""

    @property
    def expression(self) -> str | None:
        """What joins the series; None where there is one."""

    @property
    def window(self) -> int:
        """How many seconds are looked back."""

    @property
    def period(self) -> int:
        """The length of a data point in seconds."""

    @property
    def query(self) -> str:
        """The query of Prometheus."""


class MetricReader(Protocol):
    """Reads the metrics of one service."""

    def read(self, metric: AskedMetric, resource: Resource | None, /) -> Decimal | None:
        """The figure; None without data. Raises MetricError, NoFigure."""


class NoFigure(Exception):
    """The data that a service has do not make a figure: a division by zero, a percentile that it does not keep."""


class MetricError(Exception):
    """A service did not answer; `args[0]` says which, and why."""
