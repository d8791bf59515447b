"""Terraform's JSON syntax means what the same code in HCL means."""

import json
from pathlib import Path

import pytest
from tf_project import chain, collect, data, problems, references, resource, span, value

CODE = """{
  "//": "a comment",
  "variable": {
    "size": {"type": "object({ a = string, b = optional(number, 3) })", "default": {"a": "${literal}"}},
    "unset": {}
  },
  "locals": {"x": "${var.size.b + 1}", "list": ["a", "${var.size.a}-z"]},
  "provider": {"aws": [{"region": "r1"}, {"alias": "dr", "region": "r2"}]},
  "terraform": {"backend": {"s3": {"bucket": "state"}}, "required_version": ">= 1.0"},
  "resource": {
    "aws_x": {
      "a": {
        "name": "n-${local.x}",
        "provider": "aws.dr",
        "tags": {"이름": "${local.list[1]}", "//": "no tag"},
        "count": 2,
        "rule": [{"port": 80}, {"port": "${local.x}"}],
        "dynamic": {"made": {"for_each": ["p", "q"], "content": {"name": "${made.value}"}}},
        "lifecycle": {"ignore_changes": ["tags"], "prevent_destroy": true},
        "depends_on": ["aws_x.b"]
      },
      "b": [{"name": "%{ if true }yes%{ endif }", "escaped": "$${x}", "ref": "${aws_x.a[0].id}"}]
    }
  },
  "data": {"aws_ami": {"i": {"owners": ["self"]}}},
  "module": {"m": {"source": "./m", "value": "${aws_x.b.name}", "providers": {"aws": "aws.dr"}}},
  "output": {"o": {"value": "${aws_x.a[*].name}"}}
}
"""
CHILD = json.dumps(
    {"variable": {"value": {}}, "resource": {"aws_y": {"y": {"value": "${var.value}"}}}, "output": {"v": {"value": 1}}}
)


@pytest.fixture
def inventory(tmp_path: Path):
    return collect(tmp_path, {"main.tf.json": CODE, "m/main.tofu.json": CHILD})


def test_blocks_labels_and_templates(inventory) -> None:
    assert problems(inventory) == []
    expected = {
        "name": "n-4",
        "tags": {"이름": "${literal}-z"},
        "rule": [{"port": 80}, {"port": 4}],
        "made": [{"name": "p"}, {"name": "q"}],
        "lifecycle.ignore_changes": ["tags"],
        "lifecycle.prevent_destroy": True,
        "depends_on": ["aws_x.b"],
        "provider.region": "r2",
    }
    assert {path: data(inventory, "aws_x.a[1]", path) for path in expected} == expected
    assert data(inventory, "aws_x.b", "name") == "yes"
    assert data(inventory, "aws_x.b", "escaped") == "${x}"
    assert references(value(inventory, "aws_x.b", "ref")) == {"aws_x.a[0].id"}
    assert data(inventory, "terraform.backend", "bucket") == "state"
    assert data(inventory, "data.aws_ami.i", "owners") == ["self"]


def test_modules_and_providers(inventory) -> None:
    assert data(inventory, "module.m.aws_y.y", "value") == "yes"
    assert data(inventory, "module.m.aws_y.y", "provider.region") == "r2"


def test_places_are_exact(inventory) -> None:
    assert span(value(inventory, "aws_x.a[0]", "name")) == "main.tf.json:13:9-13:31"
    assert span(value(inventory, "aws_x.a[0]", "rule[0].port")) == "main.tf.json:17:19-17:29"
    assert span(value(inventory, "aws_x.a[0]", 'tags["이름"]')) == "main.tf.json:7:54-7:71"
    assert str(resource(inventory, "aws_x.a[0]").location) == "main.tf.json:12:7"
    assert chain(value(inventory, "aws_x.a[0]", "rule[1].port")) == [
        "local.x main.tf.json:7:14",
        "var.size main.tf.json:4:73",
    ]


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("{", "x.tf.json:1:2"),
        ('{"a": }', "x.tf.json:1:7"),
        ('{"a": 1,}', "x.tf.json:1:8"),
        ('{"a" 1}', "x.tf.json:1:6"),
        ('{\n  "a": "x\n}', "x.tf.json:2:8"),
        ('{"a": tru}', "x.tf.json:1:7"),
        ('{"a": 01}', "x.tf.json:1:8"),
        ("{} {}", "x.tf.json:1:4"),
        ('"text"', "x.tf.json:1:1"),
        ('{"a": "\\x"}', "x.tf.json:1:7"),
        ("", "x.tf.json:1:1"),
    ],
)
def test_broken_json_is_a_notification_with_its_place(tmp_path: Path, text: str, place: str) -> None:
    files = {"x.tf.json": text, "main.tf": 'resource "aws_x" "a" {}\n'}
    inventory = collect(tmp_path, files)
    assert [found.address for found in inventory.resources] == ["aws_x.a"]
    assert len(problems(inventory)) == 1
    assert problems(inventory)[0].startswith(f"{place}: JSON syntax error")


@pytest.mark.parametrize(
    "code",
    [
        {"resource": "no"},
        {"resource": {"aws_x": "no"}},
        {"resource": {"aws_x": {"a": "no"}}},
        {"resource": {"aws_x": {"a": {"v": "${"}}}},
        {"resource": {"aws_x": {"a": {"v": "${a b}"}}}},
        {"resource": {"aws_x": {"a": {"dynamic": {"x": {"for_each": 1}}}}}},
        {"locals": ["no", {"a": 1}], "variable": {"x": {"type": "no type", "default": 1}}},
        {"module": {"m": {}}, "terraform": {"backend": {}}},
        [{"resource": {"aws_x": {"a": {}}}}, {"resource": {"aws_x": {"b": {}}}}],
    ],
)
def test_odd_documents_do_not_crash(tmp_path: Path, code: object) -> None:
    inventory = collect(tmp_path, {"main.tf.json": json.dumps(code)})
    for found in inventory.resources:
        found.lookup("v")
        found.lookup("x")


def test_variable_files_in_json_are_literal(tmp_path: Path) -> None:
    files = {
        "main.tf": 'variable "x" {}\nresource "aws_x" "a" {\n  value = var.x\n}\n',
        "terraform.tfvars.json": '{\n  "x": {"text": "${not}", "//": 1.50, "list": [true, null]}\n}\n',
    }
    inventory = collect(tmp_path, files)
    assert data(inventory, "aws_x.a", "value") == {"text": "${not}", "//": 1.5, "list": [True, None]}
    assert span(value(inventory, "aws_x.a", "value.list")) == "terraform.tfvars.json:2:39-2:59"
