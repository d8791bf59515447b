"""Modules: calls, instances, providers, what is not there, what calls itself."""

import json
from pathlib import Path

import pytest
from tf_project import chain, collect, data, problems, references, resource, value, write

from scanner.model.inventory import Level
from scanner.model.value import Reason, Unknown

CHILD = """
variable "name" {}
variable "size" { default = 1 }
resource "aws_y" "main" {
  name = var.name
  size = var.size
}
output "name" { value = aws_y.main.name }
output "id" { value = aws_y.main.id }
"""


def test_instances_of_modules_have_keys_and_outputs(tmp_path: Path) -> None:
    root = """
    module "counted" {
      count  = 2
      source = "./child"
      name   = "c${count.index}"
    }
    module "keyed" {
      for_each = { a = 5, b = 6 }
      source   = "./child"
      name     = each.key
      size     = each.value
    }
    resource "aws_x" "user" {
      first = module.counted[0].name
      names = module.counted[*].name
      key   = module.keyed["b"].name
      ids   = [for item in module.keyed : item.id]
    }
    """
    inventory = collect(tmp_path, {"main.tf": root, "child/main.tf": CHILD})
    assert [found.address for found in inventory.of_type("aws_y")] == [
        "module.counted[0].aws_y.main",
        "module.counted[1].aws_y.main",
        'module.keyed["a"].aws_y.main',
        'module.keyed["b"].aws_y.main',
    ]
    assert data(inventory, 'module.keyed["b"].aws_y.main', "size") == 6
    assert data(inventory, "aws_x.user", "names") == ["c0", "c1"]
    assert data(inventory, "aws_x.user", "key") == "b"
    assert references(value(inventory, "aws_x.user", "ids[1]")) == {'module.keyed["b"].aws_y.main.id'}
    assert chain(value(inventory, "aws_x.user", "first"))[0] == "module.counted[0].name child/main.tf:7:17"


def test_an_undecided_module_makes_its_resources_undecided(tmp_path: Path) -> None:
    root = """
    variable "create" {}
    module "m" {
      count  = var.create
      source = "./child"
      name   = "n"
    }
    resource "aws_x" "user" {
      value = module.m[0].name
    }
    """
    inventory = collect(tmp_path, {"main.tf": root, "child/main.tf": CHILD})
    assert resource(inventory, "module.m.aws_y.main").undecided is not None
    assert value(inventory, "aws_x.user", "value").is_unknown


def test_a_module_inside_a_module_is_read_from_its_own_directory(tmp_path: Path) -> None:
    files = {
        "main.tf": 'module "outer" {\n  source = "./a"\n}\n',
        "a/main.tf": 'module "inner" {\n  source = "../b"\n  name = "deep"\n}\n',
        "b/main.tf": CHILD,
    }
    inventory = collect(tmp_path, files)
    assert data(inventory, "module.outer.module.inner.aws_y.main", "name") == "deep"
    assert {found.root for found in inventory.resources} == {"."}


def test_provider_configurations_reach_the_resources_that_use_them(tmp_path: Path) -> None:
    files = {
        "main.tf": """
            provider "aws" { region = "ap-northeast-2" }
            provider "aws" {
              alias  = "dr"
              region = "ap-northeast-1"
            }
            module "implicit" {
              source = "./m"
            }
            module "explicit" {
              source    = "./m"
              providers = { aws = aws.dr, aws.other = aws }
            }
            resource "aws_x" "home" {}
            resource "aws_x" "away" {
              provider = aws.dr
            }
            resource "other_x" "none" {}
            """,
        "m/main.tf": """
            resource "aws_y" "default" {}
            resource "aws_y" "other" {
              provider = aws.other
            }
            data "aws_region" "current" {}
            resource "aws_y" "region" {
              region_name = data.aws_region.current.name
              partition   = "arn:${data.aws_partition.current.partition}:x"
            }
            data "aws_partition" "current" {}
            """,
    }
    inventory = collect(tmp_path, files)
    expected = {
        "aws_x.home": "ap-northeast-2",
        "aws_x.away": "ap-northeast-1",
        "module.implicit.aws_y.default": "ap-northeast-2",
        "module.explicit.aws_y.default": "ap-northeast-1",
        "module.explicit.aws_y.other": "ap-northeast-2",
    }
    assert {address: data(inventory, address, "provider.region") for address in expected} == expected
    assert value(inventory, "other_x.none", "provider.region").is_absent
    assert data(inventory, "module.explicit.aws_y.region", "region_name") == "ap-northeast-1"
    assert data(inventory, "module.explicit.aws_y.region", "partition") == "arn:aws:x"
    assert [found.address for found in inventory.of_type("provider.aws")] == ["provider.aws", "provider.aws.dr"]


def test_a_module_that_is_not_on_disk_is_a_notification_and_its_outputs_are_unknown(tmp_path: Path) -> None:
    text = """
    module "vpc" {
      source  = "terraform-aws-modules/vpc/aws"
      version = "5.0"
    }
    module "gone" {
      source = "./gone"
    }
    resource "aws_x" "a" {
      vpc  = module.vpc.vpc_id
      gone = module.gone.id
    }
    """
    inventory = collect(tmp_path, text)
    assert [found.level for found in inventory.notifications] == [Level.ERROR, Level.ERROR]
    assert problems(inventory)[0].startswith("main.tf:2:3: the module vpc")
    assert problems(inventory)[1].startswith("main.tf:6:3: the module gone")
    for path in ("vpc", "gone"):
        raw = value(inventory, "aws_x.a", path).raw
        assert isinstance(raw, Unknown)
        assert raw.reason is Reason.MODULE


def manifest(*entries: tuple[str, str]) -> str:
    modules = [{"Key": key, "Source": "registry.terraform.io/x", "Dir": directory} for key, directory in entries]
    return json.dumps({"Modules": modules})


def test_installed_modules_are_read_where_the_manifest_says(tmp_path: Path) -> None:
    files = {
        "main.tf": 'module "a" {\n  source = "x/a/aws"\n}\n',
        ".terraform/modules/modules.json": manifest(("a", ".terraform/modules/a"), ("a.b", ".terraform/modules/a.b")),
        ".terraform/modules/a/main.tf": 'module "b" {\n  source = "x/b/aws"\n  name = "n"\n}\n',
        ".terraform/modules/a.b/main.tf": CHILD,
    }
    inventory = collect(tmp_path, files)
    assert problems(inventory) == []
    assert data(inventory, "module.a.module.b.aws_y.main", "name") == "n"


@pytest.mark.parametrize("content", ["{", "[]", '{"Modules": [{"Key": 1}]}', "null"])
def test_a_broken_manifest_is_a_notification(tmp_path: Path, content: str) -> None:
    files = {"main.tf": 'module "a" {\n  source = "x/a/aws"\n}\n', ".terraform/modules/modules.json": content}
    assert any("installed modules cannot be read" in found for found in problems(collect(tmp_path, files)))


@pytest.mark.parametrize("source", ["../outside", "../../etc"])
def test_nothing_is_read_outside_of_the_scanned_directory(tmp_path: Path, source: str) -> None:
    write(tmp_path, {"outside/main.tf": CHILD})
    inside = tmp_path / "inside"
    files = {
        "main.tf": f'module "m" {{\n  source = "{source}"\n}}\nmodule "n" {{\n  source = "x/n/aws"\n}}\n',
        ".terraform/modules/modules.json": manifest(("n", "../outside")),
    }
    inventory = collect(inside, files)
    assert len(inventory.resources) == 0
    assert sum("outside of the scanned directory" in found for found in problems(inventory)) == 2


def test_modules_that_call_each_other_end_in_a_notification(tmp_path: Path) -> None:
    files = {
        "a/main.tf": 'module "b" {\n  source = "../b"\n}\nresource "aws_x" "a" {}\n',
        "b/main.tf": 'module "a" {\n  source = "../a"\n}\nresource "aws_x" "b" {}\n',
    }
    inventory = collect(tmp_path, files)
    assert any("calls itself" in found for found in problems(inventory))
    assert {found.type for found in inventory.resources} == {"aws_x"}


def test_a_missing_argument_is_an_unset_variable(tmp_path: Path) -> None:
    inventory = collect(tmp_path, {"main.tf": 'module "m" {\n  source = "./c"\n}\n', "c/main.tf": CHILD})
    raw = value(inventory, "module.m.aws_y.main", "name").raw
    assert isinstance(raw, Unknown)
    assert raw.reason is Reason.UNSET_VARIABLE
    assert "module.m.var.name" in raw.detail


def test_paths_and_workspace(tmp_path: Path) -> None:
    files = {
        "env/main.tf": 'module "m" {\n  source = "../m"\n}\n',
        "m/main.tf": """
            resource "aws_x" "a" {
              module    = path.module
              root      = path.root
              workspace = terraform.workspace
              file      = file("${path.module}/text.txt")
            }
            """,
        "m/text.txt": "content",
    }
    inventory = collect(tmp_path, files, workspace="prod")
    assert data(inventory, "module.m.aws_x.a", "module") == "../m"
    assert data(inventory, "module.m.aws_x.a", "root") == "."
    assert data(inventory, "module.m.aws_x.a", "workspace") == "prod"
    assert data(inventory, "module.m.aws_x.a", "file") == "content"


def test_blocks_about_the_state_do_not_disturb(tmp_path: Path) -> None:
    text = """
    terraform {
      required_version = ">= 1.5"
      cloud {
        organization = "o"
      }
    }
    moved {
      from = aws_x.old
      to   = aws_x.a
    }
    removed {
      from = aws_x.gone
      lifecycle {
        destroy = false
      }
    }
    import {
      to = aws_x.a
      id = "i"
    }
    check "health" {
      data "http" "x" {
        url = "https://example.com"
      }
      assert {
        condition     = true
        error_message = "no"
      }
    }
    ephemeral "aws_secret" "s" {
      name = "n"
    }
    resource "aws_x" "a" {
      secret = ephemeral.aws_secret.s.value
      name   = ephemeral.aws_secret.s.name
    }
    """
    inventory = collect(tmp_path, text)
    assert problems(inventory) == []
    assert [found.address for found in inventory.resources] == ["terraform.backend", "aws_x.a"]
    assert data(inventory, "terraform.backend", "type") == "cloud"
    assert value(inventory, "aws_x.a", "secret").is_unknown


def test_a_backend_is_a_resource_with_its_type(tmp_path: Path) -> None:
    text = 'terraform {\n  backend "s3" {\n    bucket  = "state"\n    encrypt = true\n  }\n}\n'
    inventory = collect(tmp_path, text)
    assert data(inventory, "terraform.backend", "type") == "s3"
    assert data(inventory, "terraform.backend", "encrypt") is True
    assert value(inventory, "terraform.backend", "kms_key_id").is_absent
