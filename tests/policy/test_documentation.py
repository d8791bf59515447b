"""What docs/policies.md says is true."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from scanner.examples import run_examples
from scanner.facts import load_facts
from scanner.policy.library import Library
from scanner.policy.operators import OPERATORS
from scanner.policy.params import TYPES as PARAM_TYPES
from scanner.policy.read_policy import CATEGORIES
from scanner.policy.typed import TYPES

PAGE = (Path(__file__).parent.parent.parent / "docs" / "policies.md").read_text("utf-8")
BLOCKS = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
FIELDS = dict(re.findall(r"(?m)^\| (`[^|]+`) \| ([^|]*) \|$", PAGE))


@pytest.fixture
def results(tmp_path):
    (tmp_path / "sqs-message-retention.yaml").write_text(BLOCKS[0], "utf-8")
    library = Library.load([tmp_path], load_facts(), cache=False)
    return run_examples(library, load_facts())


def test_the_documented_policy_works(results):
    assert [result.problems for result in results] == [()] * 6
    assert [result.example.expect for result in results] == [result.verdict for result in results]


def test_the_documented_message_is_the_real_one(results):
    message = results[3].findings[0].message.en
    assert f"\n    {message}\n" in PAGE


def test_every_operator_and_value_type_is_documented():
    words = {word for key in FIELDS for word in re.findall(r"`(\w+)`", key)}
    assert set(OPERATORS) | set(TYPES) <= words


def test_every_category_and_parameter_type_is_documented():
    assert re.findall(r"\w+", FIELDS["`category`"]) == list(CATEGORIES)
    assert FIELDS["`params`"].endswith("types: " + ", ".join(PARAM_TYPES))


def test_every_shape_of_condition_is_documented():
    from scanner.policy.parse import SHAPES

    assert {re.match(r"- \{(\w+):", line)[1] for line in BLOCKS[1].splitlines()} == set(SHAPES)
