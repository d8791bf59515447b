"""The Onno account as AWS Config records it: what is decided is decided as on the account, and no pass is new."""

from __future__ import annotations

import gzip
import json
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from scanner.audit import AuditRequest, audit
from scanner.cli.config import load
from scanner.model.finding import Finding, Verdict
from scanner.model.report import Report
from scanner.model.resource import Origin
from scanner.sources import live
from tests.live.account import LocalAccount
from tests.live.conftest import source
from tests.sources.snapshot.config_export import items_of

CONFIG = Path(__file__).parents[3] / "examples/onno/asbuilt.yaml"
DECIDED = frozenset({Verdict.PASS, Verdict.FAIL})
Items = list[dict[str, Any]]


@pytest.fixture(scope="module")
def account() -> Iterator[LocalAccount]:
    with LocalAccount.started() as started:
        started.play()
        yield started


@pytest.fixture(scope="module")
def items(account: LocalAccount) -> Items:
    return list(items_of(account.client, account.account, account.regions))


@pytest.fixture(scope="module")
def directly(account: LocalAccount) -> Report:
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(live._OPEN, Origin.AWS, lambda _reach, types: live.Opened(source(account, *types), types))
        return audit(request())


def request(*snapshots: Path) -> AuditRequest:
    settings = load(CONFIG)
    given = {"inputs": settings.inputs, "bindings": settings.bind}
    return AuditRequest(Origin.AWS, settings.baselines, snapshots=snapshots, **given)


def snapshot(path: Path, items: Items) -> Path:
    content = {"fileVersion": "1.0", "configSnapshotId": "0", "configurationItems": items}
    path.write_bytes(gzip.compress(json.dumps(content).encode()))
    return path


def by_subject(report: Report) -> dict[tuple[str, str], Verdict]:
    """The verdicts by requirement and resource; the worst, where a requirement says several things of one."""
    found: dict[tuple[str, str], list[Finding]] = defaultdict(list)
    for finding in report.findings:
        found[finding.requirement or "", finding.resource.address if finding.resource else ""].append(finding)
    order = [Verdict.FAIL, Verdict.UNKNOWN]
    return {key: min((item.verdict for item in own), key=lambda v: order.index(v) if v in order else 2)
            for key, own in found.items()}  # fmt: skip


def requirements(report: Report, verdict: Verdict) -> set[str]:
    return {finding.requirement or "" for finding in report.findings if finding.verdict is verdict}


@pytest.mark.slow
def test_decided_verdicts_are_those_of_the_account(items: Items, directly: Report, tmp_path: Path) -> None:
    recorded = audit(request(snapshot(tmp_path / "onno.json.gz", items)))
    own, told = by_subject(directly), by_subject(recorded)
    decided = {key: verdict for key, verdict in told.items() if verdict in DECIDED}
    assert {key: (verdict, own.get(key)) for key, verdict in decided.items() if own.get(key) is not verdict} == {}
    assert len({name for name, _ in decided}) > 120
    assert requirements(recorded, Verdict.PASS) <= requirements(directly, Verdict.PASS)
    assert recorded.identity["account"] == "111122223333"


@pytest.mark.slow
def test_a_change_by_hand_is_found_in_both_forms(items: Items, tmp_path: Path) -> None:
    changed = json.loads(json.dumps(items))
    (database,) = [item for item in changed if item["resourceType"] == "AWS::RDS::DBInstance"]
    database["configuration"]["multiAZ"] = False
    for path in (snapshot(tmp_path / "config.json.gz", changed), query(tmp_path / "query.json", changed)):
        assert "ONNO-RDS-006" in requirements(audit(request(path)), Verdict.FAIL)


@pytest.mark.slow
def test_without_a_recorder_what_does_not_occur_may_be_missing(items: Items, directly: Report, tmp_path: Path) -> None:
    gone = ("AWS::Config::ConfigurationRecorder", "AWS::RDS::DBInstance", "AWS::S3::Bucket", "AWS::EC2::FlowLog")
    path = snapshot(tmp_path / "onno.json.gz", [item for item in items if item["resourceType"] not in gone])
    report = audit(request(path))
    assert requirements(report, Verdict.FAIL) <= requirements(directly, Verdict.FAIL)
    assert requirements(report, Verdict.PASS) <= requirements(directly, Verdict.PASS)
    assert {"ONNO-RDS-001", "ONNO-RDS-003"} <= requirements(report, Verdict.UNKNOWN)
    with_recorder = [item for item in items if item["resourceType"] not in gone[1:]]
    assert "ONNO-RDS-001" in requirements(audit(request(snapshot(path, with_recorder))), Verdict.FAIL)


def query(path: Path, items: Items) -> Path:
    """The same as pages of `aws configservice select-aggregate-resource-config`."""
    names = {"awsAccountId": "accountId", "ARN": "arn"}
    rows = []
    for item in items:
        row = {names.get(name, name): part for name, part in item.items()}
        pairs = [{"key": name, "value": text, "tag": f"{name}={text}"} for name, text in item["tags"].items()]
        rows.append(json.dumps({**row, "tags": pairs}))
    fields = {"SelectFields": [{"Name": name} for name in json.loads(rows[0])]}
    half = len(rows) // 2
    first = {"Results": rows[:half], "QueryInfo": fields, "NextToken": "more"}
    path.write_text(json.dumps(first) + "\n" + json.dumps({"Results": rows[half:], "QueryInfo": fields}))
    return path
