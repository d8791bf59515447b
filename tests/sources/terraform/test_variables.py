"""Where the values of a root module's variables come from, and what their declarations make of them."""

from pathlib import Path

import pytest
from tf_project import chain, collect, data, evaluated, span, value, write

from scanner.errors import UsageError
from scanner.model.inventory import Level
from scanner.model.value import Reason, Unknown

USER = 'variable "x" {}\nresource "aws_x" "a" {\n  value = var.x\n}\n'


def test_later_files_win_and_single_values_win_over_all(tmp_path: Path) -> None:
    files = {
        "main.tf": USER,
        "terraform.tfvars": 'x = "terraform.tfvars"\n',
        "terraform.tfvars.json": '{"x": "terraform.tfvars.json"}\n',
        "b.auto.tfvars": 'x = "b.auto.tfvars"\n',
        "c.auto.tfvars.json": '{"x": "c.auto.tfvars.json"}\n',
        "ignored.tfvars": 'x = "ignored"\n',
        "extra.tfvars": 'x = "extra"\n',
    }
    order = ["terraform.tfvars", "terraform.tfvars.json", "b.auto.tfvars", "c.auto.tfvars.json"]
    for count in range(1, len(order) + 1):
        kept = {name: text for name, text in files.items() if name not in order[count:]}
        directory = tmp_path / str(count)
        assert data(collect(directory, kept), "aws_x.a", "value") == order[count - 1]
    write(tmp_path / "all", files)
    assert data(collect(tmp_path / "all", var_files=["extra.tfvars"]), "aws_x.a", "value") == "extra"
    both = collect(tmp_path / "all", var_files=["extra.tfvars"], variables={"x": "given"})
    assert data(both, "aws_x.a", "value") == "given"


def test_environment_variables_are_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TF_VAR_x", "from the environment")
    assert value(collect(tmp_path, USER), "aws_x.a", "value").is_unknown


def test_a_variable_file_is_looked_for_in_the_working_directory_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, {"root/main.tf": USER, "root/v.tfvars": 'x = "module"\n', "here/v.tfvars": 'x = "here"\n'})
    monkeypatch.chdir(tmp_path)
    assert data(collect(tmp_path / "root", var_files=["v.tfvars"]), "aws_x.a", "value") == "module"
    monkeypatch.chdir(tmp_path / "here")
    assert data(collect(tmp_path / "root", var_files=["v.tfvars"]), "aws_x.a", "value") == "here"


def test_a_variable_file_that_is_nowhere_is_a_usage_error(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"nowhere\.tfvars"):
        collect(tmp_path, USER, var_files=["nowhere.tfvars"])


def test_a_value_from_a_variable_file_is_placed_there(tmp_path: Path) -> None:
    inventory = collect(tmp_path, {"main.tf": USER, "terraform.tfvars": '# one\nx = {\n  deep = "v"\n}\n'})
    assert span(value(inventory, "aws_x.a", "value.deep")) == "terraform.tfvars:3:3-3:13"
    assert chain(value(inventory, "aws_x.a", "value")) == ["var.x terraform.tfvars:2:1"]


@pytest.mark.parametrize(
    ("declared", "text", "expected"),
    [
        ("type = number", "5", 5),
        ("type = bool", "true", True),
        ("type = string", "5", "5"),
        ("", "[1]", "[1]"),
        ("type = any", "[1]", [1]),
        ("type = list(string)", '["a", 1]', ["a", "1"]),
        ("type = map(number)", '{ a = "1" }', {"a": 1}),
        ("type = object({ a = string, b = optional(bool, true) })", "{ a = 1 }", {"a": "1", "b": True}),
        ("type = tuple([string, number])", '[1, "2"]', ["1", 2]),
        ("type = set(string)", '["b", "a", "b"]', ["a", "b"]),
    ],
)
def test_text_is_read_as_the_type_asks(tmp_path: Path, declared: str, text: str, expected: object) -> None:
    code = f'variable "x" {{\n  {declared}\n}}\nresource "aws_x" "a" {{\n  value = var.x\n}}\n'
    assert data(collect(tmp_path, code, variables={"x": text}), "aws_x.a", "value") == expected


@pytest.mark.parametrize("text", ["[", "{", "var.y", '"${x"'])
def test_text_that_is_no_value_is_an_unknown(tmp_path: Path, text: str) -> None:
    code = 'variable "x" { type = list(string) }\nresource "aws_x" "a" {\n  value = var.x\n}\n'
    assert value(collect(tmp_path, code, variables={"x": text}), "aws_x.a", "value").is_unknown


@pytest.mark.parametrize(
    ("declaration", "expected"),
    [
        ('default = "d"', "d"),
        ("default = null", None),
        ("type = string\n  default = 5", "5"),
        ('type = list(any)\n  default = [1, "a"]', ["1", "a"]),
        ('type = "string"\n  default = true', "true"),
        ('type = "list"\n  default = [1]', [1]),
        ("type = map(object({ n = optional(number, 3) }))\n  default = { k = {} }", {"k": {"n": 3}}),
        (
            'type = object({ a = optional(object({ b = optional(string, "deep") }), {}) })\n  default = {}',
            {"a": {"b": "deep"}},
        ),
    ],
)
def test_defaults_are_converted(tmp_path: Path, declaration: str, expected: object) -> None:
    found = evaluated(tmp_path, "[var.x]", f'variable "x" {{\n  {declaration}\n}}')
    assert isinstance(found.raw, tuple)
    assert data(collect(tmp_path), "aws_x.test", "value[0]") == expected


def test_null_for_a_variable_that_is_not_nullable_means_its_default(tmp_path: Path) -> None:
    code = """
    variable "strict" {
      nullable = false
      default  = "d"
    }
    variable "loose" {
      default = "d"
    }
    resource "aws_x" "a" {
      strict = var.strict
      loose  = var.loose
    }
    """
    inventory = collect(tmp_path, {"main.tf": code, "terraform.tfvars": "strict = null\nloose = null\n"})
    assert data(inventory, "aws_x.a", "strict") == "d"
    assert value(inventory, "aws_x.a", "loose").is_absent


@pytest.mark.parametrize(
    ("declaration", "given"),
    [
        ("type = number", '"many"'),
        ("type = list(string)", '"one"'),
        ("type = object({ a = string })", "{}"),
        ("type = strange", "1"),
        ("type = list(", "[]"),
        ("type = tuple(string)", "[]"),
        ("type = object(string)", "{}"),
    ],
)
def test_a_value_that_does_not_fit_is_an_unknown_with_the_reason(tmp_path: Path, declaration: str, given: str) -> None:
    code = f'variable "x" {{\n  {declaration}\n}}\nresource "aws_x" "a" {{\n  value = var.x\n}}\n'
    raw = value(collect(tmp_path, {"main.tf": code, "terraform.tfvars": f"x = {given}\n"}), "aws_x.a", "value").raw
    assert isinstance(raw, Unknown)
    assert raw.reason is Reason.ERROR


def test_a_variable_without_value_is_unset_and_says_so(tmp_path: Path) -> None:
    raw = value(collect(tmp_path, USER), "aws_x.a", "value").raw
    assert raw == Unknown(Reason.UNSET_VARIABLE, "var.x has no value")


def test_values_for_variables_that_nobody_declares_are_told(tmp_path: Path) -> None:
    inventory = collect(tmp_path, {"main.tf": USER, "terraform.tfvars": "x = 1\ny = 2\n"}, variables={"z": "3"})
    assert data(inventory, "aws_x.a", "value") == 1
    assert [(found.level, found.what) for found in inventory.notifications] == [
        (Level.WARNING, "no root module has a variable z, for which a value is given")
    ]


def test_values_of_the_command_line_are_placed_where_they_are_used(tmp_path: Path) -> None:
    code = 'variable "x" { type = list(string) }\nresource "aws_x" "a" {\n  value = var.x\n}\n'
    inventory = collect(tmp_path, code, variables={"x": '["a", "b"]'})
    assert span(value(inventory, "aws_x.a", "value[1]")) == "main.tf:3:3-3:16"
    assert chain(value(inventory, "aws_x.a", "value")) == ["var.x None"]
