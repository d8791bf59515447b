"""Running the examples of policies: what is reported where an example does not come out as it says."""

from __future__ import annotations

import json

import pytest
from definition_files import POLICY

from scanner.errors import DefinitionError
from scanner.examples import combined, run_examples
from scanner.facts import load_facts
from scanner.model.finding import Verdict
from scanner.policy.library import Library

HEAD = POLICY[: POLICY.index("examples:")].replace("test_database", "aws_db_instance").replace(
    "path: name, op: exists", "path: identifier, op: exists"
).replace("path: backup_days", "path: backup_retention_period")  # fmt: skip
RIGHT = 'resource "aws_db_instance" "db" {\n  identifier = "db"\n  backup_retention_period = 7\n}\n'


@pytest.fixture
def run(run_text):
    return lambda expect, terraform, **more: run_text(HEAD, {"expect": expect, "terraform": terraform, **more})


@pytest.fixture
def run_text(tmp_path):
    def results(head, example):
        text = f"{head}examples:\n  - {json.dumps({'name': 'one', **example})}\n"
        (tmp_path / "backup-days.yaml").write_text(text, "utf-8")
        return run_examples(Library.load([tmp_path], load_facts(), cache=False), load_facts())

    return results


def test_an_example_that_is_right(run):
    (result,) = run("pass", RIGHT)
    assert (result.ok, result.verdict, result.example.id) == (True, Verdict.PASS, "backup-days: one")
    assert len(result.findings) == 1


def test_another_verdict_than_expected(run):
    (result,) = run("pass", RIGHT.replace("= 7", "= 3"))
    assert result.problems == (
        "is fail, expected pass\n  aws_db_instance.db: backup_retention_period is 3, expected at least 7",
    )


def test_a_finding_at_another_line_than_marked(run):
    (result,) = run("fail", RIGHT.replace("= 7", "= 3").replace('"db" {', '"db" { # here'))
    assert result.problems[0].startswith("points at line 3, marked with `# here` is line 1\n")


def test_a_line_that_is_not_marked(run):
    (result,) = run("fail", RIGHT.replace("= 7", "= 3"))
    assert result.problems[0].startswith("points at line 3, marked with `# here` is nothing\n")


def test_every_marked_line_must_be_pointed_at(run):
    text = RIGHT.replace("= 7", "= 3 # here") + RIGHT.replace('"db" {', '"ok" { // here')
    (result,) = run("fail", text)
    assert result.problems[0].startswith("points at line 3, marked with `# here` is lines 3, 5\n")


def test_nothing_selected_is_not_applicable(run):
    assert run("not_applicable", 'resource "aws_sqs_queue" "q" {}')[0].ok


def test_only_one_resource_may_count(run):
    two = RIGHT + RIGHT.replace('"db" {', '"other" {').replace("= 7", "= 1")
    assert not run("pass", two)[0].ok
    assert run("pass", two, only="aws_db_instance.db")[0].ok


def test_a_resource_that_does_not_exist_cannot_count(run):
    (result,) = run("not_applicable", RIGHT, only="aws_db_instance.gone")
    assert result.problems == ("no finding about aws_db_instance.gone",)


def test_text_that_cannot_be_read_is_a_problem(run):
    (result,) = run("pass", RIGHT + "resource {{{\n")
    assert any(problem.startswith("cannot be read: ") for problem in result.problems)


def test_arguments_of_an_example(run):
    assert run("pass", RIGHT.replace("= 7", "= 1"), params={"min_days": 1})[0].ok


@pytest.mark.parametrize(
    ("verdicts", "expected"),
    [
        ("pass fail unknown", "fail"),
        ("pass unknown", "unknown"),
        ("pass not_applicable", "pass"),
        ("not_applicable", "not_applicable"),
        ("", "not_applicable"),
    ],
)
def test_the_verdict_over_several_findings(verdicts, expected):
    class Finding:
        def __init__(self, verdict):
            self.verdict = Verdict(verdict)

    assert combined([Finding(item) for item in verdicts.split()]) is Verdict(expected)


def head(type_, name, figure):
    """The same policy for another type."""
    return (
        HEAD.replace("aws_db_instance", type_)
        .replace("path: identifier", f"path: {name}")
        .replace("path: backup_retention_period", f"path: {figure}")
    )


DEPLOYMENT = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: a}\nspec:\n  replicas: 3 # here\n"
FORMATS = {
    "kubernetes": ("apps/v1/Deployment", "metadata.name", "spec.replicas", DEPLOYMENT),
    "ecs": ("aws_ecs_service", "name", "desired_count", '{"serviceName": "a", "desiredCount": 3}'),
    "compose": (
        "compose_service",
        "name",
        "deploy.replicas",
        "services:\n  a:\n    image: x\n    deploy:\n      replicas: 3 # here\n",
    ),
    "dockerfile": (
        "dockerfile",
        "final.base",
        "final.healthcheck.retries",
        "FROM x\nHEALTHCHECK --retries=3 CMD x # here\n",
    ),
    "workflow": (
        "github_workflow",
        "jobs",
        "jobs.a.timeout-minutes",
        "on: push\njobs:\n  a:\n    timeout-minutes: 3 # here\n    steps: []\n",
    ),
    "prometheus": (
        "prometheus_config",
        "scrape_configs",
        "global.figure",
        "global:\n  figure: 3 # here\nscrape_configs: [{}]\n",
    ),
    "alertmanager": (
        "alertmanager_config",
        "receivers",
        "global.figure",
        "global:\n  figure: 3 # here\nroute: {}\nreceivers: [{name: a}]\n",
    ),
    "env_file": ("env_file", "variables", "variables.FIGURE", "FIGURE=3 # here\n"),
}


@pytest.mark.parametrize("key", FORMATS)
def test_examples_in_every_format(key, run_text):
    type_, name, figure, text = FORMATS[key]
    (wrong,) = run_text(head(type_, name, figure), {"expect": "fail", key: text})
    assert wrong.problems == ()
    assert wrong.verdict is Verdict.FAIL
    (right,) = run_text(
        head(type_, name, figure), {"expect": "pass", key: text.replace("3", "9").replace(" # here", "")}
    )
    assert right.problems == ()


def test_an_example_may_be_of_several_files(run_text):
    other = "on: push\njobs: {}\n"
    given = {"expect": "fail", "kubernetes": DEPLOYMENT.replace(" # here", ""), "workflow": other + "# here\n"}
    (result,) = run_text(head("apps/v1/Deployment", "metadata.name", "spec.replicas"), given)
    expected = "points at line manifest.yaml:5, marked with `# here` is line .github/workflows/deploy.yml:3\n"
    assert result.problems[0].startswith(expected)


def test_an_example_without_text_is_refused(run_text):
    with pytest.raises(DefinitionError, match=r"one of terraform, kubernetes, ecs, .* is missing"):
        run_text(HEAD, {"expect": "pass"})
