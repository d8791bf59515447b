"""The evaluator says of every argument of every resource what terraform plans: equal, or unknown in the same places."""

import json
import os
import shutil
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parent))

import record
import rewrite
from evaluated import count, differences, evaluate
from planned import MIRROR, UNKNOWN, known


def recorded(name: str) -> dict[str, Any]:
    lines = (record.RECORDED / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    return {address: item for line in lines for address, item in json.loads(line, parse_float=Decimal).items()}


@pytest.mark.parametrize("name", record.EXAMPLES)
def test_the_evaluator_agrees_with_the_recorded_plan(name: str) -> None:
    tree, root = record.EXAMPLES[name]
    planned = recorded(name)
    found = record.compare(evaluate(record.ROOT / tree, root), planned)
    assert found == [], "if the example was changed on purpose, run tests/whole_trees/record.py again"
    values, unknown = count(planned)
    assert len(planned) > 100
    assert values > 1000
    assert 0 < unknown < values / 3


@pytest.mark.skipif(not (os.environ.get(MIRROR) and shutil.which("terraform")), reason="needs terraform and a mirror")
@pytest.mark.parametrize("name", record.EXAMPLES)
def test_the_record_is_what_terraform_plans(name: str) -> None:
    tree, root = record.EXAMPLES[name]
    planned = json.loads(json.dumps(record.plan_in_copy(record.ROOT / tree, root), default=record.number))
    assert planned == json.loads(json.dumps(recorded(name), default=record.number))


class TestRewriting:
    @pytest.fixture
    def rewritten(self, tmp_path: Path) -> str:
        (tmp_path / "from").mkdir()
        (tmp_path / "from" / "main.tf").write_text(
            """
            terraform {
              backend "s3" {}
            }
            resource "aws_vpc" "v" {
              count      = 2
              cidr_block = "10.0.0.0/16"
              lifecycle { prevent_destroy = true }
            }
            data "aws_region" "here" {}
            data "aws_iam_policy_document" "doc" {
              statement { resources = [aws_vpc.v[0].arn] }
            }
            resource "aws_subnet" "s" {
              for_each   = toset(["a"])
              vpc_id     = aws_vpc.v[0].id
              cidr_block = cidrsubnet(aws_vpc.v[0].cidr_block, 8, 1)
              depends_on = [aws_vpc.v, data.aws_region.here]
              timeouts { create = "${each.key}${data.aws_region.here.name}" }
              dynamic "rule" {
                for_each = [1]
                content { n = rule.value }
              }
            }
            """
        )
        rewrite.rewrite_tree(tmp_path / "from", tmp_path / "to")
        return " ".join(" ".join(file.read_text() for file in sorted((tmp_path / "to").glob("*.tf"))).split())

    @pytest.mark.parametrize(
        "expected",
        [
            'resource "terraform_data" "aws_vpc__v" { count = 2 input = { cidr_block = ("10.0.0.0/16" ) } }',
            'resource "terraform_data" "data__aws_region__here" { input = { } }',
            'data "aws_iam_policy_document" "doc" { statement { resources = [local.aws_vpc__v[0].arn] } }',
            'for_each = toset(["a"]) depends_on = [terraform_data.aws_vpc__v, terraform_data.data__aws_region__here]',
            "cidr_block = (cidrsubnet(local.aws_vpc__v[0].cidr_block, 8, 1) )",
            'timeouts = concat([{ create = ("${each.key}${local.data__aws_region__here.name}" ) }])',
            "rule = concat([for rule in [for k, v in [1] : { key = k, value = v }] : { n = (rule.value ) }])",
            "aws_vpc__v = [for it in terraform_data.aws_vpc__v : {",
            "arn = jsondecode(it.id)",
            "cidr_block = it.input.cidr_block == null ? jsondecode(it.id) : it.input.cidr_block",
            "aws_subnet__s = { for key, it in terraform_data.aws_subnet__s : key => {",
        ],
    )
    def test_text(self, rewritten: str, expected: str) -> None:
        assert expected in rewritten

    def test_what_belongs_to_terraform_is_dropped(self, rewritten: str) -> None:
        assert "backend" not in rewritten
        assert "prevent_destroy" not in rewritten

    def test_addresses(self) -> None:
        assert rewrite.original_address('module.m["a"].terraform_data.aws_x__y__z[0]') == 'module.m["a"].aws_x.y__z[0]'
        assert rewrite.original_address("terraform_data.data__aws_x__y") == "data.aws_x.y"


def test_unknown_parts_of_a_plan() -> None:
    after = {"a": 1, "list": ["x", None], "gone": None}
    unknown = {"b": True, "list": [False, True], "deep": {"c": True}}
    expected = {"a": 1, "b": UNKNOWN, "list": ["x", UNKNOWN], "gone": None, "deep": {"c": UNKNOWN}}
    assert known(after, unknown) == expected


@pytest.mark.parametrize(
    ("mine", "planned", "differs"),
    [
        ({"a": 1}, {"a": Decimal("1.0")}, False),
        ({"a": 1}, {"a": True}, True),
        ({"a": "1"}, {"a": 1}, True),
        ({"a": None}, {}, True),
        ({"a": UNKNOWN}, {"a": "x"}, True),
        ({"a": "x"}, {"a": UNKNOWN}, True),
        ({"a": UNKNOWN}, {"a": UNKNOWN}, False),
        ([1, 2], [2, 1], True),
        ([1], [1, 1], True),
    ],
)
def test_differences_are_seen(mine: Any, planned: Any, differs: bool) -> None:
    assert bool(list(differences(mine, planned))) is differs


def test_missing_resources_are_seen() -> None:
    assert record.compare({"aws_x.y": {}}, {"aws_x.z": {}}) == [
        "aws_x.y: only asbuilt has it",
        "aws_x.z: only terraform has it",
    ]
