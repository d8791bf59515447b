"""The code of three systems against the accounts that terraform made of it: no drift; what stays open is listed."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import pytest
import yaml

from scanner.drift_run import DriftRequest, drift
from scanner.model.drift import Meaning
from scanner.model.finding import Verdict
from scanner.model.report import Report
from scanner.model.resource import Origin
from scanner.scan import Request
from scanner.sources import live
from tests.live.conftest import Hold
from tests.live.holding import source
from tests.live.systems import AI_MODEL_MANAGEMENT, AICC, KNOWLEDGE_DATABASE, System

EXPECTED: dict[str, Any] = yaml.safe_load((Path(__file__).parent / "drift.yaml").read_text(encoding="utf-8"))
SYSTEMS: Final = (AICC, KNOWLEDGE_DATABASE, AI_MODEL_MANAGEMENT)


def compared(system: System) -> Report:
    """The example of a system against its account."""
    settings = system.config
    request = Request(
        [system.example],
        settings.baselines,
        roots=settings.roots,
        var_files=settings.var_files,
        inputs=settings.inputs,
        bindings=settings.bind,
        stage=settings.stage,
    )
    return drift(DriftRequest(request, Origin.AWS))


@pytest.mark.parametrize("system", SYSTEMS, ids=lambda system: system.name)
def test_there_is_no_drift(system: System, hold: Hold, monkeypatch: pytest.MonkeyPatch) -> None:
    account = hold(system).account
    monkeypatch.setitem(live._OPEN, Origin.AWS, lambda _reach, types: live.Opened(source(account, *types), types))
    report = compared(system)
    expected = EXPECTED[system.name]
    said = [line for line in report.drift if line.meaning is not Meaning.AS_BUILT and line.required]
    assert {f"{line.type}.{line.path}" for line in said} == set(expected["differ"])
    undecided = [item for item in report.findings if item.verdict is Verdict.UNKNOWN]
    assert {item.resource.address if item.resource else item.component for item in undecided} == set(expected["open"])
    assert sum(line.meaning is Meaning.AS_BUILT for line in report.drift) >= expected["as_built"]
