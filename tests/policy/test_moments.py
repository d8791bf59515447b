"""Moments of a running system: how far ahead they lie, or how long ago; and rules about what only it shows."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from scanner.facts import load_facts
from scanner.model.finding import Verdict
from scanner.policy.library import Library
from scanner.policy.read_baseline import read_baseline
from tests.policy.functions_support import call, read

PASS, FAIL, UNKNOWN = Verdict.PASS, Verdict.FAIL, Verdict.UNKNOWN
LIVE = """\
baseline: shop
document: {title: Shop}
requirements:
  - id: SHOP-LB-001
    section: "1"
    title: {en: Targets are healthy, ko: 대상이 정상}
    severity: high
    category: availability
    kind: live
    select: {type: aws_lb_target_health}
    assert: [{path: state, op: equals, value: healthy}]
"""


def _written(moment: timedelta | str) -> str:
    """A moment as Terraform has it: at a distance from now, or as given."""
    if isinstance(moment, str):
        return moment
    return f'"{(datetime.now(UTC) + moment).isoformat()}"'


@pytest.mark.parametrize(
    ("moment", "verdict"),
    [
        (timedelta(days=31), PASS),
        (timedelta(days=29), FAIL),
        (timedelta(days=-1), FAIL),
        ("null", FAIL),
        ("timestamp()", UNKNOWN),
        ('"soon"', UNKNOWN),
    ],
)
def test_a_moment_ahead(tmp_path: Path, moment: timedelta | str, verdict: Verdict) -> None:
    inventory = read(tmp_path, {"main.tf": f'resource "x_certificate" "x" {{\n  not_after = {_written(moment)}\n}}\n'})
    arguments = {"path": "not_after", "at_least": "30d"}
    assert call(inventory, "moment_ahead", "x_certificate.x", **arguments).verdict is verdict


@pytest.mark.parametrize(
    ("moment", "verdict"),
    [
        (timedelta(minutes=-4), PASS),
        (timedelta(minutes=-6), FAIL),
        ('"2020-01-01T00:00:00"', FAIL),
        ("null", FAIL),
        ("timestamp()", UNKNOWN),
    ],
)
def test_a_moment_that_has_passed(tmp_path: Path, moment: timedelta | str, verdict: Verdict) -> None:
    inventory = read(tmp_path, {"main.tf": f'resource "x_snapshot" "x" {{\n  taken = {_written(moment)}\n}}\n'})
    arguments = {"path": "taken", "at_most": "5m"}
    assert call(inventory, "moment_passed", "x_snapshot.x", **arguments).verdict is verdict


def test_a_live_rule_may_speak_of_what_no_provider_schema_knows() -> None:
    facts = load_facts()
    (requirement,) = read_baseline(LIVE, "shop.yaml", Library.load(None, facts), facts).requirements
    assert requirement.selection is not None
    assert requirement.selection.types == ("aws_lb_target_health",)
