"""Measurements of several accounts and regions: each resource's figure is that of its own place."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import boto3
import pytest
from moto.server import ThreadedMotoServer

from scanner.cli.main import run

ROLE = "arn:aws:iam::{account}:role/auditor"
BASELINE = """\
baseline: shop
document: {title: Shop, original_title: Shop, version: "1.0", date: 2026-01-02}
scope: {cloud: aws, regions: [ap-northeast-2], environment: production}
components:
  db: {type: aws_db_instance, match: [{identifier: shop-db}], title: {en: Database, ko: 데이터베이스}}
requirements:
  - id: SHOP-001
    section: "1"
    title: {en: The database has room to breathe, ko: 데이터베이스 CPU 여유}
    severity: high
    category: performance
    component: db
    metric:
      source: cloudwatch
      namespace: AWS/RDS
      metric: CPUUtilization
      statistic: Maximum
      dimensions: {DBInstanceIdentifier: {component: db, attribute: identifier}}
      window: 1h
      op: lt
      value: 80
"""
LOADS = {("222222222222", "ap-northeast-2"): 20.0, ("333333333333", "ap-northeast-1"): 95.0}
"""The load of the database of the same name, by account and region; the second account's is in another region."""


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """Where accounts answer; which of them is asked, the credentials say."""
    started = ThreadedMotoServer(port=0, verbose=False)
    started.start()
    host, port = started.get_host_and_port()
    yield f"http://{host}:{port}"
    started.stop()


@pytest.fixture
def shops(server: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Two accounts with a database each, and a baseline in the working directory."""
    monkeypatch.setenv("AWS_ENDPOINT_URL", server)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "shop.yaml").write_text(BASELINE, encoding="utf-8")
    for (name, region), load in LOADS.items():
        databases, measurements = client("rds", name, region), client("cloudwatch", name, region)
        if not databases.describe_db_instances()["DBInstances"]:
            settings = {"Engine": "postgres", "DBInstanceClass": "db.t4g.small", "AllocatedStorage": 20}
            login = {"MasterUsername": "shop", "MasterUserPassword": "not-a-secret"}
            databases.create_db_instance(DBInstanceIdentifier="shop-db", **settings, **login)
        put(measurements, load)


def put(measurements: Any, load: float) -> None:
    when = datetime.now(UTC) - timedelta(minutes=10)
    dimensions = [{"Name": "DBInstanceIdentifier", "Value": "shop-db"}]
    point = {"MetricName": "CPUUtilization", "Dimensions": dimensions, "Timestamp": when, "Value": load}
    measurements.put_metric_data(Namespace="AWS/RDS", MetricData=[point])


def client(service: str, name: str, region: str) -> Any:
    """A client in the role of an account."""
    sts = boto3.client("sts", region_name=region)
    given = sts.assume_role(RoleArn=ROLE.replace("{account}", name), RoleSessionName="tests")["Credentials"]
    return boto3.client(  # type: ignore[call-overload]
        service,
        region_name=region,
        aws_access_key_id=given["AccessKeyId"],
        aws_secret_access_key=given["SecretAccessKey"],
        aws_session_token=given["SessionToken"],
    )


@pytest.mark.usefixtures("shops")
def test_a_figure_is_that_of_the_account_and_region_of_the_resource(capfd: pytest.CaptureFixture[str]) -> None:
    places = [f"--account={name}" for name, _ in LOADS] + [f"--region={region}" for _, region in LOADS]
    code = run(["audit", "aws", "--baseline", "shop.yaml", "--role-arn", ROLE, *places, "--format", "json"])
    said = capfd.readouterr()
    report = json.loads(said.out or said.err)
    assert report["notifications"] == []
    assert [(item["resource"]["root"], item["verdict"], item["actual"]) for item in report["findings"]] == [
        ("222222222222/ap-northeast-2", "pass", 20),
        ("333333333333/ap-northeast-1", "fail", 95),
    ]
    assert code == 1


@pytest.mark.usefixtures("shops")
def test_an_account_without_data_is_unknown(capfd: pytest.CaptureFixture[str]) -> None:
    silent = ["--account", "444444444444", "--region", "ap-northeast-1"]
    client("rds", "444444444444", "ap-northeast-1").create_db_instance(
        DBInstanceIdentifier="shop-db", Engine="postgres", DBInstanceClass="db.t4g.small", AllocatedStorage=20,
        MasterUsername="shop", MasterUserPassword="not-a-secret",
    )  # fmt: skip
    assert run(["audit", "aws", "--baseline", "shop.yaml", "--role-arn", ROLE, *silent, "--format", "json"]) == 0
    (finding,) = json.loads(capfd.readouterr().out)["findings"]
    assert (finding["verdict"], finding["reason"]["en"]) == ("unknown", "there are no measurements")
