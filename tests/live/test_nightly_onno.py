"""The nightly audit of the working Onno account through the command line: clean, with a short list of what is open."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import boto3
import pytest
import yaml

from scanner.cli.main import run
from scanner.model.resource import Origin
from scanner.sources import live
from tests.live.account import ACCOUNT, REGIONS, LocalAccount
from tests.live.conftest import source

HERE = Path(__file__).resolve().parent
CONFIG = HERE.parents[1] / "examples" / "onno" / "asbuilt.yaml"
OPEN: dict[str, str] = yaml.safe_load((HERE / "unanswered.yaml").read_text(encoding="utf-8"))
INPUTS = {"production_account_id": ACCOUNT, "staging_account_id": "444455556666"}


@pytest.fixture
def report(
    account: LocalAccount,
    sessions: Callable[[], boto3.Session],
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> dict[str, Any]:
    """What `asbuilt audit aws` says, and how it ends."""

    def opened(_reach: live.Reach, types: frozenset[str] | None) -> live.Opened:
        own = frozenset(type_ for type_ in types or () if type_.startswith("aws_"))
        return live.Opened(source(account, *own, sessions=sessions), own)

    monkeypatch.setitem(live._OPEN, Origin.AWS, opened)
    for name, text in {"ENDPOINT_URL": account.endpoint, "ACCESS_KEY_ID": "x", "SECRET_ACCESS_KEY": "x"}.items():
        monkeypatch.setenv(f"AWS_{name}", text)
    regions = [part for region in REGIONS for part in ("--region", region)]
    inputs = [part for name, number in INPUTS.items() for part in ("--input", f'{name}="{number}"')]
    code = run(["audit", "aws", "--config", str(CONFIG), *regions, *inputs, "--format", "json"])
    found: dict[str, Any] = json.loads(capfd.readouterr().out)
    return {**found, "exit code": code}


def test_the_nightly_audit_is_clean(report: dict[str, Any]) -> None:
    required = [item for item in report["findings"] if item["enforce"] == "required"]
    assert [item["requirement"] for item in required if item["verdict"] == "fail"] == []
    assert {item["requirement"] for item in required if item["verdict"] == "unknown"} == set(OPEN)
    assert sum(item["verdict"] == "pass" for item in required) > 300
    assert [item["what"] for item in report["notifications"] if item["level"] == "error"] == []
    assert report["exit code"] == 0
    live_ones = [item for item in report["findings"] if item["kind"] == "live" and item["requirement"] not in OPEN]
    assert {item["verdict"] for item in live_ones} == {"pass", "not_applicable"}
    assert len({item["requirement"] for item in live_ones}) > 25
