"""JUnit, GitLab, CSV, Markdown and GitHub annotations: whole, safe against hostile names, and honest about verdicts."""

import csv
import io
import json
import re
from dataclasses import replace
from xml.etree import ElementTree

import pytest
import report_sample as sample

from scanner.cli.output import FORMATS as NAMES
from scanner.model.finding import Enforce, ResourceRef, Verdict
from scanner.model.location import Location
from scanner.model.rule import Text
from scanner.reports import csv_report, github, gitlab, junit, markdown
from scanner.reports.formats import FORMATS, View

HOSTILE = "a\x00\x1b[31m\"'<script>alert(1)</script>]]>|`x`\r\n::error::%0A,=1+1\u202eb\udc80"


def hostile():
    """The sample, with names that would like to be more than names."""
    report = sample.report()
    report.findings = [
        replace(
            finding,
            message=Text(HOSTILE, HOSTILE),
            title=Text(HOSTILE, HOSTILE),
            section=HOSTILE,
            reason=Text(HOSTILE, HOSTILE) if finding.reason else None,
            resource=ResourceRef("aws_s3_bucket", HOSTILE, "terraform"),
            location=Location(HOSTILE, 1, 1, 1, 2),
            actual=HOSTILE,
            component=HOSTILE,
        )
        for finding in report.findings
    ]
    return report


def test_the_command_line_names_every_format():
    assert tuple(FORMATS) == NAMES


@pytest.mark.parametrize("name", [name for name in NAMES if name not in ("text", "json", "sarif", "html")])
@pytest.mark.parametrize("language", ["en", "ko"])
def test_whole_report(golden, name, language):
    golden(f"{name}-{language}.txt", FORMATS[name](sample.report(), View(language)).replace("\r\n", "\n"))


@pytest.mark.parametrize("name", NAMES)
def test_hostile_names_stay_names(name):
    written = FORMATS[name](hostile(), View())
    assert not set(written) & set("\x00\x1b\u202e")
    assert "�" not in written or name == "junit"
    written.encode("utf-8")


@pytest.mark.parametrize("name", NAMES)
def test_an_empty_report(name):
    FORMATS[name](replace(sample.report(), findings=[], notifications=[], rules={}), View())


# JUnit


def suites(report=None, **options):
    return ElementTree.fromstring(junit.render(report or sample.report(), **options))


def test_junit_counts_what_it_lists():
    root = suites()
    cases = list(root.iter("testcase"))
    for tag, name in {"failure": "failures", "error": "errors", "skipped": "skipped"}.items():
        assert int(root.get(name)) == len(list(root.iter(tag))) == sum(int(suite.get(name)) for suite in root)
    assert int(root.get("tests")) == len(cases)


def test_only_a_pass_is_green():
    report = sample.report()
    root = suites(report, only=list(Verdict))
    green = [case for case in root.iter("testcase") if len(case) == 0]
    assert len(green) == sum(finding.verdict is Verdict.PASS for finding in report.findings) > 0
    assert len(list(root.iter("failure"))) == sum(finding.violates for finding in report.findings)


def test_what_was_not_read_is_an_error():
    (error,) = suites().iter("error")
    assert "module not found" in error.get("message")


def test_advice_and_waivers_are_skipped_with_their_reason():
    advised = replace(sample.multi_az(), enforce=Enforce.ADVISORY)
    report = replace(sample.report(), findings=[advised, sample.buckets()[3]], notifications=[])
    texts = [skipped.get("message") for skipped in suites(report).iter("skipped")]
    assert texts[0].startswith("advisory: ")
    assert "data-team" in texts[1]


def test_hostile_names_are_still_xml():
    (name, *_) = {case.get("name") for case in suites(hostile()).iter("testcase") if "script" in case.get("name")}
    assert "<script>" in name


# GitLab


def test_gitlab_has_the_fields_that_it_asks_for_and_no_fingerprint_twice():
    issues = json.loads(gitlab.render(sample.report()))
    for issue in issues:
        assert {"description", "check_name", "fingerprint", "severity", "location"} == set(issue)
        assert issue["location"]["path"]
        assert issue["location"]["lines"]["begin"] >= 1
        assert issue["severity"] in ("info", "minor", "major", "critical", "blocker")
    prints = [issue["fingerprint"] for issue in issues]
    assert len(set(prints)) == len(prints)


def test_gitlab_leaves_out_what_is_waived_and_makes_little_of_advice():
    advised = replace(sample.multi_az(), enforce=Enforce.ADVISORY)
    report = replace(sample.report(), findings=[advised, sample.buckets()[3]])
    (issue,) = json.loads(gitlab.render(report))
    assert issue["severity"] == "info"


# CSV


def test_csv_reads_back():
    report = sample.report()
    written = csv_report.render(report)
    assert written.startswith("\ufeff")
    rows = list(csv.DictReader(io.StringIO(written.removeprefix("\ufeff"))))
    assert [row["fingerprint"] for row in rows] == [finding.fingerprint for finding in report.findings]
    assert [row["verdict"] for row in rows] == [finding.verdict.value for finding in report.findings]
    assert rows[3]["waived_until"] == "2026-03-31"


@pytest.mark.parametrize("begin", "=+-@")
def test_no_cell_is_a_formula(begin):
    finding = replace(sample.multi_az(), actual=f"{begin}cmd|' /C calc'!A0")
    text = csv_report.render(replace(sample.report(), findings=[finding]))
    assert f"'{begin}cmd" in text


def test_a_negative_number_stays_a_number():
    finding = replace(sample.multi_az(), actual=-1)
    assert ",-1," in csv_report.render(replace(sample.report(), findings=[finding]))


# Markdown


def test_a_comment_fits_whatever_happens():
    finding = sample.multi_az()
    many = [replace(finding, requirement=f"EX-{number}", message=Text("x" * 400, "x" * 400)) for number in range(900)]
    text = markdown.render(replace(sample.report(), findings=many))
    assert len(text) < 65_536
    assert "and 7" in text or "and 8" in text


def test_the_first_line_names_the_report():
    assert markdown.render(sample.report()).startswith("<!-- asbuilt example-production -->\n")


def test_no_name_ends_the_comment_or_the_table():
    report = replace(hostile(), baselines=["x --> <b>", "--"])
    text = markdown.render(report)
    assert "<script>" not in re.sub(r"(`+) .*? \1(?!`)", "", text).replace("\\<script", "")
    assert text.split("\n")[0].count("-->") == 1
    table = [line for line in text.split("\n") if line.startswith("| ")]
    cells = {len(line.replace("\\|", "").strip("| ").split(" | ")) for line in table}
    assert cells <= {3, 4}


# GitHub


def test_annotations_are_commands_of_one_line():
    for line in github.render(hostile()).splitlines():
        assert line.startswith(("::error ", "::warning ", "::notice "))
        assert line.count("::error::") == 0 or "%3A%3A" in line or line.index("::") == 0


def test_the_most_severe_come_first_and_the_rest_is_counted():
    finding = sample.multi_az()
    many = [replace(finding, requirement=f"EX-{number}") for number in range(github.LIMIT + 3)]
    lines = github.render(replace(sample.report(), findings=[*many, sample.password()], notifications=[])).splitlines()
    assert "EX-DB-002" in lines[0]
    assert len(lines) == github.LIMIT + 1
    assert "4 more" in lines[-1]


def test_what_is_waived_is_not_annotated():
    assert github.render(replace(sample.report(), findings=[sample.buckets()[3]], notifications=[])) == ""
