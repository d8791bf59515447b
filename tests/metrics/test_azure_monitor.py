from __future__ import annotations

import json
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from azure.core.credentials import AccessToken
from azure.core.exceptions import ClientAuthenticationError

from scanner.metrics import MetricReaders
from scanner.metrics.azure_monitor import AzureMonitorReader
from scanner.model.resource import Origin, Resource
from scanner.model.value import Unknown, Value
from scanner.policy.measures import Metric
from tests.http_server import Answer, Asked, serving
from tests.metrics.asking import metric

ID = "/subscriptions/s/resourceGroups/r g/providers/Microsoft.Cache/redis/c"


class Credential:
    def get_token(self, *scopes: str) -> AccessToken:
        assert scopes == ("https://management.azure.com/.default",)
        return AccessToken("secret", 2**31)


class Expired:
    def get_token(self, *_: str) -> AccessToken:
        raise ClientAuthenticationError("expired")


def server_load(statistic: str = "Maximum", **data: Any) -> Metric:
    dimensions = {"resource_id": ID, "ShardId": "it's"}
    given = {"source": "azure_monitor", "metric": "serverLoad", "statistic": statistic, "dimensions": dimensions}
    return metric(**{**given, "window": "1h", **data})


def points(*data: dict[str, Any], **metric: Any) -> bytes:
    series = [{"metadatavalues": [], "data": [point]} for point in data]
    return json.dumps(
        {"cost": 59, "value": [{"name": {"value": "serverLoad"}, "timeseries": series, **metric}]}
    ).encode()


def ask(
    body: bytes,
    asking: Metric | None = None,
    status: int = 200,
    credential: object = None,
    resource: Resource | None = None,
) -> tuple[Value, list[str], list[Asked]]:
    with serving(lambda _: Answer(body, status)) as (url, asked):
        reader = AzureMonitorReader(credential or Credential(), url, now=lambda: 1_800_000_030)
        readers = MetricReaders({"azure_monitor": reader})
        value = readers.figure(asking or server_load(), resource)
    return value, [item.what for item in readers.notifications], asked


def test_one_data_point_of_the_window_is_the_figure() -> None:
    value, said, asked = ask(points({"timeStamp": "t", "maximum": 71.5}))
    assert (value.raw, said) == (Decimal("71.5"), [])
    assert unquote(urlsplit(asked[0].path).path) == f"{ID}/providers/Microsoft.Insights/metrics"
    assert parse_qs(urlsplit(asked[0].path).query) == {
        "api-version": ["2023-10-01"],
        "metricnames": ["serverLoad"],
        "aggregation": ["maximum"],
        "interval": ["FULL"],
        "timespan": ["2027-01-15T07:00:00Z/2027-01-15T08:00:00Z"],
        "$filter": ["ShardId eq 'it''s'"],
    }
    assert (asked[0].method, asked[0].headers["Authorization"]) == ("GET", "Bearer secret")


def test_the_bound_resource_is_meant() -> None:
    resource = Resource("azurerm_redis_cache", "x", Value({}), None, Origin.AZURE, "s/r", identity={"id": ID})
    value, _, asked = ask(points({"average": 3}), server_load("Average", dimensions={}), resource=resource)
    assert value.raw == 3
    assert unquote(asked[0].path).startswith(ID)


def test_an_expression_joins_series() -> None:
    series = {
        name: {"metric": name, "statistic": "Total", "dimensions": {"resource_id": ID}} for name in ("hits", "all")
    }
    asking = metric(source="azure_monitor", expression="hits/all", metrics=series)
    assert ask(points({"total": 4}), asking)[0].raw == 1


@pytest.mark.parametrize("body", [points(), points({"timeStamp": "t"}), points({"maximum": None}), b'{"value": []}'])
def test_no_data_is_absent(body: bytes) -> None:
    assert ask(body)[0].is_absent


@pytest.mark.parametrize(
    ("asking", "body", "why"),
    [
        (server_load("p95"), points(), "does not keep p95"),
        (server_load(dimensions={}), points(), "of which resource"),
        (server_load(dimensions={"resource_id": "/subscriptions/../x"}), points(), "of which resource"),
        (server_load(), points({"maximum": 1}, {"maximum": 2}), "2 series"),
    ],
)
def test_what_is_no_figure_is_unknown(asking: Metric, body: bytes, why: str) -> None:
    value, said, _ = ask(body, asking)
    assert isinstance(value.raw, Unknown)
    assert why in value.raw.detail
    assert said == []


@pytest.mark.parametrize(
    ("body", "status", "why"),
    [
        (b'{"error": {"code": "AuthorizationFailed"}}', 403, "HTTP 403 AuthorizationFailed"),
        (b"{}", 200, "malformed"),
        (b'{"value": [1]}', 200, "malformed"),
        (points({"maximum": "much"}), 200, "malformed"),
        (points(errorCode="ResourceNotFound"), 200, "ResourceNotFound"),
    ],
)
def test_what_cannot_be_read_is_unknown_and_said(body: bytes, status: int, why: str) -> None:
    value, said, _ = ask(body, status=status)
    assert value.is_unknown
    assert why in said[0]


def test_without_credentials_nothing_is_asked() -> None:
    value, said, asked = ask(points({"maximum": 1}), credential=Expired())
    assert value.is_unknown
    assert ("no token" in said[0], asked) == (True, [])
