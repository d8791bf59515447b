"""Code against inventories that an organisation has already: what they do not hold is undecided, never drift."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from scanner.cli.main import run
from scanner.model.drift import Drift, Meaning
from scanner.model.finding import Verdict
from scanner.model.report import Report
from tests.drift.comparing import compared, telling
from tests.drift.conftest import ONNO, Accounts
from tests.drift.test_onno_drift import OTHER_STACK
from tests.sources.azure.arm_server import row
from tests.sources.azure.tripgen import TENANT, tripgen

TRIPGEN = ONNO.parent / "tripgen"
NOT_EXPORTED = {"aws_backup_plan", "aws_backup_vault", "aws_iam_policy"}
"""AWS Config records these; the export of the tests does not make them."""


def known(report: Report) -> dict[tuple[str, str, str | None], Drift]:
    """The lines that say something, by what they are about."""
    return {
        (line.type, line.resource.address if line.resource else "", line.path): line
        for line in telling(report.drift)
        if line.type not in NOT_EXPORTED
        and not (line.account is not None and any(name in line.account.address for name in OTHER_STACK))
    }


def test_a_record_of_aws_config_has_no_drift(accounts: Accounts) -> None:
    report = compared(ONNO, accounts.config)
    assert known(report) == {}
    undecided = [item for item in report.findings if item.verdict is Verdict.UNKNOWN]
    assert len(undecided) > 15
    assert any("is not read from the account" in item.message.en for item in undecided)
    assert report.identity["account"] == "111122223333"


def test_what_config_holds_of_a_change_is_told_as_of_the_account(accounts: Accounts, changed: Report) -> None:
    directly, recorded = known(changed), known(compared(ONNO, accounts.config_changed))
    assert {key: line.meaning for key, line in recorded.items()} == {
        key: line.meaning for key, line in directly.items() if key in recorded
    }
    assert len(recorded) > 40


def rows(path: Path, **changes: Any) -> Path:
    """The subscription as Resource Graph lists it, with other properties of the cache."""
    bodies = tripgen().bodies
    for id_, body in bodies.items():
        if id_.endswith("/redis-tripgen-prod"):
            body["properties"] |= changes
    listed = [row(id_, body) for id_, body in sorted(bodies.items()) if id_.count("/providers/") == 1]
    path.write_text(json.dumps([item for item in listed if item["type"].count("/") == 1]), encoding="utf-8")
    return path


def told(path: Path, capsys: pytest.CaptureFixture[str]) -> tuple[list[Any], list[Any]]:
    """The lines that differ, and what is undecided."""
    inputs = {"tenant_id": TENANT, "gateway_host_names": "[]", "support_day": '"2026-09-01"'}
    given = [part for name, text in inputs.items() for part in ("--input", f"{name}={text}")]
    arguments = ["--code", str(TRIPGEN), "--live", str(path), "--baseline", "tripgen-production", *given]
    run(["drift", *arguments, "--format", "json"])
    report = json.loads(capsys.readouterr().out)
    lines = [line for line in report["drift"] if line["meaning"] != Meaning.AS_BUILT and line["enforce"] == "required"]
    return lines, [item for item in report["findings"] if item["verdict"] == "unknown"]


def test_rows_of_resource_graph_have_no_drift(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lines, undecided = told(rows(tmp_path / "rows.json"), capsys)
    assert lines == []
    assert len(undecided) > 15


def test_a_change_is_seen_in_rows_of_resource_graph(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lines, _ = told(rows(tmp_path / "rows.json", minimumTlsVersion="1.0"), capsys)
    assert [(line["meaning"], line["path"], line["account"]) for line in lines] == [
        ("changed_by_hand", "minimum_tls_version", "1.0")
    ]
