from __future__ import annotations

import json
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from scanner.metrics import MetricReaders
from scanner.metrics.prometheus import PrometheusReader
from scanner.model.value import Unknown, Value
from tests.http_server import Answer, Asked, serving
from tests.metrics.asking import metric

QUERY = 'max(rate(x{a="b"}[5m]))'


def vector(*values: str) -> dict[str, Any]:
    return {"resultType": "vector", "result": [{"metric": {}, "value": [1.5, text]} for text in values]}


def success(data: object, **more: object) -> bytes:
    return json.dumps({"status": "success", "data": data, **more}).encode()


def ask(body: bytes, status: int = 200) -> tuple[Value, list[str], list[Asked]]:
    with serving(lambda _: Answer(body, status, {"Retry-After": "0", "Location": "/elsewhere"})) as (url, asked):
        readers = MetricReaders({"prometheus": PrometheusReader(f"{url}/sub/", {"Authorization": "Bearer t"})})
        value = readers.figure(metric(source="prometheus", query=QUERY), None)
    return value, [item.what for item in readers.notifications], asked


def test_the_only_sample_is_the_figure() -> None:
    value, said, asked = ask(success(vector("0.25")))
    assert (value.raw, said) == (Decimal("0.25"), [])
    assert urlsplit(asked[0].path).path == "/sub/api/v1/query"
    assert parse_qs(urlsplit(asked[0].path).query) == {"query": [QUERY]}
    assert asked[0].headers["Authorization"] == "Bearer t"


def test_a_scalar_is_a_figure() -> None:
    assert ask(success({"resultType": "scalar", "result": [1, "7"]}))[0].raw == 7


def test_no_sample_is_absent() -> None:
    assert ask(success(vector()))[0].is_absent


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (success(vector("1", "2")), "2 series"),
        (success(vector("NaN")), "NaN"),
        (success(vector("+Inf")), "Inf"),
        (success({"resultType": "matrix", "result": []}), "matrix"),
        (success(vector("1"), warnings=["a store did not answer"]), "incomplete"),
    ],
)
def test_what_is_no_figure_is_unknown(body: bytes, why: str) -> None:
    value, said, _ = ask(body)
    assert isinstance(value.raw, Unknown)
    assert why in value.raw.detail
    assert said == []


@pytest.mark.parametrize(
    ("body", "status", "why"),
    [
        (b'{"status": "error", "errorType": "bad_data", "error": "x"}', 400, "HTTP 400 bad_data"),
        (b'{"status": "error", "errorType": "timeout"}', 200, "timeout"),
        (b"<html>", 200, "no JSON"),
        (b"[]", 200, "no JSON object"),
        (b"{}", 200, "malformed"),
        (success({"resultType": "vector", "result": [{}]}), 200, "malformed"),
        (success(vector("x")), 200, "malformed"),
        (b"", 302, "HTTP 302"),
        (b"", 403, "HTTP 403"),
    ],
)
def test_what_cannot_be_read_is_unknown_and_said(body: bytes, status: int, why: str) -> None:
    value, said, asked = ask(body, status)
    assert value.is_unknown
    assert why in said[0]
    assert len(asked) == 1


def test_a_busy_server_is_asked_again() -> None:
    answers = [Answer(b"", 503, {"Retry-After": "0"}), Answer(success(vector("3")))]
    with serving(lambda _: answers.pop(0)) as (url, _):
        readers = MetricReaders({"prometheus": PrometheusReader(url)})
        assert readers.figure(metric(source="prometheus", query=QUERY), None).raw == 3


def test_a_server_that_stays_busy_is_unknown() -> None:
    value, said, asked = ask(b"", 429)
    assert value.is_unknown
    assert ("HTTP 429" in said[0], len(asked)) == (True, 3)


@pytest.mark.parametrize("url", ["http://127.0.0.1:1", "file:///etc", "http://"])
def test_an_address_without_server_is_unknown(url: str) -> None:
    readers = MetricReaders({"prometheus": PrometheusReader(url, timeout_seconds=1)})
    assert readers.figure(metric(source="prometheus", query=QUERY), None).is_unknown
    assert len(readers.notifications) == 1
