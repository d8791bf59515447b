"""Schedules compared by the moments that they name."""

from __future__ import annotations

import pytest
from engine import FACTS, FAIL, PASS, UNKNOWN, condition, inventory, resource

from scanner.policy.checks import compile_condition
from scanner.policy.world import World


def verdict(written: object, wanted: str):
    check = compile_condition(condition(f"{{path: schedule, op: equals, value: '{wanted}', as: cron}}"))
    tested = resource("other_thing", "a", {"schedule": written})
    return World(inventory(tested), FACTS).decide(check, tested).verdict


@pytest.mark.parametrize(
    ("written", "wanted", "expected"),
    [
        ("0 9 * * 1-5", "0 9 * * MON-FRI", PASS),
        ("0 9 * * 1,2,3,4,5", "0 9 * * mon-fri", PASS),
        ("*/15 * * * *", "0,15,30,45 * * * *", PASS),
        ("@daily", "0 0 * * *", PASS),
        ("cron(0 9 ? * MON-FRI *)", "0 9 * * 1-5", PASS),
        ("cron(0 9 ? * 2-6 *)", "0 9 * * 1-5", PASS),
        ("cron(0 3 1 * ? *)", "0 3 1 * *", PASS),
        ("cron(0 9 ? * 1-5 *)", "0 9 * * 1-5", FAIL),
        ("0 9 * * 1-5", "0 10 * * 1-5", FAIL),
        ("0 0 1 * 1", "0 0 1 * *", FAIL),
        ("cron(0 9 ? * MON-FRI 2027)", "0 9 * * 1-5", UNKNOWN),
        ("rate(1 day)", "0 0 * * *", UNKNOWN),
        (None, "0 0 * * *", FAIL),
    ],
)
def test_schedules(written, wanted, expected):
    assert verdict(written, wanted) is expected
