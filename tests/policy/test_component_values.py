"""`value: {component: …}` and `as: template`: the resource behind a value, and what is known of a text."""

from __future__ import annotations

from pathlib import Path

import pytest

from scanner.errors import DefinitionError
from scanner.facts import load_facts
from scanner.policy.baseline import Baseline
from scanner.policy.evaluate import evaluate_baseline
from scanner.policy.library import Library
from scanner.policy.read_baseline import read_baseline
from scanner.sources.terraform import TerraformOptions, TerraformSource

FACTS = load_facts()
BASELINE = """
baseline: shop
document: {title: Shop, original_title: Shop, version: "1.0", date: "2025-01-31"}
components:
  app: {type: aws_lambda_function, match: [{function_name: app}], title: {en: Application, ko: 애플리케이션}}
  groups: {type: aws_security_group, many: true, match: [{name: "app-*"}], title: {en: Groups, ko: 보안 그룹}}
  topic: {type: aws_sns_topic, match: [{name: alerts}], title: {en: Topic, ko: 토픽}}
requirements:
  - id: SHOP-001
    section: "1"
    title: {en: The rule, ko: 규칙}
    severity: high
    category: network
    component: app
    assert: [ASSERTION]
"""
GROUPS = """
resource "aws_security_group" "app" {
  for_each = toset(["app-a", "app-b"])
  name     = each.key
}
resource "aws_security_group" "other" {
  name = "other"
}
resource "aws_sns_topic" "alerts" {
  name = "alerts"
}
data "aws_caller_identity" "current" {}
"""


def baseline(assertion: str) -> Baseline:
    text = BASELINE.replace("ASSERTION", assertion)
    return read_baseline(text, "shop.yaml", Library.load([], FACTS, cache=False), FACTS)


def verdict(directory: Path, assertion: str, attributes: str) -> str:
    """The verdict about a function with `attributes`, beside the resources of GROUPS."""
    function = f'resource "aws_lambda_function" "app" {{\n  function_name = "app"\n{attributes}\n}}\n'
    (directory / "main.tf").write_text(function + GROUPS, "utf-8")
    inventory = TerraformSource([directory], TerraformOptions(), directory).collect()
    (finding,) = evaluate_baseline(baseline(assertion), inventory, FACTS)
    return finding.verdict.value


def attached(groups: str) -> str:
    return f"  vpc_config {{\n    subnet_ids = []\n    security_group_ids = {groups}\n  }}"


BOTH = '[aws_security_group.app["app-a"].id, aws_security_group.app["app-b"].id]'


@pytest.mark.parametrize(
    ("op", "groups", "expected"),
    [
        ("exactly", BOTH, "pass"),
        ("exactly", "values(aws_security_group.app)[*].id", "pass"),
        ("exactly", '[aws_security_group.app["app-a"].id]', "fail"),
        ("exactly", f"concat({BOTH}, [aws_security_group.other.id])", "fail"),
        ("exactly", '["sg-0123456789abcdef0"]', "unknown"),
        ("exactly", f'concat({BOTH}, ["sg-0123456789abcdef0"])', "fail"),
        ("exactly", "var.groups", "unknown"),
        ("exactly", "[]", "fail"),
        ("subset", '[aws_security_group.app["app-a"].id]', "pass"),
        ("subset", "[aws_security_group.other.id]", "fail"),
        ("subset", '[aws_security_group.app["app-a"].id, var.group]', "unknown"),
        ("contains", f"concat({BOTH}, [aws_security_group.other.id])", "pass"),
        ("contains", "[aws_security_group.other.id]", "fail"),
        ("contains", "[aws_security_group.other.id, var.group]", "unknown"),
        ("contains_all", f"concat({BOTH}, [aws_security_group.other.id])", "pass"),
        ("contains_all", '[aws_security_group.app["app-b"].id]', "fail"),
        ("equals", '[aws_security_group.app["app-b"].id]', "pass"),
    ],
)
def test_elements_count_by_the_resource_that_they_refer_to(tmp_path: Path, op: str, groups: str, expected: str) -> None:
    assertion = f"{{path: vpc_config.security_group_ids, op: {op}, value: {{component: groups}}}}"
    variables = 'variable "groups" {}\nvariable "group" {}\n'
    (tmp_path / "variables.tf").write_text(variables, "utf-8")
    assert verdict(tmp_path, assertion, attached(groups)) == expected


@pytest.mark.parametrize(
    ("arn", "expected"),
    [
        ("aws_sns_topic.alerts.arn", "pass"),
        ('"arn:aws:sns:eu-west-1:111122223333:alerts"', "pass"),
        ('"arn:aws:sns:eu-west-1:${data.aws_caller_identity.current.account_id}:alerts"', "pass"),
        ('"arn:aws:sns:eu-west-1:${data.aws_caller_identity.current.account_id}:other"', "fail"),
        ("aws_security_group.other.arn", "fail"),
    ],
)
def test_an_arn_names_the_resource_that_it_ends_with(tmp_path: Path, arn: str, expected: str) -> None:
    assertion = "{path: dead_letter_config.target_arn, op: equals, value: {component: topic}}"
    assert verdict(tmp_path, assertion, f"  dead_letter_config {{\n    target_arn = {arn}\n  }}") == expected


def test_an_absent_attribute_names_no_member(tmp_path: Path) -> None:
    assert verdict(tmp_path, "{path: kms_key_arn, op: equals, value: {component: topic}}", "") == "fail"


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ('"https://${aws_sns_topic.alerts.id}.example.com:443"', "pass"),
        ('format("https://%s.example.com:%d", aws_sns_topic.alerts.id, 443)', "pass"),
        ('"http://${aws_sns_topic.alerts.id}.example.com:443"', "fail"),
        ('"https://${var.host}.example.com:443"', "unknown"),
        ('upper("https://${aws_sns_topic.alerts.id}.example.com:443")', "unknown"),
        ('"https://known.example.com:443"', "fail"),
    ],
)
def test_a_template_is_decided_by_what_is_known_of_it(tmp_path: Path, url: str, expected: str) -> None:
    (tmp_path / "variables.tf").write_text('variable "host" {}\n', "utf-8")
    assertion = (
        "{path: environment.variables.URL, op: matches, as: template, "
        r"value: '^https://\$\{aws_sns_topic\.alerts\.id\}\.example\.com:443$'}"
    )
    attributes = f"  environment {{\n    variables = {{ URL = {url} }}\n  }}"
    assert verdict(tmp_path, assertion, attributes) == expected


def test_a_part_of_an_unknown_text_has_no_text_of_its_own(tmp_path: Path) -> None:
    assertion = "{path: environment.variables.URL, op: matches, as: template, value: '^x'}"
    attributes = "  environment {\n    variables = aws_sns_topic.alerts.tags_all\n  }"
    assert verdict(tmp_path, assertion, attributes) == "unknown"


def test_only_membership_compares_with_a_component() -> None:
    with pytest.raises(DefinitionError, match="cannot compare with a component"):
        baseline("{path: memory_size, op: gte, value: {component: topic}}")
    with pytest.raises(DefinitionError, match="topics"):
        baseline("{path: kms_key_arn, op: equals, value: {component: topics}}")
