"""The Onno account against the Onno example: nothing differs until somebody changes it, and then each change is told
once, with its meaning."""

from __future__ import annotations

import gzip
import shutil
from pathlib import Path

import pytest

from scanner.model.drift import Act, Drift, Meaning
from scanner.model.finding import Verdict
from scanner.model.report import Report
from scanner.sources.snapshot import Header, Snapshot, write_snapshot
from tests.drift.comparing import bare, compared, fits, telling
from tests.drift.conftest import ONNO, Accounts
from tests.drift.hand_changes import CHANGES, Hand
from tests.live.account import ACCOUNT

RECORDED = Path(__file__).resolve().parents[1] / "recorded" / "plans"
MOTO_FORGETS = {
    ("aws_s3_bucket_replication_configuration", "rule.delete_marker_replication.status"),
}
"""What moto 5.2.5 does not keep of what it is told."""

OTHER_STACK = {"onno-function-packages-prod"}
"""Buckets that another stack makes."""


def surprising(report: Report) -> list[Drift]:
    """The lines that say something, beyond what moto lacks and other stacks make."""
    return [
        line
        for line in telling(report.drift)
        if (line.type, bare(line.path)) not in MOTO_FORGETS
        and not (line.account is not None and any(name in line.account.address for name in OTHER_STACK))
    ]


def test_there_is_no_drift(clean: Report) -> None:
    assert surprising(clean) == []


def test_a_plan_has_no_drift_either(accounts: Accounts, tmp_path: Path) -> None:
    plan = tmp_path / "onno.plan.json"
    plan.write_bytes(gzip.decompress((RECORDED / "onno.plan.json.gz").read_bytes()))
    report = compared(plan, accounts.clean)
    assert surprising(report) == []
    assert sum(line.meaning is Meaning.AS_BUILT for line in report.drift) > 200


def test_what_the_document_says_is_as_built(clean: Report) -> None:
    as_built = [line for line in clean.drift if line.meaning is Meaning.AS_BUILT]
    assert len(as_built) > 250
    assert all(line.documented for line in as_built)
    assert {line.path for line in as_built if line.component == "db"} > {"multi_az", "storage_encrypted"}
    assert all(line.act is Act.NOWHERE for line in as_built)


def test_every_resource_is_paired(clean: Report) -> None:
    unpaired = [item for item in clean.findings if item.policy == "drift-missing" and item.verdict is Verdict.UNKNOWN]
    assert unpaired == []


def test_how_pairs_were_found_is_told(clean: Report) -> None:
    assert {line.matched_by for line in clean.drift if line.account and line.code} >= {"binding", "identity"}


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.what)
def test_a_change_is_told_once(change: Hand, changed: Report) -> None:
    for expected in change.lines:
        found = [line for line in telling(changed.drift) if fits(line, expected)]
        assert [line.meaning for line in found] == [expected.meaning], expected


def test_nothing_else_is_told(changed: Report) -> None:
    expected = [line for change in CHANGES for line in change.lines]
    beyond = [line for line in surprising(changed) if not any(fits(line, item) for item in expected)]
    assert beyond == []
    assert len(surprising(changed)) == len(expected)


def test_there_are_enough_changes_and_harmless_ones_among_them() -> None:
    assert len(CHANGES) >= 60
    assert sum(not change.lines for change in CHANGES) >= 12


@pytest.fixture(scope="session")
def edited(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example with a code change that follows the account, and one that does not."""
    code = tmp_path_factory.mktemp("code") / "onno"
    shutil.copytree(ONNO, code, ignore=shutil.ignore_patterns(".terraform"))
    settings = code / "environments" / "production" / "terraform.tfvars"
    text = settings.read_text(encoding="utf-8")
    for old, new in (
        ("multi_az              = true", "multi_az              = false"),
        ("snapshot_retention_days = 5", "snapshot_retention_days = 3"),
        ('engine_version        = "16.6"', 'engine_version        = "15.1"'),
    ):
        assert old in text
        text = text.replace(old, new)
    settings.write_text(text, encoding="utf-8")
    return code


SEVEN = [
    (Meaning.AS_BUILT, "aws_db_instance", "storage_encrypted", Act.NOWHERE),
    (Meaning.CHANGED_BY_HAND, "aws_db_instance", "backup_retention_period", Act.ACCOUNT),
    (Meaning.VIOLATION_DEPLOYED, "aws_db_instance", "multi_az", Act.CODE),
    (Meaning.NEXT_APPLY_BREAKS, "aws_db_instance", "engine_version", Act.CODE),
    (Meaning.PLAIN_DRIFT, "aws_db_instance", 'tags["Temp"]', Act.EITHER),
    (Meaning.UNMANAGED, "aws_sns_topic_subscription", None, Act.EITHER),
    (Meaning.NOT_DEPLOYED, "aws_cloudwatch_metric_alarm", None, Act.ACCOUNT),
]


@pytest.fixture(scope="session")
def all_seven(edited: Path, accounts: Accounts) -> Report:
    return compared(edited, accounts.changed)


@pytest.mark.parametrize(("meaning", "type_", "path", "act"), SEVEN, ids=lambda value: str(value))
def test_each_meaning_comes_out_once(
    meaning: Meaning, type_: str, path: str | None, act: Act, all_seven: Report
) -> None:
    (line,) = [item for item in all_seven.drift if (item.meaning, item.type, item.path) == (meaning, type_, path)]
    same = [item for item in all_seven.drift if item.resource == line.resource and item.path == path]
    assert [(item.meaning, item.act) for item in same] == [(meaning, act)]
    finding = [item for item in all_seven.findings if item.path == path and item.resource == line.resource]
    policy = meaning.policy or "drift-changed"
    assert [(item.policy, item.verdict is Verdict.FAIL) for item in finding] == [
        (policy, meaning is not Meaning.AS_BUILT)
    ]


def test_a_value_that_breaks_the_document_on_both_sides_belongs_to_the_code(all_seven: Report) -> None:
    (line,) = [item for item in all_seven.drift if item.path == "snapshot_retention_limit"]
    assert (line.meaning, line.in_code, line.in_account) == (Meaning.VIOLATION_DEPLOYED, "3", "1")
    assert line.location is not None
    assert line.location.path.endswith("terraform.tfvars")


def test_only_what_the_document_speaks_of(accounts: Accounts) -> None:
    report = compared(ONNO, accounts.changed, documented=True)
    assert {line.path for line in telling(report.drift)} > {"multi_az", "backup_retention_period"}
    assert 'tags["Temp"]' not in {line.path for line in report.drift}


def test_fingerprints_are_unique(changed: Report) -> None:
    failing = [item.fingerprint for item in changed.findings if item.verdict is Verdict.FAIL]
    assert len(failing) == len(set(failing))


def test_what_lies_in_a_region_that_was_not_read_is_not_missing(accounts: Accounts, tmp_path: Path) -> None:
    path = tmp_path / "one_region.jsonl"
    found = Snapshot(accounts.clean).collect()
    here = [item for item in found.resources if not item.root.endswith("/ap-northeast-1")]
    assert len(here) < len(found.resources)
    identity = {"account": ACCOUNT, "regions": "ap-northeast-2"}
    write_snapshot(path, Header("2026-01-02T00:00:00Z", "aws", identity, ("ap-northeast-2",)), iter(here))
    report = compared(ONNO, path)
    assert surprising(report) == []
    assert "the region ap-northeast-1 of the code was not read" in [item.what for item in report.notifications]
    undecided = {item.resource.address for item in report.findings if item.resource and item.verdict is Verdict.UNKNOWN}
    assert "module.platform.module.data.aws_kms_key.database_dr" in undecided
