"""TripGen's code against its subscription: nothing differs until somebody changes it; what stays open is listed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml

from scanner.drift_run import DriftRequest, drift
from scanner.model.drift import Drift, Meaning
from scanner.model.finding import Verdict
from scanner.model.inventory import Inventory
from scanner.model.report import Report
from scanner.model.resource import Origin
from scanner.scan import Request
from scanner.sources.snapshot import Header, write_snapshot
from tests.drift.comparing import fits, telling
from tests.drift.conftest import ONNO
from tests.drift.hand_changes import Line
from tests.drift.tripgen_changes import CHANGES, Azure
from tests.sources.azure.parts.bodies import GROUP
from tests.sources.azure.support import collect
from tests.sources.azure.tripgen import TENANT, Body, tripgen

TRIPGEN = ONNO.parent / "tripgen"
INPUTS = {"tenant_id": TENANT, "gateway_host_names": [], "support_day": "2026-09-01"}
OPEN: dict[str, str] = yaml.safe_load((Path(__file__).parent / "tripgen_open.yaml").read_text(encoding="utf-8"))
ADDRESSES = f"{GROUP}/providers/Microsoft.Network/publicIPAddresses"
GONE = f"{GROUP}/providers/Microsoft.Insights/metricAlerts/High Memory Usage"
WHOLE = [
    Line(Meaning.UNMANAGED, "azurerm_public_ip", "pip-debug"),
    Line(Meaning.NOT_DEPLOYED, "azurerm_monitor_metric_alert", 'main["High Memory Usage"]'),
]


def told(bodies: dict[str, Body], path: Path) -> Report:
    """The table of the example and a subscription."""
    found: Inventory = collect(bodies)[0]
    write_snapshot(path, Header("2026-01-02T00:00:00Z", "azure"), iter([*found.resources, *found.notifications]))
    request = Request([TRIPGEN], ["tripgen-production"], inputs=INPUTS)
    return drift(DriftRequest(request, Origin.AZURE, [path]))


@pytest.fixture(scope="module")
def deployed(tmp_path_factory: pytest.TempPathFactory) -> Report:
    return told(tripgen().bodies, tmp_path_factory.mktemp("azure") / "deployed.jsonl")


@pytest.fixture(scope="module")
def altered(tmp_path_factory: pytest.TempPathFactory) -> Report:
    bodies: dict[str, Body] = json.loads(json.dumps(tripgen().bodies))
    for change in CHANGES:
        change.make(bodies)
    del bodies[GONE]
    address = next(body for id_, body in bodies.items() if id_.startswith(ADDRESSES))
    debug = f"{ADDRESSES}/pip-debug"
    bodies[debug] = {**address, "id": debug, "name": "pip-debug", "properties": {"publicIPAllocationMethod": "Static"}}
    return told(bodies, tmp_path_factory.mktemp("azure") / "altered.jsonl")


def required(report: Report) -> list[Drift]:
    return telling(report.drift)


def test_there_is_no_drift(deployed: Report) -> None:
    assert required(deployed) == []
    assert sum(line.meaning is Meaning.AS_BUILT for line in deployed.drift) > 150
    assert [item.what for item in deployed.notifications if item.level == "error"] == []


def test_what_stays_open_is_listed_with_its_reason(deployed: Report) -> None:
    undecided = {
        item.resource.address for item in deployed.findings if item.resource and item.verdict is Verdict.UNKNOWN
    }
    assert undecided == set(OPEN)
    assert all(OPEN.values())


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.what)
def test_a_change_is_told_once(change: Azure, altered: Report) -> None:
    for expected in change.lines:
        found = [line for line in required(altered) if fits(line, expected)]
        assert [line.meaning for line in found] == [expected.meaning], expected


def test_nothing_else_is_told(altered: Report) -> None:
    expected = [*WHOLE, *(line for change in CHANGES for line in change.lines)]
    beyond = [line for line in required(altered) if not any(fits(line, item) for item in expected)]
    assert beyond == []
    assert len(required(altered)) == len(expected)


@pytest.mark.parametrize("expected", WHOLE, ids=lambda line: line.meaning.value)
def test_what_one_side_lacks_is_told(expected: Line, altered: Report) -> None:
    assert [line.meaning for line in required(altered) if fits(line, expected)] == [expected.meaning]
