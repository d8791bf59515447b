"""SARIF that code scanning takes, and that survives moved lines."""

import gzip
import json
from dataclasses import replace
from pathlib import Path

import jsonschema
import pytest
import report_sample as sample

from scanner.model.finding import Enforce, Verdict
from scanner.model.location import Location
from scanner.model.rule import Text
from scanner.reports import sarif

SCHEMA = json.loads((Path(__file__).parents[1] / "data/sarif-2.1.0.schema.json").read_text(encoding="utf-8"))


def run_of(report=None, **options):
    return json.loads(sarif.render(report or sample.report(), **options))["runs"][0]


def results_of(*findings, **options):
    return run_of(replace(sample.report(), findings=list(findings)), **options)["results"]


@pytest.mark.parametrize("language", ["en", "ko"])
@pytest.mark.parametrize("verdicts", [[Verdict.FAIL], list(Verdict)])
def test_log_fits_the_official_schema(language, verdicts):
    log = json.loads(sarif.render(sample.report(), language=language, only=verdicts))
    jsonschema.validate(log, SCHEMA, format_checker=jsonschema.FormatChecker())


@pytest.mark.parametrize("language", ["en", "ko"])
def test_whole_log(golden, language):
    golden(f"report-{language}.sarif", sarif.render(sample.report(), language=language))


def test_only_violations_are_written_by_default():
    assert {result["kind"] for result in run_of()["results"]} == {"fail"}


def test_other_verdicts_have_their_kind_and_no_level():
    results = run_of(only=list(Verdict))["results"]
    kinds = {result["kind"] for result in results}
    assert kinds == {"pass", "fail", "open", "review", "notApplicable"}
    assert {result["level"] for result in results if result["kind"] != "fail"} == {"none"}


def test_every_result_points_to_its_rule():
    run = run_of(only=list(Verdict))
    rules = run["tool"]["driver"]["rules"]
    assert all(rules[result["ruleIndex"]]["id"] == result["ruleId"] for result in run["results"])
    assert len({rule["id"] for rule in rules}) == len(rules)


def test_every_result_has_a_file_because_code_scanning_refuses_the_log_otherwise():
    for result in run_of(only=list(Verdict))["results"]:
        assert result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]


def test_rule_help_explains_cites_and_says_how_to_fix():
    rule = next(rule for rule in run_of()["tool"]["driver"]["rules"] if rule["id"] == "EX-DB-001")
    help_text = rule["help"]["markdown"]
    assert "Without a standby in a second zone" in help_text
    assert "section 5-1 of Example - Infrastructure Architecture, version 1.0" in help_text
    assert "Set multi_az to true." in help_text
    assert "CKV_AWS_157" in help_text
    assert rule["properties"]["security-severity"] == "8.0"


def test_fingerprint_survives_moved_lines_and_changed_words():
    finding = sample.multi_az()
    moved = replace(finding, location=Location("elsewhere.tf", 99, 1, 99, 5), message=Text("other", "다름"))
    first, second = (results_of(item)[0]["partialFingerprints"] for item in (finding, moved))
    assert first == second


def test_equal_fingerprints_are_told_apart_by_their_number():
    results = results_of(sample.multi_az(), sample.multi_az())
    assert [result["partialFingerprints"]["primaryLocationLineHash"][-2:] for result in results] == [":1", ":2"]


def test_provenance_becomes_related_locations():
    result = results_of(sample.multi_az())[0]
    assert [place["message"]["text"] for place in result["relatedLocations"]] == [
        "multi_az",
        "var.multi_az",
        "var.database",
    ]
    assert result["relatedLocations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "modules/data/main.tf"


def test_region_counts_from_one_and_ends_behind_the_last_character():
    region = results_of(sample.multi_az())[0]["locations"][0]["physicalLocation"]["region"]
    assert region == {"startLine": 2, "startColumn": 3, "endLine": 2, "endColumn": 19}


def test_waived_findings_are_suppressed_results():
    waived = results_of(sample.buckets()[3])[0]
    assert waived["suppressions"][0]["status"] == "accepted"
    assert "suppressions" not in results_of(sample.buckets()[0])[0]


def test_advice_is_a_note():
    assert results_of(replace(sample.password(), enforce=Enforce.ADVISORY))[0]["level"] == "note"
    assert results_of(sample.password())[0]["level"] == "error"


def test_a_derivable_fix_is_offered():
    change = results_of(sample.multi_az())[0]["fixes"][0]["artifactChanges"][0]
    assert change["replacements"][0]["insertedContent"]["text"] == "true"


def test_an_unread_input_makes_the_invocation_unsuccessful_and_is_named():
    invocation = run_of()["invocations"][0]
    assert invocation["executionSuccessful"] is False
    assert "module not found: ../modules/edge" in [
        item["message"]["text"] for item in invocation["toolExecutionNotifications"]
    ]


def test_results_beyond_the_limit_are_left_out_least_severe_first_and_said_so():
    run = run_of(limit=3)
    assert [result["ruleId"] for result in run["results"]] == ["EX-DB-002", "EX-DB-001", "EX-CACHE-001"]
    said = run["invocations"][0]["toolExecutionNotifications"][-1]["message"]["text"]
    assert said.startswith("5 results that matter least were left out")


def test_what_is_too_large_to_upload_is_cut_and_said_so(monkeypatch):
    monkeypatch.setattr(sarif, "MAX_BYTES", 2_500)
    many = [replace(sample.multi_az(), requirement=f"EX-{number}") for number in range(200)]
    text = sarif.render(replace(sample.report(), findings=many))
    assert len(gzip.compress(text.encode())) <= 2_500
    run = json.loads(text)["runs"][0]
    assert 0 < len(run["results"]) < 200
    said = run["invocations"][0]["toolExecutionNotifications"][-1]["message"]["text"]
    assert said.startswith(f"{200 - len(run['results'])} results")


def test_hostile_paths_are_percent_encoded_and_names_escaped():
    name = "dir with space/\x1b[2J\udcff#?.tf"
    text = sarif.render(replace(sample.report(), findings=[replace(sample.multi_az(), location=Location(name, 1))]))
    text.encode("utf-8")
    assert "\x1b" not in text
    uri = json.loads(text)["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    assert uri == "dir%20with%20space/%1B%5B2J%FF%23%3F.tf"


def test_text_that_looks_like_a_link_is_no_link():
    message = results_of(replace(sample.multi_az(), message=Text("x[1](2) and y[0]", "x")))[0]["message"]["text"]
    assert message.startswith(r"x\[1](2) and y[0]")
