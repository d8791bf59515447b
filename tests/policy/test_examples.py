"""Running the examples of policies: what is reported where an example does not come out as it says."""

from __future__ import annotations

import pytest
from definition_files import POLICY

from scanner.examples import combined, run_examples
from scanner.facts import load_facts
from scanner.model.finding import Verdict
from scanner.policy.library import Library

HEAD = POLICY[: POLICY.index("examples:")].replace("test_database", "aws_db_instance").replace(
    "path: name, op: exists", "path: identifier, op: exists"
).replace("path: backup_days", "path: backup_retention_period")  # fmt: skip
RIGHT = 'resource "aws_db_instance" "db" {\n  identifier = "db"\n  backup_retention_period = 7\n}\n'


@pytest.fixture
def run(tmp_path):
    def results(expect, terraform, **more):
        import json

        example = {"name": "one", "expect": expect, "terraform": terraform, **more}
        text = f"{HEAD}examples:\n  - {json.dumps(example)}\n"
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
