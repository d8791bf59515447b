"""The printed IAM policy is sufficient, has nothing to spare, and only reads."""

from __future__ import annotations

import contextlib
import io
import json
from collections.abc import Iterator
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import pytest

from scanner.cli.main import run
from scanner.model.resource import Origin
from scanner.sources import live as live_sources
from scanner.sources.aws import AwsOptions, AwsSource
from scanner.sources.aws.maps import Read, service_maps
from scanner.sources.aws.permissions import ALWAYS, permissions, read_operations
from scanner.sources.live import Opened
from tests.http_server import Asked
from tests.live.account import REGIONS, LocalAccount, session
from tests.live.guard import Guard, demanded, denial, guarded

PROJECT = Path(__file__).resolve().parents[2]
BASELINES = sorted(path.stem for path in (PROJECT / "baselines").glob("*.yaml"))
READS = PROJECT / "tests" / "data" / "aws_read_actions.tsv"
CONTENTS = (
    "secretsmanager:GetSecretValue", "secretsmanager:BatchGetSecretValue", "ssm:GetParameter*", "s3:GetObject*",
    "kms:Decrypt", "ecr:GetAuthorizationToken", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer", "lambda:GetFunction",
    "logs:GetLog*", "logs:FilterLogEvents", "logs:GetQueryResults", "dynamodb:GetItem", "dynamodb:BatchGetItem",
    "dynamodb:Scan", "dynamodb:Query", "dynamodb:GetRecords", "kinesis:GetRecords", "sqs:ReceiveMessage",
    "ec2:GetPasswordData", "ec2:GetConsoleOutput", "iam:GetCredentialReport", "athena:GetQueryResults",
    "rds:DownloadDBLogFilePortion", "sts:Get*Token", "connect:DescribeContact", "connect:GetContactAttributes",
)  # fmt: skip
"""Reading actions that deliver what an account holds, or a way to it, rather than how it is built."""


def printed(baseline: str) -> dict[str, Any]:
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        assert run(["audit", "aws", "--permissions", "--baseline", baseline]) == 0
    document: dict[str, Any] = json.loads(out.getvalue())
    return document


@pytest.fixture(scope="module")
def policy() -> dict[str, Any]:
    return printed("onno-production")


@pytest.fixture
def guard(account: LocalAccount, policy: dict[str, Any]) -> Iterator[Guard]:
    with guarded(account.port, policy) as started:
        yield started


def source(endpoint: str, types: frozenset[str], regions: tuple[str, ...] = REGIONS[:1]) -> AwsSource:
    options = AwsOptions(types, regions, endpoint_url=endpoint, attempts=1, workers=8)
    return AwsSource(options, lambda _options, _account: session())


def audited(endpoint: str, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> dict[str, Any]:
    """The report of the account that answers at an address."""
    monkeypatch.setitem(live_sources._OPEN, Origin.AWS, lambda _, types: Opened(source(endpoint, types), types))
    monkeypatch.setenv("AWS_ENDPOINT_URL", endpoint)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    run(["audit", "aws", "--baseline", "onno-production", "--region", REGIONS[0], "--format", "json"])
    report: dict[str, Any] = json.loads(capfd.readouterr().out)
    return report


def test_under_the_printed_policy_an_audit_says_the_same_and_nothing_is_denied(
    account: LocalAccount, guard: Guard, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    free = audited(account.endpoint, monkeypatch, capfd)
    bound = audited(guard.endpoint, monkeypatch, capfd)
    assert guard.denied == set()
    assert len(guard.asked) > 60
    assert bound["findings"] == free["findings"]
    assert bound["notifications"] == free["notifications"]


def test_without_any_one_action_what_is_missing_is_named(guard: Guard, policy: dict[str, Any]) -> None:
    whole, wrong, tried = guard.allowed, {}, 0
    for action in sorted(whole):
        if (types := leading_to(action)) is None:
            continue
        guard.allowed = whole
        said = missing(guard.without(action), action, types)
        if action not in guard.asked:
            continue  # the account has nothing about which it would be asked
        tried += 1
        if said != {action} or guard.denied != {action}:
            wrong[action] = said
    assert wrong == {}
    assert tried > 60


def missing(guard: Guard, action: str, types: frozenset[str]) -> set[str]:
    """The permissions that the notifications of a read name."""
    regions = () if action in ALWAYS else REGIONS[:1]
    found = [item.what.partition("(missing permission ")[2] for item in source_of(guard, types, regions)]
    return {name for what in found if what for name in what.partition(")")[0].split(", ")}


def source_of(guard: Guard, types: frozenset[str], regions: tuple[str, ...]) -> list[Any]:
    return source(guard.endpoint, types, regions).collect().notifications


def leading_to(action: str) -> frozenset[str] | None:
    """A type whose reading needs an action; None for what is no matter of types."""
    if action in ALWAYS:
        return frozenset({"aws_kms_key"})
    found: dict[str, int] = {}
    for service in service_maps():
        for read in service.reads:
            for type_ in read.types():
                operations = cut(read, type_)
                if any(action in service.permissions(name) for name in operations):
                    found[type_] = len(operations)
    return frozenset({min(found, key=lambda type_: (found[type_], type_))}) if found else None


def cut(read: Read, type_: str) -> set[str]:
    """What is called of a listing for a type."""
    wanted = read.wanted(frozenset({type_}))
    return set() if wanted is None else set(read_operations([wanted]))


@pytest.mark.parametrize("baseline", BASELINES)
def test_a_printed_policy_lists_and_reads_and_never_fetches_contents(baseline: str) -> None:
    rows = (line.split("\t") for line in READS.read_text("utf-8").splitlines())
    reading = {f"{service}:{name}".lower() for service, names in rows for name in names.split()}
    (statement,) = printed(baseline)["Statement"]
    assert {action for action in statement["Action"] if action.lower() not in reading} == set()
    assert [action for action in statement["Action"] if any(fnmatchcase(action, item) for item in CONTENTS)] == []
    assert not any("*" in action for action in statement["Action"])


def test_nothing_that_can_be_read_at_all_needs_more_than_reading() -> None:
    rows = (line.split("\t") for line in READS.read_text("utf-8").splitlines())
    reading = {f"{service}:{name}".lower() for service, names in rows for name in names.split()}
    assert {action for action in permissions() if action.lower() not in reading} == set()


def asked(path: str, body: bytes = b"", service: str = "s3", method: str = "GET", **headers: str) -> Asked:
    scope = f"AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/{service}/aws4_request, Signature=0"
    return Asked(method, path, {"Authorization": scope, **headers}, body)


@pytest.mark.parametrize(
    ("request_", "actions"),
    [
        (asked("/"), ("s3:ListAllMyBuckets",)),
        (asked("/bucket?encryption"), ("s3:GetEncryptionConfiguration",)),
        (asked("/bucket?publicAccessBlock"), ("s3:GetBucketPublicAccessBlock",)),
        (asked("/v20180820/configuration/publicAccessBlock"), ("s3:GetAccountPublicAccessBlock",)),
        (asked("/bucket/folder/file"), ("s3:GetObject",)),
        (asked("/bucket?encryption", method="PUT"), ("s3:PutBucketEncryption",)),
        (asked("/", b"Action=DescribeRegions&Version=1", "ec2", "POST"), ("ec2:DescribeRegions",)),
        (asked("/2017-03-31/tags/arn%3Aaws%3Alambda", service="lambda"), ("lambda:ListTags",)),
        (asked("/service/GraniteServiceVersion20100801/operation/GetMetricData", service="monitoring", method="POST"),
         ("cloudwatch:GetMetricData",)),
        (asked("/no/such/address", service="lambda"), ("lambda:GET /no/such/address",)),
        (asked("/", service="nobody-knows"), ("nobody-knows:GET /",)),
    ],
    ids=lambda item: item[0] if isinstance(item, tuple) else item.path,
)  # fmt: skip
def test_the_guard_knows_what_a_request_is(request_: Asked, actions: tuple[str, ...]) -> None:
    assert demanded(request_).actions == actions


def test_the_guard_denies_as_aws_does() -> None:
    assert denial("ec2", "ec2:X").body.startswith(b"<Response><Errors><Error><Code>UnauthorizedOperation<")
    assert denial("s3", "s3:X").body.startswith(b"<Error><Code>AccessDenied<")
    assert (denial("json", "kms:X").status, denial("rest-json", "lambda:X").status) == (400, 403)


@pytest.mark.parametrize("action", ["connect:ListInstances", "ds:DescribeDirectories"])
def test_an_operation_may_need_two_permissions(account: LocalAccount, action: str) -> None:
    with guarded(account.port, printed("aicc-production")) as guard:
        assert missing(guard, action, frozenset({"aws_connect_instance"})) == set()
        assert missing(guard.without(action), action, frozenset({"aws_connect_instance"})) == {
            "connect:ListInstances", "ds:DescribeDirectories"
        }  # fmt: skip
