"""Policy documents as the AWS provider 5.100.0 puts them together (recorded), and what is known of unknown ones."""

import json
from pathlib import Path
from shutil import copytree

import pytest
from tf_project import collect, data, references, resource, span, value

from scanner.model.value import Unknown

RECORDED = Path(__file__).parent / "recorded_policies"
DOCUMENTS = json.loads((RECORDED / "documents.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", DOCUMENTS)
@pytest.mark.parametrize("form", ["json", "minified_json"])
def test_a_document_is_the_one_that_the_provider_renders(tmp_path: Path, name: str, form: str) -> None:
    text = f'resource "aws_x" "user" {{\n  policy = data.aws_iam_policy_document.{name}.{form}\n}}\n'
    inventory = collect(copytree(RECORDED, tmp_path / "module"), {"user.tf": text})
    assert value(inventory, "aws_x.user", "policy").raw == DOCUMENTS[name][form]


PARTLY = """
variable "account" {}
resource "aws_s3_bucket" "b" {}
data "aws_iam_policy_document" "p" {
  statement {
    sid       = "Read"
    actions   = ["s3:GetObject"]
    resources = ["${aws_s3_bucket.b.arn}/*", "fixed"]
    principals {
      type        = "AWS"
      identifiers = [var.account]
    }
  }
  statement {
    effect  = "Deny"
    actions = ["s3:*"]
    condition {
      test     = "Bool"
      variable = "aws:SecureTransport"
      values   = [false]
    }
  }
}
resource "aws_s3_bucket_policy" "p" {
  policy = data.aws_iam_policy_document.p.json
}
"""


def test_a_document_with_unknown_parts_is_known_in_part(tmp_path: Path) -> None:
    inventory = collect(tmp_path, PARTLY)
    address = "aws_s3_bucket_policy.p"
    assert value(inventory, address, "policy").is_unknown
    expected = {
        "Version": "2012-10-17",
        "Statement[0].Sid": "Read",
        "Statement[0].Effect": "Allow",
        "Statement[0].Action": "s3:GetObject",
        "Statement[0].Resource[1]": "fixed",
        "Statement[1].Effect": "Deny",
        'Statement[1].Condition.Bool["aws:SecureTransport"]': "false",
    }
    assert {path: data(inventory, address, f"policy.{path}") for path in expected} == expected | {
        'Statement[1].Condition.Bool["aws:SecureTransport"]': False
    }
    assert value(inventory, address, "policy.Statement[0].Principal.AWS").is_unknown
    assert references(value(inventory, address, "policy.Statement[0].Resource[0]")) == {"aws_s3_bucket.b.arn"}
    everything = {"aws_s3_bucket.b.arn", "data.aws_iam_policy_document.p.json"}
    assert references(value(inventory, address, "policy")) == everything


def test_members_are_placed_at_their_arguments(tmp_path: Path) -> None:
    inventory = collect(tmp_path, PARTLY)
    address = "aws_s3_bucket_policy.p"
    assert span(value(inventory, address, "policy.Statement[1].Effect")) == "main.tf:14:5-14:21"
    assert span(value(inventory, address, "policy.Statement[1].Action")) == "main.tf:15:16-15:22"
    assert span(value(inventory, address, "policy.Statement[0].Effect")) == "main.tf:4:3-4:14"


@pytest.mark.parametrize(
    ("argument", "known", "unknown"),
    [
        ("source_policy_documents = [var.u]", ["policy.Statement[1].Action"], ["policy.Statement[0].Action"]),
        ("source_policy_documents = var.u", ["policy.Statement[1].Action"], ["policy.Statement[0].Action"]),
        ("override_policy_documents = [var.u]", [], ["policy.Statement"]),
        ('source_policy_documents = ["no json"]', ["policy.Statement[1].Action"], ["policy.Statement[0].Action"]),
        ("version = var.u", ["policy.Statement[0].Action"], ["policy.Version"]),
    ],
)
def test_unknown_documents_hide_only_what_they_may_change(
    tmp_path: Path, argument: str, known: list[str], unknown: list[str]
) -> None:
    text = f"""
    variable "u" {{}}
    data "aws_iam_policy_document" "p" {{
      {argument}
      statement {{
        sid     = "Own"
        actions = ["s3:*"]
      }}
    }}
    resource "aws_x" "a" {{
      policy = data.aws_iam_policy_document.p.json
    }}
    """
    inventory = collect(tmp_path, text)
    assert [path for path in known if data(inventory, "aws_x.a", path) != "s3:*"] == []
    assert [path for path in unknown if not value(inventory, "aws_x.a", path).is_unknown] == []


def test_statements_over_something_unknown_are_unknown(tmp_path: Path) -> None:
    text = """
    variable "u" {}
    data "aws_iam_policy_document" "p" {
      dynamic "statement" {
        for_each = var.u
        content {}
      }
    }
    resource "aws_x" "a" {
      policy = data.aws_iam_policy_document.p.json
    }
    """
    inventory = collect(tmp_path, text)
    assert value(inventory, "aws_x.a", "policy.Statement[0].Effect").is_unknown


def test_a_template_file_is_rendered(tmp_path: Path) -> None:
    text = """
    data "template_file" "t" {
      template = "hello $${name}"
      vars     = { name = "you" }
    }
    resource "aws_x" "a" {
      text = data.template_file.t.rendered
    }
    """
    assert data(collect(tmp_path, text), "aws_x.a", "text") == "hello you"


def test_a_region_that_the_code_does_not_say_is_unknown(tmp_path: Path) -> None:
    text = 'data "aws_region" "r" {}\nresource "aws_x" "a" {\n  region = data.aws_region.r.name\n}\n'
    raw = value(collect(tmp_path, text), "aws_x.a", "region").raw
    assert isinstance(raw, Unknown)
    assert resource(collect(tmp_path), "data.aws_region.r").attributes.raw == {}
