"""Other partitions than the commercial one, and regions that are not enabled."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any
from urllib.parse import urlsplit

import boto3
import pytest
from botocore.exceptions import EndpointConnectionError

from scanner.model.inventory import Inventory
from scanner.sources.aws import AwsOptions, AwsSource
from scanner.sources.aws.session import main_region, open_session
from tests.sources.aws.stub import ACCOUNT, Stub

TYPES = frozenset({"aws_sns_topic", "aws_iam_policy", "aws_route53_zone", "aws_connect_instance"})
DISABLED = "me-central-1"


def read(*regions: str) -> tuple[Inventory, dict[str, set[str]]]:
    """What is read of these regions, and the hosts of each service that were asked."""
    hosts: dict[str, set[str]] = {}

    def note(model: Any, params: dict[str, Any], context: dict[str, Any], **_: Any) -> Any:
        hosts.setdefault(model.service_model.service_name, set()).add(urlsplit(params["url"]).hostname or "")
        if context["client_region"] == DISABLED:
            return SimpleNamespace(status_code=403, headers={}), {"Error": {"Code": "InvalidClientTokenId"}}
        return None

    session = Stub().session()
    session.events.register_first("before-call", note)
    options = AwsOptions(TYPES, regions, attempts=1, workers=2)
    return AwsSource(options, lambda _options, _account: session).collect(), hosts


@pytest.mark.parametrize(
    ("region", "asked"),
    [
        ("ap-northeast-2", {
            "sts": {"sts.ap-northeast-2.amazonaws.com"}, "sns": {"sns.ap-northeast-2.amazonaws.com"},
            "iam": {"iam.amazonaws.com"}, "route53": {"route53.amazonaws.com"},
            "connect": {"connect.ap-northeast-2.amazonaws.com"},
        }),
        ("cn-north-1", {
            "sts": {"sts.cn-north-1.amazonaws.com.cn"}, "sns": {"sns.cn-north-1.amazonaws.com.cn"},
            "iam": {"iam.cn-north-1.amazonaws.com.cn"}, "route53": {"route53.amazonaws.com.cn"},
            "connect": {"connect.cn-north-1.amazonaws.com.cn"},  # boto3 knows of none there, but its list may be old
        }),
        ("us-gov-east-1", {
            "sts": {"sts.us-gov-east-1.amazonaws.com"}, "sns": {"sns.us-gov-east-1.amazonaws.com"},
            "iam": {"iam.us-gov.amazonaws.com"}, "route53": {"route53.us-gov.amazonaws.com"},
        }),
    ],
)  # fmt: skip
def test_a_region_is_asked_in_its_own_partition(region: str, asked: dict[str, set[str]]) -> None:
    inventory, hosts = read(region)
    assert hosts == asked
    assert {item.root for item in inventory.resources} == {f"{ACCOUNT}/{region}", f"{ACCOUNT}/global"}


@pytest.mark.parametrize("regions", [(DISABLED, "ap-northeast-2"), ("ap-northeast-2", DISABLED)])
def test_a_disabled_region_is_said_and_hides_its_types_and_the_others_are_read(regions: tuple[str, ...]) -> None:
    inventory, _ = read(*regions)
    assert {item.root for item in inventory.resources} == {f"{ACCOUNT}/ap-northeast-2", f"{ACCOUNT}/global"}
    said = [item for item in inventory.notifications if DISABLED in item.what]
    assert {type_ for item in said for type_ in item.hides} == {"aws_sns_topic"}
    assert all("InvalidClientTokenId" in item.what for item in said)


def test_an_account_of_which_only_a_disabled_region_is_asked_for_hides_everything() -> None:
    inventory, _ = read(DISABLED)
    (said,) = inventory.notifications
    assert (inventory.resources, said.hides) == ([], ())


@pytest.mark.parametrize(
    ("role", "regions", "host"),
    [
        ("arn:aws-cn:iam::{account}:role/auditor", (), "sts.cn-north-1.amazonaws.com.cn"),
        ("arn:aws-us-gov:iam::{account}:role/auditor", (), "sts.us-gov-west-1.amazonaws.com"),
        ("arn:aws-us-gov:iam::{account}:role/auditor", ("us-gov-east-1",), "sts.us-gov-east-1.amazonaws.com"),
        ("arn:aws:iam::{account}:role/auditor", ("ap-northeast-2",), "sts.ap-northeast-2.amazonaws.com"),
    ],
)
def test_a_role_is_assumed_in_its_own_partition(
    role: str, regions: tuple[str, ...], host: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def send(_: Any, request: Any) -> Any:
        asked.append(urlsplit(request.url).hostname or "")
        raise EndpointConnectionError(endpoint_url=request.url)

    for name in ("AWS_REGION", "AWS_DEFAULT_REGION", "AWS_PROFILE", "AWS_ENDPOINT_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    monkeypatch.setenv("AWS_CONFIG_FILE", "none")
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    monkeypatch.setattr("botocore.httpsession.URLLib3Session.send", send)
    inventory = AwsSource(AwsOptions(TYPES, regions, role_arn=role, accounts=[ACCOUNT], attempts=1)).collect()
    assert set(asked) == {host}
    assert len(inventory.notifications) == 1
    assert inventory.resources == []


def test_a_region_that_nobody_knows_is_taken_for_a_commercial_one() -> None:
    assert main_region(boto3.Session(), "moon-north-1") == "us-east-1"
    assert main_region(open_session(AwsOptions(), None), "cn-northwest-1") == "cn-north-1"
