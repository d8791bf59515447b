"""From data points to one figure for the whole window.

A requirement is held against the figure of its window, not against every data point of it:

* Sum and SampleCount add up, Minimum and Maximum are the least and the greatest, Average is the sum of the samples
  divided by their number, so that a busy hour weighs more than an idle one.
* A percentile cannot be made of percentiles: it is asked for in data points of the whole window, of a day at most, and
  the worst of them counts.
* An expression joins the figures of the window: errors of the day by requests of the day. The average of the ratios of
  single data points would let one failed request in an idle minute outweigh a day.

Services report counts of events only while there are events. In an expression, a Sum without data is therefore zero as
soon as another series of the same namespace and dimensions has data; without any data there is no figure.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, Final

from scanner.metrics.asked import AskedMetric, AskedSeries
from scanner.metrics.expression import evaluate

SUMS: Final = frozenset({"Sum", "Total", "SampleCount", "Count"})
DAY: Final = 86_400
_AT_LEAST: Final = frozenset({"gt", "gte"})


def figure_of(metric: AskedMetric, read: Callable[[AskedSeries], Decimal | None]) -> Decimal | None:
    """The figure of a metric's window, from the figures of its series; None without data. Raises NoFigure."""
    found = {name: read(series) for name, series in metric.series.items()}
    if metric.expression is None:
        return next(iter(found.values()), None)
    known = {name: figure for name, figure in found.items() if figure is not None}
    for name, series in metric.series.items():
        if name not in known and series.statistic in SUMS and _beside(series, metric.series, known):
            known[name] = Decimal(0)
    return evaluate(metric.expression, known) if len(known) == len(found) else None


def _beside(series: AskedSeries, all_series: Mapping[str, Any], known: Mapping[str, Decimal]) -> bool:
    """Whether a series of the same thing has data."""
    place = (series.namespace, dict(series.dimensions))
    others = [other for name, other in all_series.items() if name in known]
    return any((other.namespace, dict(other.dimensions)) == place for other in others)


def worst(figures: list[Decimal], op: str) -> Decimal | None:
    """The figure that is furthest from what is required."""
    if not figures:
        return None
    return min(figures) if op in _AT_LEAST else max(figures)
