"""A JSON report read back is the report that was written, and anything else is one clear message."""

import copy
import json
from dataclasses import replace

import pytest
import report_sample as sample
from hypothesis import given
from hypothesis import strategies as st

from scanner.__main__ import main
from scanner.cli.output import FORMATS as NAMES
from scanner.errors import SourceError
from scanner.model.comparison import Comparison
from scanner.model.drift import Act, Drift, Meaning
from scanner.model.finding import ResourceRef
from scanner.model.location import Location
from scanner.reports import json_report
from scanner.reports.formats import FORMATS, View
from scanner.reports.read_json import read_report


def full_report():
    """The sample, and what only other commands write."""
    report = sample.report()
    code = ResourceRef("aws_db_instance", "aws_db_instance.main", "terraform", "production")
    account = ResourceRef("aws_db_instance", "aws_db_instance/main", "aws", "111122223333/ap-northeast-2")
    line = Drift(
        Meaning.CHANGED_BY_HAND, "aws_db_instance", "db", code, account, "multi_az", True, True, False,
        Location("production/main.tf", 3, 1, 3, 20), Act.ACCOUNT, "binding", ("EX-DB-001",),
    )  # fmt: skip
    return replace(
        report,
        drift=[line],
        identity={"account": "111122223333"},
        system="aws",
        stage="mvp",
        command="drift",
        comparison=Comparison("main", 3, (sample.multi_az(), sample.password())),
    )


def read_back(report):
    return read_report(json_report.render(report), "report.json", report.base)


def test_everything_comes_back():
    report = full_report()
    back = read_back(report)
    assert json_report.render(back) == json_report.render(report)
    assert back.findings == report.findings
    assert [finding.fingerprint for finding in back.findings] == [finding.fingerprint for finding in report.findings]
    assert back.drift == report.drift


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("language", ["en", "ko"])
def test_every_format_is_the_same_from_what_was_written(name, language):
    report = full_report()
    assert FORMATS[name](read_back(report), View(language)) == FORMATS[name](report, View(language))


def places(data, way=()):
    """The way to every value of JSON data."""
    yield way
    children = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for key, value in children:
        yield from places(value, (*way, key))


WHOLE = json.loads(json_report.render(full_report()))
WAYS = [way for way in places(WHOLE) if way]


@given(st.sampled_from(WAYS), st.sampled_from([None, True, 0, -1, 1.5, "", "x", [], [None], {}, {"en": 1}, ...]))
def test_damage_is_read_or_said(way, damage):
    data = copy.deepcopy(WHOLE)
    parent = data
    for key in way[:-1]:
        parent = parent[key]
    if damage is ...:
        del parent[way[-1]]
    else:
        parent[way[-1]] = damage
    problem = None
    try:
        json_report.render(read_report(json.dumps(data), "report.json", "/project"))
    except SourceError as error:
        problem = error
    assert problem is None or (problem.path == "report.json" and problem.hint)


@pytest.mark.parametrize("text", ["", "{", "[]", "null", '{"schema_version": "2"}', "[" * 100_000])
def test_what_is_no_report_is_said(text, tmp_path, capsys):
    file = tmp_path / "report.json"
    file.write_text(text)
    assert main(["report", str(file)]) == 2
    message = capsys.readouterr().err
    assert "report.json" in message
    assert "Traceback" not in message


def test_the_exit_code_is_that_of_the_run(tmp_path, capsys):
    file = tmp_path / "report.json"
    file.write_text(json_report.render(sample.report()))
    assert main(["report", str(file), "--format", "csv"]) == 1
    assert main(["report", str(file), "--format", "csv", "--fail-on", "critical"]) == 1
    file.write_text(json_report.render(replace(sample.report(), findings=[])))
    assert main(["report", str(file), "--format", "csv"]) == 3  # a module was not found
    file.write_text(json_report.render(replace(sample.report(), findings=[], notifications=[])))
    assert main(["report", str(file), "--format", "csv"]) == 0
    assert "requirement" in capsys.readouterr().out


def test_a_report_shows_no_file_outside_the_project(tmp_path, monkeypatch, capsys):
    (tmp_path / "secret.txt").write_text("one\ntwo hidden words\n")
    project = tmp_path / "project"
    project.mkdir()
    finding = replace(sample.multi_az(), location=Location("../secret.txt", 2, 1, 2, 5), provenance=())
    (project / "report.json").write_text(json_report.render(replace(sample.report(), findings=[finding])))
    monkeypatch.chdir(project)
    main(["report", "report.json"])
    assert "hidden words" not in capsys.readouterr().out
