"""What a source masked is not taken for what was written."""

from __future__ import annotations

from engine import FACTS, PASS, UNKNOWN, condition, inventory, resource

from scanner.model.value import MASK
from scanner.policy.checks import compile_condition
from scanner.policy.world import World

CHECK = compile_condition(condition("{function: no_plain_secrets, with: {in: variables}}"))


def verdict(variables: dict[str, str]) -> object:
    tested = resource("other_thing", "a", {"variables": variables})
    return World(inventory(tested), FACTS).decide(CHECK, tested).verdict


def test_a_masked_variable_may_hold_anything():
    assert verdict({"LEVEL": "info"}) is PASS
    assert verdict({"LEVEL": MASK}) is UNKNOWN
