"""A syntax error costs what is broken, never its neighbours, and never counts as absent."""

from pathlib import Path

import pytest
from tf_project import collect, data, problems, value

from scanner.model.value import Reason, Unknown

NEIGHBOUR = '\nresource "aws_x" "after" {\n  kept = "k"\n}\n'


@pytest.mark.parametrize(
    ("broken", "line"),
    [
        ('resource "aws_x" "a" {\n  x = 1_000\n}\n', 3),
        ('resource "aws_x" "a" {\n  x = "unterminated\n  y = 2\n}\n', 2),
        ('resource "aws_x" "a" {\n  x = [1, 2\n}\n', 2),
        ('resource "aws_x" "a" {\n  block {\n    y = 1\n\n', 1),
        ('resource "aws_x" "a" {\n  @\n  y = 9\n}\n', 2),
        ('resource "aws_x" "a" {\n  x = \n  y = 5\n}\n', 2),
        ('resource "aws_x" "a" {\n  x = foo(1, \n}\n', 2),
        ('resource "aws_x" "a" {\n  x = "${var.}"\n}\n', 2),
        ('resource "aws_x" "a"\n  x = 1\n}\n', 2),
        ("}\n", 1),
    ],
)
def test_the_rest_of_the_file_is_read_and_the_place_is_told(tmp_path: Path, broken: str, line: int) -> None:
    inventory = collect(tmp_path, {"main.tf": broken + NEIGHBOUR})
    assert data(inventory, "aws_x.after", "kept") == "k"
    assert problems(inventory)
    assert any(found.startswith(f"main.tf:{line}:") for found in problems(inventory))


def test_attributes_before_and_after_an_error_are_read(tmp_path: Path) -> None:
    text = 'resource "aws_x" "a" {\n  before = 1\n  bad    = 1 +\n\n  block {\n    inner = 2\n  }\n}\n'
    inventory = collect(tmp_path, text)
    assert data(inventory, "aws_x.a", "before") == 1
    assert value(inventory, "aws_x.a", "bad").is_unknown


def test_nothing_is_absent_from_a_broken_block(tmp_path: Path) -> None:
    inventory = collect(tmp_path, 'resource "aws_x" "a" {\n  known = 1\n  ! broken\n}\n')
    raw = value(inventory, "aws_x.a", "whatever").raw
    assert isinstance(raw, Unknown)
    assert raw.reason is Reason.UNREADABLE
    assert data(inventory, "aws_x.a", "known") == 1


@pytest.mark.parametrize("expression", [r'"\q"', '"%{ endif }"', '"%{ if true }x"', "[for x in [1] : x", "{ a = }"])
def test_a_refused_expression_costs_only_itself(tmp_path: Path, expression: str) -> None:
    inventory = collect(tmp_path, {"main.tf": f'resource "aws_x" "a" {{\n  bad = {expression}\n}}\n' + NEIGHBOUR})
    assert value(inventory, "aws_x.a", "bad").is_unknown
    assert data(inventory, "aws_x.after", "kept") == "k"


def test_a_file_that_is_too_large_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scanner.sources.terraform.loader.MAX_FILE_SIZE", 100)
    inventory = collect(tmp_path, {"main.tf": "# " + "x" * 200 + "\n", "b.tf": NEIGHBOUR})
    assert problems(inventory) == ["main.tf:1:1: the file is larger than 100 bytes"]
    assert data(inventory, "aws_x.after", "kept") == "k"


def test_too_many_resources_end_in_a_notification(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scanner.sources.terraform.source.MAX_RESOURCES", 10)
    files = {
        "main.tf": 'module "m" {\n  count  = 20\n  source = "./m"\n}\n',
        "m/main.tf": 'resource "aws_x" "a" {\n  count = 3\n}\n',
    }
    inventory = collect(tmp_path, files)
    assert len(inventory.resources) < 20
    assert any("too many resources" in found for found in problems(inventory))


def test_the_number_of_problems_of_a_file_is_bounded(tmp_path: Path) -> None:
    text = "".join(f'resource "aws_x" "r{n}" {{\n  @\n}}\n' for n in range(100))
    assert 0 < len(problems(collect(tmp_path, text))) < 60


def test_an_exponent_without_a_fraction_is_a_number(tmp_path: Path) -> None:
    inventory = collect(tmp_path, 'resource "aws_x" "a" {\n  x = 1e3\n  y = "${2e-1}"\n  z = "1e5"\n}\n')
    assert problems(inventory) == []
    assert [data(inventory, "aws_x.a", name) for name in "xyz"] == [1000, 0.2, "1e5"]
