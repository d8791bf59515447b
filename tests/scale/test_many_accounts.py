"""Many accounts, read by the real client: in one process and by a Dask cluster that loses a worker, or its scheduler.

A small part of the 500 accounts of `tools/measure_scale.py`, which measures the same with the figures of the manual.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.scale.cloud_server import DATABASES, DENIED_REGION, DENIED_ROLE, REGIONS, account, at_risk
from tests.scale.fleet import Cloud, Ran, asbuilt, cloud, cluster, reach, wait_until, without_credentials

ACCOUNTS = 30
CONNECTIONS = 2 * 16 + 1
"""A call for each of the threads of the source, and the one that asks for the count."""
FEW = 8
GROWTH_MIB = 30
"""How much more memory the others may take: clients that stay open take more than 2 for each account."""


@pytest.fixture(scope="module")
def accounts() -> Iterator[Cloud]:
    with cloud(delay_seconds=0.05) as started:  # as slow as a far region, so that several calls are under way
        yield started


def audited(environment: dict[str, str], directory: Path, *options: str) -> tuple[dict[str, Any], Ran]:
    with asbuilt(["audit", "aws", *options, "--format", "json=r.json"], environment, directory) as ended:
        pass
    return read(directory), ended[0]


def read(directory: Path) -> dict[str, Any]:
    """The report without the time at which it was made."""
    data: dict[str, Any] = json.loads((directory / "r.json").read_text(encoding="utf-8"))
    del data["run"]["started"]
    return data


def expected() -> dict[tuple[str, str], str]:
    """The verdict of each resource of each account that can be read."""
    verdicts = {}
    for number in range(1, ACCOUNTS + 1):
        if number != DENIED_ROLE:
            verdicts["FLEET-IAM-001", f"aws_iam_server_certificate/certificate-{number}"] = "pass"
            for region in REGIONS:
                for index in range(DATABASES if (number, region) != DENIED_REGION else 0):
                    verdict = "fail" if at_risk(number, region, index) else "pass"
                    verdicts["FLEET-DB-001", f"aws_db_instance/db-{number}-{region}-{index}"] = verdict
    return verdicts


def verdicts(report: dict[str, Any]) -> dict[tuple[str, str], str]:
    found = {(item["requirement"], item["resource"]["address"]): item["verdict"] for item in report["findings"]}
    assert len(found) == len(report["findings"])
    return found


def whats(report: dict[str, Any]) -> list[str]:
    return [item["what"] for item in report["notifications"]]


@pytest.fixture(scope="module")
def alone(accounts: Cloud, tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Any], Ran]:
    """The audit in one process."""
    return audited(accounts.environment(), tmp_path_factory.mktemp("alone"), *reach(ACCOUNTS))


@pytest.mark.slow
def test_one_process_reads_all_accounts_with_bounded_memory_and_connections(accounts, alone, tmp_path):
    report, ran = alone
    assert verdicts(report) == expected()
    assert CONNECTIONS / 4 < accounts.stats()["most"] <= CONNECTIONS
    _, few = audited(accounts.environment(), tmp_path, *reach(FEW))
    assert ran.peak_mib < few.peak_mib + GROWTH_MIB


@pytest.mark.slow
def test_an_account_or_a_region_that_does_not_open_is_said_and_the_others_are_read(alone):
    report, _ = alone
    number, region = DENIED_REGION
    assert whats(report) == [
        f"account {account(DENIED_ROLE)}: GetCallerIdentity: the role cannot be assumed (AccessDenied)",
        f"rds DescribeDBInstances {account(number)}/{region}: AccessDenied"
        " (missing permission rds:DescribeDBInstances)",
    ]
    assert report["run"]["complete"] is False


@pytest.mark.slow
def test_a_snapshot_of_the_accounts_has_the_same_verdicts(accounts, alone, tmp_path):
    with asbuilt(["collect", "aws", *reach(ACCOUNTS), "-o", "all.jsonl.gz"], accounts.environment(), tmp_path) as ended:
        pass
    assert ended[0].code == 3  # an account does not open
    report, _ = audited(without_credentials(accounts.environment()), tmp_path, "--snapshot", "all.jsonl.gz")
    assert report["findings"] == alone[0]["findings"]
    assert whats(report) == whats(alone[0])


@pytest.mark.slow
def test_a_cluster_that_loses_a_worker_half_way_gives_the_same_report(alone, tmp_path):
    with cloud() as where, cluster(tmp_path, where) as dask:
        options = ["audit", "aws", *reach(ACCOUNTS), "--scheduler", dask.address, "--format", "json=r.json"]
        with asbuilt(options, without_credentials(where.environment()), tmp_path) as ended:
            wait_until(lambda: where.called("DescribeDBInstances") > ACCOUNTS * len(REGIONS) / 2)
            dask.kill_worker()
        assert where.stats()["most"] <= CONNECTIONS
    assert ended[0].peak_mib < alone[1].peak_mib + GROWTH_MIB
    assert read(tmp_path) == alone[0]


@pytest.mark.slow
def test_a_cluster_that_loses_its_scheduler_keeps_what_was_read_and_names_the_rest(tmp_path):
    with cloud() as where, cluster(tmp_path, where) as dask:
        options = ["audit", "aws", *reach(ACCOUNTS), "--scheduler", dask.address, "--format", "json=r.json"]
        with asbuilt(options, without_credentials(where.environment()), tmp_path):
            wait_until(lambda: where.called("DescribeDBInstances") > ACCOUNTS)
            dask.kill_scheduler()
    report = read(tmp_path)
    missing = set(expected()) - set(verdicts(report))
    assert missing
    assert verdicts(report) == {key: verdict for key, verdict in expected().items() if key not in missing}
    lost = {what.split(" was not read: ")[0] for what in whats(report) if what.endswith("scheduler was lost")}
    assert all({f"account {owner}", f"account {owner} {region}"} & lost for owner, region in map(place, missing))


def place(key: tuple[str, str]) -> tuple[str, str]:
    """Account and region of a resource."""
    _, number, *region = key[1].split("/")[1].split("-")
    return account(int(number)), "-".join(region[:-1])
