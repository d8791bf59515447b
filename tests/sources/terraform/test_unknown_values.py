"""What can be said where a part is unknown, and what cannot."""

from pathlib import Path

import pytest
from tf_project import collect, data, evaluated, value

from scanner.model.value import Reason, Unknown

BEFORE = """
variable "u" {}
locals {
  a = local.b
  b = local.a
  self = [local.self]
  fine = "fine"
}
"""


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("false && var.u", False),
        ("var.u && false", False),
        ("true || var.u", True),
        ("var.u || true", True),
        ("[var.u, 2][1]", 2),
        ("{ a = var.u, b = 2 }.b", 2),
        ("length([var.u, 1])", 2),
        ("true ? 1 : var.u", 1),
        ("try(1, var.u)", 1),
        ("[for x in [1, 2] : x if x > 1]", [2]),
        ("local.fine", "fine"),
    ],
)
def test_what_does_not_depend_on_the_unknown_part_is_known(tmp_path: Path, expression: str, expected: object) -> None:
    evaluated(tmp_path, expression, BEFORE)
    assert data(collect(tmp_path), "aws_x.test", "value") == expected


@pytest.mark.parametrize(
    "expression",
    [
        "true && var.u",
        "var.u || false",
        "!var.u",
        "-var.u",
        "var.u + 1",
        "var.u == 1",
        "[var.u] == [1]",
        "var.u ? 1 : 1",
        '"a${var.u}"',
        "var.u.deep.er",
        "var.u[0]",
        "var.u[*].x",
        "[1, 2][var.u]",
        "{ (var.u) = 1 }",
        "[for x in var.u : x]",
        "[for x in [1] : x if var.u]",
        "{ for x in [1] : var.u => x }",
        '"%{ if var.u }a%{ endif }"',
        '"%{ for x in var.u }a%{ endfor }"',
        "upper(var.u)",
        "max(var.u...)",
        "try(var.u.x, 1)",
        "can(var.u.x)",
    ],
)
def test_what_depends_on_it_is_unknown_for_its_reason(tmp_path: Path, expression: str) -> None:
    raw = evaluated(tmp_path, expression, BEFORE).raw
    assert isinstance(raw, Unknown)
    assert raw.reason is Reason.UNSET_VARIABLE


@pytest.mark.parametrize("expression", ["local.a", "local.b", "local.self[0]", '"${local.a}"'])
def test_definitions_that_need_themselves_are_errors(tmp_path: Path, expression: str) -> None:
    raw = evaluated(tmp_path, expression, BEFORE).raw
    assert isinstance(raw, Unknown)
    assert raw.reason is Reason.ERROR
    assert "depends on itself" in raw.detail


def test_an_error_in_one_item_leaves_the_others_usable(tmp_path: Path) -> None:
    text = 'resource "aws_x" "a" {\n  tags = {\n    bad  = [1][5]\n    good = "g"\n  }\n}\n'
    inventory = collect(tmp_path, text)
    assert value(inventory, "aws_x.a", "tags.bad").is_unknown
    assert data(inventory, "aws_x.a", "tags.good") == "g"


def test_json_written_as_text_is_known_in_part(tmp_path: Path) -> None:
    text = """
    variable "account" {}
    resource "aws_role" "r" {}
    resource "aws_x" "a" {
      policy = <<-EOT
        {
          "Statement": [{
            "Effect": "Allow",
            "Action": ["s3:*", "${var.account}"],
            "Resource": "arn:aws:s3:::${var.account}/*",
            "Principal": {"AWS": "${aws_role.r.arn}"},
            "Count": ${var.account}
          }]
        }
      EOT
    }
    """
    inventory = collect(tmp_path, text)
    assert value(inventory, "aws_x.a", "policy").is_unknown
    assert data(inventory, "aws_x.a", "policy.Statement[0].Effect") == "Allow"
    assert data(inventory, "aws_x.a", "policy.Statement[0].Action[0]") == "s3:*"
    for path in ("Action[1]", "Resource", "Principal.AWS", "Count"):
        assert value(inventory, "aws_x.a", f"policy.Statement[0].{path}").is_unknown, path
    principal = value(inventory, "aws_x.a", "policy.Statement[0].Principal.AWS")
    assert [reference.address for reference in principal.refs] == ["aws_role.r"]


def test_text_that_is_no_json_has_no_structure(tmp_path: Path) -> None:
    assert evaluated(tmp_path, '"{ ${var.u}"', BEFORE).decoded is None
    assert evaluated(tmp_path, '"plain ${var.u}"', BEFORE).decoded is None


def test_an_undecided_condition_between_nothing_and_nothing_is_nothing(tmp_path: Path) -> None:
    assert evaluated(tmp_path, "var.u ? null : null", BEFORE).raw is None
    assert evaluated(tmp_path, "var.u ? null : 1", BEFORE).is_unknown
