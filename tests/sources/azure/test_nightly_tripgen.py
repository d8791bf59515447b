"""The nightly audit of TripGen's subscription through the command line: clean, with a short list of what is open."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from scanner.cli.main import run
from scanner.model.resource import Origin
from scanner.sources import live
from scanner.sources.azure import AzureOptions, AzureSource
from tests.sources.azure.arm_server import arm
from tests.sources.azure.support import Credential
from tests.sources.azure.tripgen import TENANT, tripgen

OPEN: dict[str, str] = yaml.safe_load((Path(__file__).parent / "unanswered.yaml").read_text(encoding="utf-8"))
INPUTS = {"tenant_id": TENANT, "gateway_host_names": "[]", "support_day": '"2026-09-01"'}


class Silent:
    """Azure Monitor without any data."""

    def read(self, *_: Any) -> None:
        """Nothing."""


def test_the_nightly_audit_is_clean(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> None:
    inputs = [part for name, text in INPUTS.items() for part in ("--input", f"{name}={text}")]
    with arm(tripgen().bodies) as (url, _):

        def opened(_reach: live.Reach, types: frozenset[str] | None) -> live.Opened:
            own = frozenset(type_ for type_ in types or () if type_.startswith(("azurerm_", "azuread_")))
            return live.Opened(AzureSource(AzureOptions(own, endpoint=url, credential=Credential())), own)

        monkeypatch.setitem(live._OPEN, Origin.AZURE, opened)
        monkeypatch.setattr("scanner.cli.measuring._azure_monitor", Silent)
        code = run(["audit", "azure", "--baseline", "tripgen-production", *inputs, "--format", "json"])
    report: dict[str, Any] = json.loads(capfd.readouterr().out)
    required = [item for item in report["findings"] if item["enforce"] == "required"]
    assert [item["requirement"] for item in required if item["verdict"] == "fail"] == []
    assert {item["requirement"] for item in required if item["verdict"] == "unknown"} == set(OPEN)
    assert [item["what"] for item in report["notifications"] if item["level"] == "error"] == []
    assert code == 0
