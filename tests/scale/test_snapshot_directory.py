"""Snapshots of many accounts beside each other, as a map over accounts leaves them."""

from __future__ import annotations

import cli_project
import pytest

from scanner.__main__ import main
from scanner.model.resource import Origin, Resource
from scanner.model.value import from_plain
from scanner.sources.snapshot import Header, write_snapshot


def store(path, account, *, multi_az):
    attributes = {"identifier": "shop-db", "engine": "postgres", "multi_az": multi_az, "kms_key_id": "alias/shop"}
    root = f"{account}/ap-northeast-2"
    database = Resource("aws_db_instance", f"aws_db_instance/{account}", from_plain(attributes), None, Origin.AWS, root)
    write_snapshot(path, Header("2026-11-20T18:00:00Z", "aws", {"account": account}), [database])


def audit(path, directory, monkeypatch):
    cli_project.write(directory)
    monkeypatch.chdir(directory)
    return main(["audit", "aws", "--baseline", "shop.yaml", "--snapshot", str(path), "--format", "csv=r.csv"])


def test_all_snapshots_of_a_directory_are_one_inventory(tmp_path, monkeypatch):
    night = tmp_path / "night"
    night.mkdir()
    store(night / "1.jsonl", "111122223333", multi_az=True)
    store(night / "2.jsonl.gz", "444455556666", multi_az=False)
    (night / ".3.jsonl.99.part").write_text("half of one")
    (night / "readme.txt").write_text("no snapshot")
    assert audit(night, tmp_path, monkeypatch) == 1
    said = (tmp_path / "r.csv").read_text(encoding="utf-8")
    assert "aws_db_instance/111122223333" in said
    assert "aws_db_instance/444455556666" in said


def test_a_directory_without_snapshots_is_no_empty_account(tmp_path, monkeypatch, capsys):
    (tmp_path / "night").mkdir()
    assert audit(tmp_path / "night", tmp_path, monkeypatch) == 2
    assert "there is no snapshot in" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["night.jsonl", "night.anything"])
def test_a_file_may_have_any_name(name, tmp_path, monkeypatch):
    store(tmp_path / name, "111122223333", multi_az=True)
    assert audit(tmp_path / name, tmp_path, monkeypatch) == 0
