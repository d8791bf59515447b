"""Override files change what other files declare."""

from pathlib import Path

from tf_project import chain, collect, data, span, value

MAIN = """
terraform {
  backend "s3" {
    bucket = "main"
  }
}
provider "aws" {
  region = "main"
}
variable "v" {
  type    = string
  default = "main"
}
locals {
  kept    = "main"
  changed = "main"
}
resource "aws_x" "a" {
  kept    = "main"
  changed = "main"
  var     = var.v
  locals  = "${local.kept} ${local.changed}"
  count   = 2
  rule {
    from = "main"
  }
  rule {
    from = "main again"
  }
  other {
    from = "main"
  }
  lifecycle {
    prevent_destroy = true
    ignore_changes  = [kept]
  }
}
module "m" {
  source = "./m"
  value  = "main"
}
"""
OVERRIDE = """
terraform {
  backend "s3" {
    bucket = "override"
  }
}
provider "aws" {
  region = "override"
}
variable "v" {
  default = "override"
}
locals {
  changed = "override"
}
resource "aws_x" "a" {
  changed  = "override"
  for_each = toset(["k"])
  dynamic "rule" {
    for_each = ["override"]
    content {
      from = rule.value
    }
  }
  lifecycle {
    prevent_destroy = false
  }
}
module "m" {
  value = "override"
}
resource "aws_x" "new" {}
"""
CHILD = 'variable "value" {}\nresource "aws_y" "y" {\n  value = var.value\n}\n'


def test_overrides_replace_attributes_and_blocks_of_a_kind(tmp_path: Path) -> None:
    inventory = collect(tmp_path, {"main.tf": MAIN, "z_override.tf": OVERRIDE, "m/main.tf": CHILD})
    address = 'aws_x.a["k"]'
    expected = {
        "kept": "main",
        "changed": "override",
        "var": "override",
        "locals": "main override",
        "rule": [{"from": "override"}],
        "other": [{"from": "main"}],
        "lifecycle.prevent_destroy": False,
        "lifecycle.ignore_changes": ["kept"],
        "provider.region": "override",
    }
    assert {path: data(inventory, address, path) for path in expected} == expected
    assert data(inventory, "terraform.backend", "bucket") == "override"
    assert data(inventory, "module.m.aws_y.y", "value") == "override"
    assert data(inventory, "aws_x.new", "lifecycle") is None


def test_overridden_values_are_placed_in_the_override_file(tmp_path: Path) -> None:
    inventory = collect(tmp_path, {"main.tf": MAIN, "override.tf": OVERRIDE, "m/main.tf": CHILD})
    assert span(value(inventory, 'aws_x.a["k"]', "changed")).startswith("override.tf:16:3-")
    assert span(value(inventory, 'aws_x.a["k"]', "kept")).startswith("main.tf:")
    assert chain(value(inventory, 'aws_x.a["k"]', "var")) == ["var.v override.tf:10:3"]


def test_later_override_files_win(tmp_path: Path) -> None:
    files = {
        "main.tf": 'resource "aws_x" "a" {\n  x = "main"\n}\n',
        "a_override.tf": 'resource "aws_x" "a" {\n  x = "a"\n}\n',
        "b_override.tf.json": '{"resource": {"aws_x": {"a": {"x": "b"}}}}',
    }
    assert data(collect(tmp_path, files), "aws_x.a", "x") == "b"


def test_a_file_of_opentofu_hides_the_one_of_terraform(tmp_path: Path) -> None:
    files = {
        "main.tf": 'resource "aws_x" "a" {\n  x = "terraform"\n}\n',
        "main.tofu": 'resource "aws_x" "a" {\n  x = "opentofu"\n}\n',
    }
    assert data(collect(tmp_path, files), "aws_x.a", "x") == "opentofu"
