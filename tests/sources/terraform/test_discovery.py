"""Which directories are root modules."""

from pathlib import Path

import pytest
from tf_project import collect, problems, write

from scanner.errors import UsageError
from scanner.sources.terraform import TerraformOptions, TerraformSource

RESOURCE = 'resource "aws_x" "a" {}\n'
CALL = 'module "m" {{\n  source = "{}"\n}}\n'


def roots(directory: Path, files: dict[str, str], **options: object) -> list[str]:
    inventory = collect(directory, files, **options)
    return sorted({found.root for found in inventory.resources})


def test_a_directory_that_another_one_calls_is_no_root(tmp_path: Path) -> None:
    files = {
        "env/prod/main.tf": CALL.format("../../modules/a"),
        "env/stage/main.tf": CALL.format("../../modules/a/"),
        "modules/a/main.tf": CALL.format("../b") + RESOURCE,
        "modules/b/main.tf": RESOURCE,
        "alone/main.tf": RESOURCE,
    }
    assert roots(tmp_path, files) == ["alone", "env/prod", "env/stage"]


def test_a_directory_with_nothing_but_values_is_no_root(tmp_path: Path) -> None:
    files = {"values/main.tf": 'variable "x" {}\noutput "y" {\n  value = 1\n}\n', "main.tf": RESOURCE}
    assert roots(tmp_path, files) == ["."]


def test_hidden_directories_and_packages_of_node_are_skipped(tmp_path: Path) -> None:
    files = {f"{name}/main.tf": RESOURCE for name in (".terraform/modules/x", ".git", "node_modules/p", "seen")}
    assert roots(tmp_path, files) == ["seen"]


def test_one_root_can_be_chosen(tmp_path: Path) -> None:
    files = {"a/main.tf": RESOURCE, "b/main.tf": RESOURCE}
    assert roots(tmp_path, files, root="b") == ["b"]
    assert roots(tmp_path, files, root=str(tmp_path / "a")) == ["a"]


@pytest.mark.parametrize("chosen", ["nowhere", "..", "/"])
def test_a_chosen_root_that_is_not_there_is_a_usage_error(tmp_path: Path, chosen: str) -> None:
    write(tmp_path, {"a/main.tf": RESOURCE})
    with pytest.raises(UsageError, match="root module"):
        collect(tmp_path / "a", root=chosen)


def test_a_single_file_stands_for_its_directory(tmp_path: Path) -> None:
    write(tmp_path, {"a/main.tf": 'resource "aws_x" "a" {\n  v = var.v\n}\n'})
    write(tmp_path, {"a/v.tf": 'variable "v" {\n  default = 1\n}\n'})
    write(tmp_path, {"a/below/main.tf": RESOURCE})
    inventory = TerraformSource([tmp_path / "a" / "main.tf"], TerraformOptions(), tmp_path).collect()
    assert [(found.root, found.lookup("v")[0].value.raw) for found in inventory.resources] == [("a", 1)]


def test_several_paths_are_read_once(tmp_path: Path) -> None:
    write(tmp_path, {"a/main.tf": RESOURCE, "b/main.tf": RESOURCE})
    paths = [tmp_path / "a", tmp_path, tmp_path / "b" / "main.tf"]
    inventory = TerraformSource(paths, TerraformOptions(), tmp_path).collect()
    assert sorted(found.root for found in inventory.resources) == ["a", "b"]
    assert inventory.inputs == [str(path) for path in paths]


def test_modules_that_only_call_each_other_are_not_lost(tmp_path: Path) -> None:
    files = {"a/main.tf": CALL.format("../b") + RESOURCE, "b/main.tf": CALL.format("../a") + RESOURCE}
    assert roots(tmp_path, files) == ["a"]


def test_links_are_followed_within_the_directory_only(tmp_path: Path) -> None:
    write(tmp_path, {"outside/main.tf": RESOURCE, "inside/real/main.tf": RESOURCE})
    (tmp_path / "inside" / "loop").symlink_to(tmp_path / "inside")
    (tmp_path / "inside" / "out").symlink_to(tmp_path / "outside")
    (tmp_path / "inside" / "real" / "out.tf").symlink_to(tmp_path / "outside" / "main.tf")
    inventory = collect(tmp_path / "inside")
    assert [found.root for found in inventory.resources] == ["real"]
    assert sum("leads outside" in found for found in problems(inventory)) == 2


def test_an_empty_directory_is_an_empty_inventory(tmp_path: Path) -> None:
    inventory = collect(tmp_path)
    assert (inventory.resources, inventory.notifications) == ([], [])
