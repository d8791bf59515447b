"""`asbuilt scan plan.json`: the gate on plans, as the command line runs it."""

from __future__ import annotations

import gzip
import io
import json
import zipfile
from pathlib import Path

import pytest

from scanner.__main__ import main

RECORDED = Path(__file__).parent / "recorded" / "plans"
GIVEN = ("--baseline", "onno-production", "--input", "office_cidrs=[203.0.113.0/28, 198.51.100.16/29]")


def unpacked(name: str, to: Path) -> Path:
    path = to / name
    path.write_bytes(gzip.decompress((RECORDED / f"{name}.gz").read_bytes()))
    return path


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as exit_:
        raise SystemExit(main(list(arguments)))
    said = capsys.readouterr()
    return int(exit_.value.code or 0), said.out, said.err


def failing(report: str) -> set[str]:
    return {finding["requirement"] for finding in json.loads(report)["findings"] if finding["verdict"] == "fail"}


def test_a_drifted_plan_fails_and_names_its_mistakes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    unpacked("onno-drifted.plan.json", tmp_path)
    code, report, _ = run(capsys, "scan", "onno-drifted.plan.json", *GIVEN, "--format", "json")
    assert code == 1
    found = failing(report)
    unpacked("onno.plan.json", tmp_path)
    _, report, _ = run(capsys, "scan", "onno.plan.json", *GIVEN, "--format", "json")
    assert len(found - failing(report)) >= 12
    paths = {
        item["location"]["path"] for item in json.loads(report)["findings"] if item["location"] and item["resource"]
    }
    assert paths == {"onno.plan.json"}


def test_nothing_secret_of_a_plan_is_printed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    path = unpacked("onno.plan.json", tmp_path)
    changes = json.loads(path.read_bytes())["resource_changes"]
    secrets = {item["change"]["after"].get("auth_token") for item in changes} - {None, ""}
    assert secrets
    for format_ in ("json", "text"):
        _, out, err = run(capsys, "scan", "onno.plan.json", *GIVEN, "--format", format_)
        assert not [secret for secret in secrets if secret in out + err]


def test_a_state_is_read_from_standard_input(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    data = gzip.decompress((RECORDED / "onno.tfstate.gz").read_bytes())
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(data)))
    _, report, _ = run(capsys, "scan", "-", "--policy", "rds-multi-az", "--format", "json")
    findings = json.loads(report)["findings"]
    assert [(item["verdict"], item["resource"]["origin"]) for item in findings] == [("pass", "state")]


def test_a_plan_in_a_scanned_directory_is_not_read_beside_its_code(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    unpacked("onno.plan.json", tmp_path)
    (tmp_path / "main.tf").write_text('resource "aws_db_instance" "db" {\n  multi_az = true\n}\n')
    _, report, _ = run(capsys, "scan", ".", "--policy", "rds-multi-az", "--format", "json")
    assert [item["resource"]["origin"] for item in json.loads(report)["findings"]] == ["terraform"]


def test_a_binary_plan_is_an_error_with_the_way_out(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with zipfile.ZipFile(tmp_path / "plan.out", "w") as archive:
        archive.writestr("tfplan", b"\x00")
    code, _, err = run(capsys, "scan", "plan.out", "--policy", "rds-multi-az")
    assert code == 2
    assert "terraform show -json plan.out > plan.json" in err


def test_a_torn_plan_is_incomplete(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    path = unpacked("onno.plan.json", tmp_path)
    path.write_bytes(path.read_bytes()[:-200_000])
    code, report, _ = run(capsys, "scan", "onno.plan.json", "--policy", "rds-multi-az", "--format", "json")
    assert code == 3
    assert not json.loads(report)["run"]["complete"]
