"""Small resources that a policy adds beside the one that it judges."""

from __future__ import annotations

import pytest

from scanner.documents.edited import edited
from scanner.errors import DefinitionError
from scanner.facts import load_facts
from scanner.fixes.plan import Plan, make_plan
from scanner.model.finding import Verdict
from scanner.policy.policy import dump_policy, load_policy
from scanner.policy.read_policy import read_policy
from scanner.scan import Request, scan

BUCKET = 'resource "aws_s3_bucket" "logs" {\n  bucket = "logs" # 한글\n}\n'
VERSIONING = """
resource "aws_s3_bucket_versioning" "logs" {
  bucket = aws_s3_bucket.logs.id

  versioning_configuration {
    status = "Enabled"
  }
}
"""


def plan(directory, text: str, *policies: str) -> Plan:
    (directory / "main.tf").write_text(text, "utf-8")
    wanted = Request([directory], policies=policies)

    def trial(files):
        with edited({(directory / name).resolve(): data for name, data in files.items()}):
            return scan(wanted)

    return make_plan(scan(wanted), load_facts(), trial)


def test_it_is_added_behind_the_resource(tmp_path):
    made = plan(tmp_path, f"{BUCKET}# next\n", "s3-versioning")
    assert made.after["main.tf"].decode() == f"{BUCKET}{VERSIONING}# next\n"
    assert made.mended[0].description.en == "add aws_s3_bucket_versioning.logs"
    (tmp_path / "main.tf").write_bytes(made.after["main.tf"])
    assert plan(tmp_path, made.after["main.tf"].decode(), "s3-versioning").after == {}


def test_several_are_added_at_once(tmp_path):
    made = plan(tmp_path, BUCKET, "s3-versioning", "s3-public-access-block")
    text = made.after["main.tf"].decode()
    assert VERSIONING in text
    assert '\nresource "aws_s3_bucket_public_access_block" "logs" {\n' in text
    assert {finding.verdict for finding in made.report.findings} == {Verdict.PASS}


def test_each_instance_gets_one(tmp_path):
    text = 'resource "aws_s3_bucket" "logs" {\n  for_each = toset(["a", "b"])\n  bucket   = each.key\n}\n'
    made = plan(tmp_path, text, "s3-versioning")
    assert "{\n  for_each = aws_s3_bucket.logs\n\n  bucket = each.value.id\n" in made.after["main.tf"].decode()
    assert {finding.verdict for finding in made.report.findings} == {Verdict.PASS}


def test_what_is_written_already_is_changed_instead(tmp_path):
    text = BUCKET + VERSIONING.replace("Enabled", "Suspended")
    assert plan(tmp_path, text, "s3-versioning").after["main.tf"].decode() == BUCKET + VERSIONING


@pytest.mark.parametrize(
    "text",
    [
        BUCKET.replace("  bucket", "  count  = 2\n  bucket"),
        f'{BUCKET}resource "aws_s3_bucket_versioning" "logs" {{\n  bucket = "another"\n'
        '  versioning_configuration {\n    status = "Enabled"\n  }\n}\n',
    ],
)
def test_it_is_left_alone_where_it_would_not_fit(tmp_path, text):
    made = plan(tmp_path, text, "s3-versioning")
    assert made.after == {}
    assert {item.obstacle.name for item in made.left} == {"DECISION"}


POLICY = """\
id: bucket-versions
title: {{en: Versions, ko: 버전}}
severity: low
category: backup
description: {{en: Versions., ko: 버전.}}
remediation: {{en: Add it., ko: 추가.}}
params:
  status: {{type: string, default: Enabled, description: State}}
checks:
  - select: {{type: aws_s3_bucket}}
    assert: [{{referenced_by: {{resource: aws_s3_bucket_versioning, through: bucket}}}}]
    companion: |
      {companion}
examples:
  - {{name: one, expect: pass, terraform: "x"}}
"""


def test_it_may_use_parameters_and_is_kept_with_the_policy():
    lines = ['resource "aws_s3_bucket_versioning" "${label}" {', '  status = "${status}"', "  b = ${self}.id", "}"]
    text = POLICY.format(companion="\n      ".join(lines))
    policy = read_policy(text, "bucket-versions.yaml", load_facts())
    assert load_policy(dump_policy(policy)) == policy
    assert policy.checks[0].companion is not None


@pytest.mark.parametrize(
    ("companion", "said"),
    [
        ('resource "aws_s3_bucket_versioning" "x" {\n        b = ${self}.id\n      }', "refers to"),
        ('resource "aws_s3_bucket_versioning" "${label}" {\n      }', "refers to"),
        ('resource "aws_s3_bucket_version" "${label}" {\n        b = ${self}.id\n      }', "aws_s3_bucket_versioning"),
        ('resource "aws_s3_bucket_versioning" "${label}" {\n        b = "${self}${stat}"\n      }', "stat"),
    ],
)
def test_one_that_cannot_fit_is_an_error_of_the_policy(companion, said):
    with pytest.raises(DefinitionError, match=said):
        read_policy(POLICY.format(companion=companion), "bucket-versions.yaml", load_facts())
