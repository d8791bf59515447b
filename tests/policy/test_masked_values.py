"""What a source masked is not taken for what was written."""

from __future__ import annotations

from engine import FACTS, PASS, UNKNOWN, condition, inventory, resource
from engine import verdict as decided

from scanner.model.value import MASK, Value
from scanner.policy.checks import compile_condition
from scanner.policy.world import World

CHECK = compile_condition(condition("{function: no_plain_secrets, with: {in: variables}}"))


def verdict(variables: dict[str, str]) -> object:
    tested = resource("other_thing", "a", {"variables": variables})
    return World(inventory(tested), FACTS).decide(CHECK, tested).verdict


def test_a_masked_variable_may_hold_anything():
    assert verdict({"LEVEL": "info"}) is PASS
    assert verdict({"LEVEL": MASK}) is UNKNOWN


def test_a_masked_value_is_there_and_equals_nothing():
    masked = {"user": Value(MASK, sensitive=True)}
    assert decided("{path: user, op: exists}", masked) is PASS
    assert decided("{path: user, op: equals, value: admin}", masked) is UNKNOWN
    assert decided("{not: {path: user, op: equals, value: admin}}", masked) is UNKNOWN
