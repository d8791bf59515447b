"""count, for_each and dynamic blocks."""

from pathlib import Path

import pytest
from tf_project import collect, data, resource, span, value

from scanner.model.value import Reason, Unknown


def addresses(inventory, type_: str) -> list[str]:
    return [found.address for found in inventory.of_type(type_)]


@pytest.mark.parametrize(
    ("meta", "expected"),
    [
        ("count = 2", ["aws_x.a[0]", "aws_x.a[1]"]),
        ('count = "2"', ["aws_x.a[0]", "aws_x.a[1]"]),
        ("count = 0", []),
        ("count = false ? 1 : 0", []),
        ("count = length([1])", ["aws_x.a[0]"]),
        ('for_each = toset(["b", "a", "b"])', ['aws_x.a["a"]', 'aws_x.a["b"]']),
        ("for_each = { z = 1, y = 2 }", ['aws_x.a["y"]', 'aws_x.a["z"]']),
        ('for_each = { "a.b/c" = 1, "q\\"" = 2 }', ['aws_x.a["a.b/c"]', 'aws_x.a["q\\""]']),
        ("for_each = {}", []),
        ("", ["aws_x.a"]),
    ],
)
def test_instances_have_the_addresses_that_terraform_gives_them(tmp_path: Path, meta: str, expected: list[str]) -> None:
    assert addresses(collect(tmp_path, f'resource "aws_x" "a" {{\n  {meta}\n}}\n'), "aws_x") == expected


@pytest.mark.parametrize(
    ("meta", "reason"),
    [
        ("count = var.unset", Reason.UNSET_VARIABLE),
        ("count = length(data.aws_zones.z.names)", Reason.DATA_SOURCE),
        ("count = null", Reason.ERROR),
        ("count = -1", Reason.ERROR),
        ("count = 1.5", Reason.ERROR),
        ("count = 20000", Reason.UNSUPPORTED),
        ("for_each = var.unset", Reason.UNSET_VARIABLE),
        ("for_each = toset([var.unset])", Reason.UNSET_VARIABLE),
        ('for_each = ["a"]', Reason.ERROR),
        ("for_each = toset([1])", Reason.ERROR),
        ("for_each = null", Reason.ERROR),
        ("for_each = { for k in [1] : var.unset => k }", Reason.UNSET_VARIABLE),
    ],
)
def test_an_undecided_number_is_one_resource_that_says_why(tmp_path: Path, meta: str, reason: Reason) -> None:
    text = f"""
    variable "unset" {{}}
    data "aws_zones" "z" {{}}
    resource "aws_x" "a" {{
      {meta}
      fixed = 1
      named = "${{try(each.key, count.index)}}"
    }}
    """
    inventory = collect(tmp_path, text)
    found = resource(inventory, "aws_x.a")
    assert found.undecided is not None
    assert isinstance(found.undecided.raw, Unknown)
    assert found.undecided.raw.reason is reason
    assert data(inventory, "aws_x.a", "fixed") == 1
    assert value(inventory, "aws_x.a", "named").is_unknown


def test_unknown_values_under_known_keys_are_decided(tmp_path: Path) -> None:
    text = """
    variable "unset" {}
    resource "aws_x" "a" {
      for_each = { one = var.unset }
      name     = each.key
      value    = each.value
    }
    """
    inventory = collect(tmp_path, text)
    assert resource(inventory, 'aws_x.a["one"]').undecided is None
    assert data(inventory, 'aws_x.a["one"]', "name") == "one"
    assert value(inventory, 'aws_x.a["one"]', "value").is_unknown


def test_count_index_is_a_number(tmp_path: Path) -> None:
    text = 'resource "aws_x" "a" {\n  count = 2\n  port  = 8000 + count.index\n}\n'
    assert data(collect(tmp_path, text), "aws_x.a[1]", "port") == 8001


DYNAMIC = """
variable "unset" {}
resource "aws_x" "a" {
  rule {
    name = "static"
  }
  dynamic "rule" {
    for_each = { b = 2, a = 1 }
    content {
      name = "${rule.key}${rule.value}"
    }
  }
  dynamic "named" {
    for_each = toset(["p"])
    iterator = item
    content {
      name = item.value
      key  = item.key
    }
  }
  dynamic "outer" {
    for_each = [{ inner = [1, 2] }, { inner = [] }]
    content {
      index = outer.key
      dynamic "inner" {
        for_each = outer.value.inner
        content {
          path = "${outer.key}.${inner.value}"
        }
      }
    }
  }
  dynamic "none" {
    for_each = []
    content {}
  }
  dynamic "unknown" {
    for_each = var.unset
    content {}
  }
  dynamic "wrong" {
    for_each = 5
    content {}
  }
  dynamic "labelled" {
    for_each = [1]
    labels   = ["x"]
    content {
      name = labelled.value
    }
  }
}
"""


def test_dynamic_blocks_become_the_blocks_they_make(tmp_path: Path) -> None:
    inventory = collect(tmp_path, DYNAMIC)
    assert data(inventory, "aws_x.a", "rule") == [{"name": "static"}, {"name": "a1"}, {"name": "b2"}]
    assert data(inventory, "aws_x.a", "named") == [{"name": "p", "key": "p"}]
    assert data(inventory, "aws_x.a", "outer") == [
        {"index": 0, "inner": [{"path": "0.1"}, {"path": "0.2"}]},
        {"index": 1, "inner": []},
    ]
    assert data(inventory, "aws_x.a", "none") == []
    assert data(inventory, "aws_x.a", "labelled") == [{"name": 1}]


def test_a_dynamic_block_over_something_unknown_makes_the_name_unknown(tmp_path: Path) -> None:
    inventory = collect(tmp_path, DYNAMIC)
    for path in ("unknown", "unknown.name", "wrong"):
        assert value(inventory, "aws_x.a", path).is_unknown
    assert span(value(inventory, "aws_x.a", "unknown")).startswith("main.tf:37:5")


def test_values_in_dynamic_blocks_are_placed_where_they_come_from(tmp_path: Path) -> None:
    text = """
    resource "aws_x" "a" {
      dynamic "rule" {
        for_each = [80]
        content {
          port = rule.value
        }
      }
    }
    """
    found = value(collect(tmp_path, text), "aws_x.a", "rule.port")
    assert span(found) == "main.tf:3:17-3:19"
    assert [hop.what for hop in found.hops] == ["rule.value"]


def test_attributes_written_as_blocks_are_lists_of_objects(tmp_path: Path) -> None:
    text = 'resource "aws_x" "a" {\n  ingress = [{ port = 1 }, { port = 2 }]\n}\n'
    assert [found.value.raw for found in resource(collect(tmp_path, text), "aws_x.a").lookup("ingress.port")] == [1, 2]
