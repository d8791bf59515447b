"""Figures of Prometheus, by `/api/v1/query`: the query's own answer is the figure.

Source: the page "HTTP API" of the Prometheus documentation.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any, Final
from urllib.parse import urlencode

from scanner.metrics.asked import AskedMetric, MetricError, NoFigure
from scanner.metrics.http import get_json
from scanner.model.resource import Resource

_PATH: Final = "/api/v1/query"


class PrometheusReader:
    """Asks the server at `url`; `headers` may carry a token."""

    def __init__(self, url: str, headers: Mapping[str, str] | None = None, timeout_seconds: float = 20) -> None:
        self._url = url.rstrip("/")
        self._headers = dict(headers or {})
        self._timeout = timeout_seconds

    def read(self, metric: AskedMetric, _resource: Resource | None) -> Decimal | None:
        """The only sample of the query; None without one. Raises MetricError, NoFigure."""
        url = f"{self._url}{_PATH}?{urlencode({'query': metric.query})}"
        answer = get_json(url, self._headers, self._timeout, f"prometheus {_PATH}")
        data = answer.get("data")
        if answer.get("status") != "success" or not isinstance(data, dict):
            raise MetricError(f"prometheus {_PATH}: {answer.get('errorType') or 'malformed answer'}")
        if answer.get("warnings"):
            raise NoFigure(f"the answer may be incomplete: {answer['warnings'][0]}")
        return _sample(data, metric.query)


def _sample(data: Mapping[str, Any], query: str) -> Decimal | None:
    kind, result = data.get("resultType"), data.get("result")
    if kind == "vector" and isinstance(result, list):
        if not result:
            return None
        if len(result) > 1:
            raise NoFigure(f"{query} gives {len(result)} series instead of one")
        result = result[0].get("value") if isinstance(result[0], dict) else None
    elif kind != "scalar":
        raise NoFigure(f"{query} gives a {kind}, no figure")
    if not isinstance(result, list) or len(result) != 2:
        raise MetricError(f"prometheus {_PATH}: malformed answer")
    try:
        figure = Decimal(str(result[1]))
    except InvalidOperation as error:
        raise MetricError(f"prometheus {_PATH}: malformed answer") from error
    if not figure.is_finite():
        raise NoFigure(f"{query} gives {result[1]}, no figure")
    return figure
