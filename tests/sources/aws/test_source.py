"""The AWS source as its callers see it: accounts, regions, secrets, unread attributes, impatient consumers."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import islice
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from scanner.model.inventory import Level, Notification
from scanner.model.path import lookup
from scanner.model.resource import Resource
from scanner.model.value import MASK, Reason, Unknown
from scanner.sources.aws import AwsOptions, AwsSource
from scanner.sources.aws.failures import Failure, failure_of
from tests.sources.aws.stub import ACCOUNT, DENIED, EXPIRED, REGION, UNREACHABLE, Stub


@pytest.fixture
def stub() -> Stub:
    return Stub()


def source(stub: Stub, *types: str, **options: Any) -> AwsSource:
    session = stub.session()
    given: dict[str, Any] = {"types": frozenset(types), "regions": [REGION], "attempts": 1, "workers": 2, **options}
    return AwsSource(AwsOptions(**given), lambda _options, _account: session)


def only(found: list[Resource]) -> Resource:
    (resource,) = found
    return resource


def test_the_caller_is_told(stub: Stub) -> None:
    assert source(stub).identity() == {"account": ACCOUNT, "arn": "arn:aws:iam::111122223333:user/reader"}


def test_every_enabled_region_is_read_where_none_is_named(stub: Stub) -> None:
    inventory = source(stub, "aws_sns_topic", regions=()).collect()
    assert ("ec2", "DescribeRegions") in stub.called
    assert {item.root for item in inventory.resources} == {f"{ACCOUNT}/{REGION}"}


@pytest.mark.parametrize(("service", "operation"), [("ec2", "DescribeRegions"), ("sts", "GetCallerIdentity")])
def test_an_account_that_does_not_open_hides_everything(stub: Stub, service: str, operation: str) -> None:
    stub.befall(service, operation, DENIED)
    inventory = source(stub, "aws_sns_topic", regions=()).collect()
    (said,) = inventory.notifications
    assert said.level is Level.ERROR
    assert said.hides == ()
    assert f"missing permission {service}:{operation}" in said.what
    assert inventory.resources == []


def test_only_what_the_types_need_is_called(stub: Stub) -> None:
    source(stub, "aws_s3_bucket_versioning").collect()
    assert stub.called == {("sts", "GetCallerIdentity"), ("s3", "ListBuckets"), ("s3", "GetBucketVersioning")}


def test_a_type_that_is_not_read_is_said(stub: Stub) -> None:
    (said,) = source(stub, "aws_glue_job").collect().notifications
    assert said == Notification(Level.WARNING, said.what, None, ("aws_glue_job",))


def test_expired_credentials_stop_the_account(stub: Stub) -> None:
    stub.befall("ec2", "DescribeVpcs", EXPIRED)
    inventory = source(stub, "aws_vpc", "aws_subnet", "aws_sns_topic", workers=1).collect()
    assert len(inventory.notifications) > 1
    assert all("ExpiredToken" in item.what for item in inventory.notifications)


def test_a_region_that_cannot_be_reached_is_asked_once(stub: Stub) -> None:
    stub.befall("ec2", "DescribeVpcs", UNREACHABLE)
    inventory = source(stub, "aws_vpc", "aws_subnet", workers=1).collect()
    assert ("ec2", "DescribeSubnets") not in stub.called
    assert {name for item in inventory.notifications for name in item.hides} >= {"aws_vpc", "aws_subnet"}


def test_the_same_failure_of_many_items_is_one_notification(stub: Stub) -> None:
    stub.befall("application-autoscaling", "DescribeScalableTargets", DENIED)
    (said,) = source(stub, "aws_appautoscaling_target").collect().notifications
    assert said.what.endswith("(5 times)")


def test_of_a_large_listing_the_beginning_is_read(stub: Stub, monkeypatch: pytest.MonkeyPatch) -> None:
    from scanner.sources.aws.calls import Caller

    page = {"Contents": [{"Key": "a", "LastModified": datetime(2026, 1, 2, tzinfo=UTC)}]}
    pages = Caller._pages

    def many(self: Caller, call: Any, arguments: Any) -> Iterator[Any]:
        return iter([page] * 6) if call.operation == "ListObjectsV2" else pages(self, call, arguments)

    monkeypatch.setattr(Caller, "_pages", many)
    inventory = source(stub, "aws_s3_object").collect()
    (said,) = inventory.notifications
    assert (said.level, said.hides) == (Level.WARNING, ("aws_s3_object",))
    assert "only the first 5 pages are read" in said.what
    assert only(inventory.resources).identity["arn"] == "arn:aws:s3:::Name-1/a"


def test_moments_and_the_last_of_them() -> None:
    from scanner.sources.aws.expressions import expression

    began = datetime.fromisoformat(expression("ago(`60`)").of({}))
    assert 55 < (datetime.now(UTC) - began).total_seconds() < 65
    assert expression("latest(t)").of({"t": ["2026-01-02", "2026-01-03"]}) == "2026-01-03"
    assert expression("latest(t)").of({"t": []}) is None


def test_what_no_map_tells_of_a_figure_is_unknown(stub: Stub) -> None:
    found = source(stub, "aws_cloudwatch_metric").collect().resources
    assert all(isinstance(lookup(item.attributes, "dashboard")[0].value.raw, Unknown) for item in found)


def test_secrets_stay_where_they_are(stub: Stub) -> None:
    instance = only(source(stub, "aws_instance").collect().resources)
    found = lookup(instance.attributes, "user_data")[0].value
    assert found.raw == MASK
    assert found.sensitive


def test_environment_variables_that_announce_secrets_are_masked(stub: Stub) -> None:
    from scanner.sources.aws.expressions import expression

    given = {"v": {"DB_PASSWORD": "hunter2", "URL": "postgres://me:hunter2@db/x", "PORT": "80"}}
    assert expression("masked(v)").of(given) == {
        "DB_PASSWORD": MASK,
        "URL": f"postgres://me:{MASK}@db/x",
        "PORT": "80",
    }
    arn = "arn:aws:secretsmanager:us-east-1:111122223333:secret:onno/openai-Ab12Cd"
    kept = {"v": {"OPENAI_API_KEY_SECRET_ARN": arn, "TOKEN": f"{arn} hunter2"}}
    assert expression("masked(v)").of(kept) == {"OPENAI_API_KEY_SECRET_ARN": arn, "TOKEN": MASK}
    containers = {"c": [{"name": "a", "environment": [{"name": "API_TOKEN", "value": "hunter2"}]}]}
    assert "hunter2" not in str(expression("as_json(masked_containers(c))").of(containers))


def test_what_is_not_read_is_unknown_and_what_does_not_exist_is_absent(stub: Stub) -> None:
    instance = only(source(stub, "aws_instance").collect().resources)
    unread = lookup(instance.attributes, "cpu_options")[0].value.raw
    assert isinstance(unread, Unknown)
    assert unread.reason is Reason.UNSUPPORTED
    assert isinstance(lookup(instance.attributes, "lifecycle")[0].value.raw, Unknown)
    assert lookup(instance.attributes, "no_such_name")[0].value.is_absent
    assert isinstance(lookup(instance.attributes, "metadata_options.http_protocol_ipv6")[0].value.raw, Unknown)


def test_a_consumer_may_stop_early(stub: Stub) -> None:
    stream: Iterator[Any] = source(stub, "aws_vpc", "aws_subnet", "aws_sns_topic").stream()
    assert len(list(islice(stream, 1))) == 1
    stream.close()  # type: ignore[attr-defined]  # it is a generator


def test_several_accounts_each_in_their_role(stub: Stub) -> None:
    opened: list[str | None] = []
    session = stub.session()

    def factory(_: AwsOptions, account: str | None) -> boto3.Session:
        opened.append(account)
        return session

    options = AwsOptions(frozenset({"aws_sns_topic"}), [REGION], accounts=["1" * 12, "2" * 12], role_arn="{account}")
    assert len(AwsSource(options, factory).collect().resources) == 2
    assert opened == ["1" * 12, "2" * 12]


@pytest.mark.parametrize(
    ("code", "status", "kind"),
    [
        ("AccessDenied", 403, "denied"),
        ("UnauthorizedOperation", 400, "denied"),
        ("", 403, "denied"),
        ("403", 403, "denied"),
        ("ExpiredToken", 403, "account"),
        ("ExpiredTokenException", 400, "account"),
        ("UnrecognizedClientException", 403, "unreachable"),
        ("Throttling", 400, "other"),
    ],
)
def test_what_an_error_means(code: str, status: int, kind: str) -> None:
    answer: Any = {"Error": {"Code": code}, "ResponseMetadata": {"HTTPStatusCode": status}}
    failure = failure_of("DescribeVpcs", ClientError(answer, "DescribeVpcs"))
    assert isinstance(failure, Failure)
    assert (failure.denied, failure.account, failure.unreachable) == (
        kind == "denied", kind == "account", kind == "unreachable"
    )  # fmt: skip


def test_reading_code_needs_no_boto3() -> None:
    program = "import sys, scanner.scan; sys.exit(any(m in sys.modules for m in ('boto3', 'botocore', 'jmespath')))"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
