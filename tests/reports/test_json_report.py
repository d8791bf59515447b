"""The JSON report keeps its published names."""

import json
from dataclasses import replace
from pathlib import Path

import jsonschema
import pytest
import report_sample as sample

from scanner.model.finding import Verdict
from scanner.model.rule import Text
from scanner.reports import json_report

SCHEMA = json.loads((Path(__file__).parents[2] / "scanner/schemas/report.schema.json").read_text(encoding="utf-8"))


def test_schema_itself_is_valid():
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


def test_report_fits_the_published_schema():
    jsonschema.validate(json.loads(json_report.render(sample.report())), SCHEMA)


def test_whole_report(golden):
    golden("report.json", json_report.render(sample.report()))


def test_every_finding_stands_on_a_line_of_its_own():
    report = sample.report()
    lines = [line for line in json_report.render(report).splitlines() if line.startswith('{"requirement"')]
    assert len(lines) == len(report.findings)
    assert json.loads(lines[-1].rstrip(","))["verdict"] == "review"


def test_pieces_make_the_whole():
    report = sample.report()
    assert "".join(json_report.chunks(report)) == json_report.render(report)


def test_no_findings_is_still_json():
    data = json.loads(json_report.render(replace(sample.report(), findings=[], notifications=[])))
    assert data["findings"] == []
    assert data["run"]["complete"] is True
    assert data["summary"]["fail"] == 0


def test_only_leaves_out_findings_but_not_their_count():
    data = json.loads(json_report.render(sample.report(), only=[Verdict.FAIL]))
    assert {finding["verdict"] for finding in data["findings"]} == {"fail"}
    assert data["summary"]["pass"] == 1


@pytest.mark.parametrize("name", ["\x1b[31m", "\x7f", "\x9b", "\u202e", "\U000e0041", "\udcff", "\u2028"])
def test_what_terminals_obey_is_escaped_and_reads_back_the_same(name):
    report = replace(sample.report(), findings=[replace(sample.multi_az(), message=Text(name, name))])
    text = json_report.render(report)
    text.encode("utf-8")
    assert name not in text
    assert json.loads(text)["findings"][0]["message"]["en"] == name


def test_korean_stays_readable():
    assert "데이터베이스의 다중 가용 영역 구성" in json_report.render(sample.report())
