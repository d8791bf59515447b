from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import boto3
import pytest
from botocore.stub import Stubber

from scanner.metrics import MetricReaders
from scanner.metrics.cloudwatch import Account, CloudWatchReader
from scanner.model.resource import Origin, Resource
from scanner.model.value import Unknown, Value
from scanner.policy.measures import Metric
from tests.metrics.asking import cloudwatch, joined

NOW = 1_800_000_030
END = datetime.fromtimestamp(1_800_000_000, UTC)


def result(*values: float, at: int = 0, status: str = "Complete") -> dict[str, Any]:
    return {"Id": f"q{at}", "Values": list(values), "StatusCode": status}


class Region:
    """The answers of one region, in order; every one is checked against botocore's model."""

    def __init__(self) -> None:
        options = {"aws_access_key_id": "a", "aws_secret_access_key": "b", "region_name": "ap-northeast-2"}
        self.client = boto3.client("cloudwatch", **options)
        self.stubber = Stubber(self.client)
        self.asked: list[dict[str, Any]] = []
        self.client.meta.events.register("provide-client-params.*.*", lambda params, **_: self.asked.append(params))
        self.stubber.activate()

    def says(self, *results: dict[str, Any], more: str | None = None) -> Region:
        next_ = {"NextToken": more} if more else {}
        self.stubber.add_response("get_metric_data", {"MetricDataResults": list(results), **next_})
        return self


def figures(region: Region, **others: Region) -> MetricReaders:
    regions = {"here": region, **others}
    account = Account(lambda name: regions[name].client, lambda: tuple(regions))
    return MetricReaders({"cloudwatch": CloudWatchReader({"": account}, now=lambda: NOW)})


def figure(region: Region, metric: Metric) -> Value:
    return figures(region).figure(metric, None)


@pytest.mark.parametrize(
    ("statistic", "values", "expected"),
    [("Sum", (1, 2.5), "3.5"), ("Minimum", (3, 2), "2"), ("Maximum", (3, 2), "3"), ("Count", (4, 4), "8")],
)
def test_data_points_make_the_figure_of_the_window(statistic: str, values: tuple[float, ...], expected: str) -> None:
    region = Region().says(result(*values))
    assert figure(region, cloudwatch("M", statistic)).raw == Decimal(expected)


def test_a_busy_hour_weighs_more_in_an_average() -> None:
    region = Region().says(result(10, 900, at=0), result(1, 9, at=1))
    assert figure(region, cloudwatch("M", "Average")).raw == Decimal(91)
    assert [item["MetricStat"]["Stat"] for item in region.asked[0]["MetricDataQueries"]] == ["Sum", "SampleCount"]


def test_what_is_asked_for() -> None:
    region = Region().says(result(1))
    figure(region, cloudwatch("M", "Sum", period="1m"))
    asked = region.asked[0]
    assert asked["EndTime"] == END
    assert (asked["EndTime"] - asked["StartTime"]).total_seconds() == 86_400
    metric = {"Namespace": "AWS/X", "MetricName": "M", "Dimensions": [{"Name": "D", "Value": "d"}]}
    assert asked["MetricDataQueries"][0]["MetricStat"] == {"Metric": metric, "Period": 60, "Stat": "Sum"}


@pytest.mark.parametrize(
    ("window", "statistic", "period"),
    [("24h", "p95", 86_400), ("1h", "p95", 3600), ("7d", "p99", 86_400), ("30d", "Sum", 300), ("90d", "Sum", 3600)],
)
def test_how_long_a_data_point_is(window: str, statistic: str, period: int) -> None:
    region = Region().says(result(1))
    figure(region, cloudwatch("M", statistic, window=window, period="1m"))
    assert region.asked[0]["MetricDataQueries"][0]["MetricStat"]["Period"] == period


@pytest.mark.parametrize(("op", "expected"), [("lt", 5), ("lte", 5), ("gt", 2), ("gte", 2), ("equals", 5)])
def test_the_worst_of_several_percentiles_counts(op: str, expected: int) -> None:
    region = Region().says(result(3, 5, 2))
    assert figure(region, cloudwatch("M", "p95", op=op, window="7d")).raw == expected


def test_an_expression_joins_the_figures_of_the_window() -> None:
    region = Region().says(result(0, 1)).says(result(1, 99))
    assert figure(region, joined("100*errors/requests", "errors", "requests")).raw == 1


def test_a_sum_without_data_is_zero_beside_one_with_data() -> None:
    region = Region().says(result()).says(result(50))
    assert figure(region, joined("100*errors/requests", "errors", "requests")).raw == 0


def test_a_maximum_without_data_is_no_figure() -> None:
    region = Region().says(result()).says(result(50))
    assert figure(region, joined("a+b", "a", "b", statistic="Maximum")).is_absent


def test_no_data_is_absent() -> None:
    assert figure(Region().says(result()), cloudwatch("M", "Sum")).is_absent
    assert figure(Region().says(result()).says(result()), joined("a+b", "a", "b")).is_absent
    assert figure(Region().says(result(at=0), result(at=1)), cloudwatch("M", "Average")).is_absent


def test_a_division_by_zero_is_unknown() -> None:
    region = Region().says(result(0)).says(result(0))
    value = figure(region, joined("a/b", "a", "b"))
    assert isinstance(value.raw, Unknown)
    assert "divides by zero" in value.raw.detail


def test_all_pages_are_read() -> None:
    region = Region().says(result(1, status="PartialData"), more="2").says(result(2))
    assert figure(region, cloudwatch("M", "Sum")).raw == 3


@pytest.mark.parametrize("status", ["PartialData", "InternalError", "Forbidden"])
def test_an_answer_in_part_is_unknown_and_said(status: str) -> None:
    readers = figures(Region().says(result(1, status=status)))
    assert readers.figure(cloudwatch("M", "Sum"), None).is_unknown
    assert [item.what for item in readers.notifications] == [f"cloudwatch GetMetricData here: M: {status}"]


def test_a_denied_call_names_the_permission() -> None:
    region = Region()
    region.stubber.add_client_error("get_metric_data", "AccessDenied", http_status_code=403)
    readers = figures(region)
    assert readers.figure(cloudwatch("M", "Sum"), None).is_unknown
    assert "missing permission cloudwatch:GetMetricData" in readers.notifications[0].what


def test_data_in_two_regions_are_no_figure() -> None:
    readers = figures(Region().says(result(1)), there=Region().says(result(2)))
    assert readers.figure(cloudwatch("M", "Sum"), None).is_unknown


def test_the_only_region_with_data_has_the_figure() -> None:
    readers = figures(Region().says(result()), there=Region().says(result(2)))
    assert readers.figure(cloudwatch("M", "Sum"), None).raw == 2


def test_a_bound_resource_has_its_own_region() -> None:
    resource = Resource("aws_lb", "aws_lb/x", Value({}), None, Origin.AWS, "123/there")
    readers = figures(Region(), there=Region().says(result(2)))
    assert readers.figure(cloudwatch("M", "Sum"), resource).raw == 2


def in_accounts(**regions: Region) -> MetricReaders:
    """Accounts `a` and `b`, with a region `here` each."""
    accounts = {name: Account(lambda _, own=own: own.client, lambda: ("here",)) for name, own in regions.items()}  # type: ignore[misc]
    return MetricReaders({"cloudwatch": CloudWatchReader(accounts, now=lambda: NOW)})


def test_a_bound_resource_has_its_own_account() -> None:
    for name, expected in (("a", 1), ("b", 2)):
        readers = in_accounts(a=Region().says(result(1)), b=Region().says(result(2)))
        resource = Resource("aws_lb", "aws_lb/x", Value({}), None, Origin.AWS, f"{name}/here")
        assert readers.figure(cloudwatch("M", "Sum"), resource).raw == expected


def test_data_in_two_accounts_are_no_figure() -> None:
    value = in_accounts(a=Region().says(result(1)), b=Region().says(result(2))).figure(cloudwatch("M", "Sum"), None)
    assert isinstance(value.raw, Unknown)
    assert value.raw.detail == "several regions have data: a/here, b/here"


def test_what_has_no_region_is_asked_about_in_the_main_one_too() -> None:
    main, here = Region().says(result(7)), Region().says(result())
    account = Account(lambda name: {"us-east-1": main, "here": here}[name].client, lambda: ("here",))
    readers = MetricReaders({"cloudwatch": CloudWatchReader({"": account}, now=lambda: NOW)})
    distribution = Resource("aws_cloudfront_distribution", "x", Value({}), None, Origin.AWS, "123/global")
    assert readers.figure(cloudwatch("M", "Sum"), distribution).raw == 7


def test_a_figure_is_read_once() -> None:
    readers = figures(Region().says(result(1)))
    first = readers.figure(cloudwatch("M", "Sum"), None)
    assert readers.figure(cloudwatch("M", "Sum"), None) is first


def test_a_service_that_is_not_read_is_unknown() -> None:
    assert MetricReaders({}).figure(cloudwatch("M", "Sum"), None).is_unknown
