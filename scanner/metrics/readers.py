"""All readers of metrics together: the figures that requirements of kind metric are held against."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from scanner.metrics.asked import AskedMetric, MetricError, MetricReader, NoFigure
from scanner.model.inventory import Level, Notification
from scanner.model.resource import Resource
from scanner.model.value import Reason, Value, absent, unknown


@dataclass
class MetricReaders:
    """Answers by the reader of a metric's source: `cloudwatch`, `azure_monitor`, `prometheus`.

    A figure is read once. `notifications` grow with every call that failed; they hide no resources.
    """

    readers: Mapping[str, MetricReader]
    notifications: list[Notification] = field(default_factory=list)
    _read: dict[Any, Value] = field(default_factory=dict)

    def figure(self, metric: AskedMetric, resource: Resource | None) -> Value:
        """The figure; absent without data, unknown with its reason where it could not be read."""
        key = _key(metric, resource)
        if key not in self._read:
            self._read[key] = self._figure(metric, resource)
        return self._read[key]

    def _figure(self, metric: AskedMetric, resource: Resource | None) -> Value:
        reader = self.readers.get(metric.source)
        if reader is None:
            return unknown(Reason.UNREADABLE, f"no {metric.source} was given to read measurements from")
        try:
            figure = reader.read(metric, resource)
        except NoFigure as error:
            return unknown(Reason.UNREADABLE, str(error))
        except MetricError as error:
            said = Notification(Level.ERROR, str(error), None, ("metric",))
            if said not in self.notifications:
                self.notifications.append(said)
            return unknown(Reason.ERROR, str(error))
        return absent() if figure is None else Value(figure)


def _key(metric: AskedMetric, resource: Resource | None) -> object:
    series = tuple(
        (name, item.namespace, item.metric, item.statistic, tuple(sorted(item.dimensions.items())))
        for name, item in metric.series.items()
    )
    place = (resource.root, resource.address) if resource is not None else None
    asked = (metric.source, metric.op, metric.expression, metric.window, metric.period, metric.query)
    return (*asked, series, place)
