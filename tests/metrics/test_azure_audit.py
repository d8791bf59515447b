"""`asbuilt audit azure` measures what the document sets figures for, from the Azure Monitor of the resource itself."""

from __future__ import annotations

import json
from functools import partial
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest
from azure.core.credentials import AccessToken

from scanner.cli import measuring
from scanner.cli.main import run
from scanner.metrics.azure_monitor import AzureMonitorReader
from scanner.model.resource import Origin
from scanner.sources import live as live_sources
from scanner.sources.azure import AzureOptions, AzureSource
from scanner.sources.live import Opened
from tests.http_server import Answer
from tests.sources.azure.arm_server import arm
from tests.sources.azure.tripgen import TENANT, tripgen

METRICS = "/providers/Microsoft.Insights/metrics"


class Credential:
    def get_token(self, *_: str, **__: Any) -> AccessToken:
        return AccessToken("secret", 2**31)


def measured(
    answer: Answer, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> tuple[int, dict[str, Any], list[str]]:
    """The exit code and report of TripGen where Azure Monitor answers so, and the resources that were asked about."""
    with arm(tripgen().bodies, {METRICS: [answer]}) as (url, asked):
        options = partial(AzureOptions, endpoint=url, credential=Credential())
        opened = lambda _, types: Opened(AzureSource(options(types)), types)  # noqa: E731
        monkeypatch.setitem(live_sources._OPEN, Origin.AZURE, opened)
        monkeypatch.setattr(measuring, "_azure_monitor", lambda: AzureMonitorReader(Credential(), url))
        given = ["--baseline", "tripgen-production", "--input", f"tenant_id={TENANT}", "--format", "json"]
        code = run(["audit", "azure", *given])
    paths = [unquote(urlsplit(item.path).path) for item in asked]
    return code, json.loads(capfd.readouterr().out), [path.removesuffix(METRICS) for path in paths if METRICS in path]


def points(figure: float) -> Answer:
    point = {"timeStamp": "2026-01-01T00:00:00Z", "maximum": figure, "average": figure, "total": figure}
    return Answer(json.dumps({"value": [{"timeseries": [{"data": [point]}]}]}).encode())


def of(report: dict[str, Any], requirement: str) -> dict[str, Any]:
    (found,) = [item for item in report["findings"] if item["requirement"] == requirement]
    return dict(found)


@pytest.mark.parametrize(("lag", "verdict"), [(600, "pass"), (1200, "fail")])
def test_the_figure_of_the_bound_resource_decides(
    lag: float, verdict: str, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    _, report, asked = measured(points(lag), monkeypatch, capfd)
    finding = of(report, "TRIPGEN-PG-016")
    assert (finding["verdict"], finding["actual"]) == (verdict, lag)
    assert any(path.lower().endswith(finding["resource"]["address"].partition("/")[2].lower()) for path in asked)
    assert [item for item in report["notifications"] if item["level"] == "error"] == []


def test_a_denied_figure_is_unknown_and_the_audit_incomplete(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    denied = Answer(json.dumps({"error": {"code": "AuthorizationFailed"}}).encode(), 403)
    _, report, _ = measured(denied, monkeypatch, capfd)
    assert of(report, "TRIPGEN-PG-016")["verdict"] == "unknown"
    assert report["run"]["complete"] is False
    assert any("HTTP 403 AuthorizationFailed" in item["what"] for item in report["notifications"])


def test_reading_figures_is_a_right_of_its_own(capfd: pytest.CaptureFixture[str]) -> None:
    assert run(["audit", "azure", "--baseline", "tripgen-production", "--permissions"]) == 0
    assert "Microsoft.Insights/metrics/read" in json.loads(capfd.readouterr().out)["Actions"]
