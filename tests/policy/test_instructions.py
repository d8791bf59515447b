"""What a requirement that says nothing of its own tells people to do."""

import pytest
from engine import condition

from scanner.model.rule import Text
from scanner.policy.conditions import OfComponent
from scanner.policy.conditions import Test as Assertion
from scanner.policy.instructions import instruction

TITLE = Text("Backups are kept", "백업 보존")


@pytest.mark.parametrize(
    ("text", "english", "korean"),
    [
        ("{path: days, op: gte, value: 7}", "Set days to at least 7.", "days: 7 이상이어야 함."),
        (
            "[{path: days, op: gte, value: 7}, {path: mode, op: equals, value: x}]",
            'Set days to at least 7 and mode to "x".',
            'days: 7 이상이어야 함, mode: "x"여야 함.',
        ),
        ("{any_of: [{path: a, op: exists}, {path: b, op: exists}]}", "Set a to a value.", "a: 값이 있어야 함."),
        ("{all_of: [{path: a, op: exists}], when: {path: b, op: exists}}", "Set a to a value.", "a: 값이 있어야 함."),
        ("{path: a, op: equals, value: {path: b}}", "Set a to match b.", "a: b 값과 맞아야 함."),
        ("{count: {resource: x}}", "Make it true: Backups are kept.", "다음을 충족하도록 수정: 백업 보존."),
        (
            "[{path: a, op: exists}, {count: {resource: x}}]",
            "Make it true: Backups are kept.",
            "다음을 충족하도록 수정: 백업 보존.",
        ),
    ],
)
def test_instruction(text, english, korean):
    assert instruction(condition(text), TITLE) == Text(english, korean)


def test_without_an_assertion_the_title_is_all_there_is():
    assert instruction(None, TITLE).en == "Make it true: Backups are kept."


def test_a_component_is_named():
    assert "sg-db" in instruction(Assertion("groups", "contains", OfComponent(("sg-db",))), TITLE).en
