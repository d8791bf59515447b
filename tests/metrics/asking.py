"""Metrics as requirements ask for them."""

from __future__ import annotations

from typing import Any

from scanner.policy.measures import Metric, metrics_of


def metric(**data: Any) -> Metric:
    return metrics_of([{"op": "lt", "value": 1, "window": "24h", **data}])[0]


def cloudwatch(name: str, statistic: str, **data: Any) -> Metric:
    given = {"namespace": "AWS/X", "metric": name, "statistic": statistic, "dimensions": {"D": "d"}}
    return metric(**{"source": "cloudwatch", **given, **data})


def joined(expression: str, *names: str, statistic: str = "Sum", **data: Any) -> Metric:
    series = {
        name: {"namespace": "AWS/X", "metric": name, "statistic": statistic, "dimensions": {"D": "d"}} for name in names
    }
    return metric(**{"source": "cloudwatch", "expression": expression, "metrics": series, **data})
