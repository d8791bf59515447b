"""GET of JSON with the standard library: bounded, no redirects (they would carry the token elsewhere), few retries."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from http.client import HTTPException
from typing import Any, Final
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from scanner.metrics.asked import MetricError

LARGEST: Final = 16 * 1024 * 1024
_ATTEMPTS: Final = 3
_LONGEST_WAIT: Final = 30.0
_LATER: Final = frozenset({429, 500, 502, 503, 504})


class _NoRedirect(HTTPRedirectHandler):
    def redirect_request(self, *_: object) -> None:
        """No request: the answer is an error then."""


_OPENER: Final = build_opener(_NoRedirect)


def get_json(url: str, headers: Mapping[str, str], timeout: float, what: str) -> dict[str, Any]:
    """The JSON object at an address. Raises MetricError, which begins with `what`."""
    if urlsplit(url).scheme not in ("http", "https"):
        raise MetricError(f"{what}: neither http nor https")
    for attempt in range(1, _ATTEMPTS + 1):
        try:
            with _OPENER.open(Request(url, headers=dict(headers)), timeout=timeout) as answer:
                return _object(answer.read(LARGEST + 1), what)
        except HTTPError as error:
            with error:
                if error.code not in _LATER or attempt == _ATTEMPTS:
                    raise MetricError(f"{what}: HTTP {error.code}{_said(error)}") from error
                time.sleep(_wait(error.headers.get("Retry-After"), attempt))
        except (URLError, HTTPException, OSError, ValueError) as error:
            raise MetricError(f"{what}: {getattr(error, 'reason', None) or type(error).__name__}") from error
    raise AssertionError("the last attempt returns or raises")


def _object(body: bytes, what: str) -> dict[str, Any]:
    if len(body) > LARGEST:
        raise MetricError(f"{what}: the answer is too large")
    try:
        data = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise MetricError(f"{what}: the answer is no JSON") from error
    if not isinstance(data, dict):
        raise MetricError(f"{what}: the answer is no JSON object")
    return data


def _said(error: HTTPError) -> str:
    """The code that an error names: `error.code` of Azure, `errorType` of Prometheus."""
    try:
        data = json.loads(error.read(LARGEST))
    except (ValueError, RecursionError, OSError, HTTPException):
        return ""
    inner = data.get("error") if isinstance(data, dict) else None
    code = inner.get("code") if isinstance(inner, dict) else data.get("errorType") if isinstance(data, dict) else None
    return f" {code}" if isinstance(code, str) else ""


def _wait(said: str | None, attempt: int) -> float:
    """How long to wait before the next attempt, in seconds."""
    try:
        return min(max(0.0, float(said or "")), _LONGEST_WAIT)  # in this order, NaN is no wait
    except ValueError:
        return float(2**attempt) / 2
