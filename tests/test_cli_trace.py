# ruff: noqa: E501 (YAML reads better with one entry on a line)
"""`asbuilt trace` and `asbuilt attest`, as people run them."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from types import SimpleNamespace

import pytest

from scanner.cli.main import run

BASELINE = """\
baseline: shop
document: {title: Shop design, version: "2"}
requirements:
  - {id: SHOP-PROC-001, section: "1.1", title: {en: Keys are rotated, ko: 키 교체}, severity: high, category: process,
     attest: {max_age_days: 90}}
  - {id: SHOP-DR-001, section: "1.2, 1.1", title: {en: Recovery is quick, ko: 빠른 복구}, severity: low, category: recovery,
     metric: {source: record, name: minutes, op: lte, value: 30}}
  - {id: SHOP-PERF-001, section: "1.2", title: {en: Fast, ko: 빠름}, severity: low, category: performance,
     metric: {source: cloudwatch, namespace: AWS/ApplicationELB, metric: TargetResponseTime, statistic: p95, window: 1h, op: lt, value: 1}}
"""
RECORD = """\
baseline: shop
sections:
  "1.1": {heading: "1.1 Keys"}
  "1.2": {heading: 1.2 Recovery}
  intro: {heading: Introduction}
excluded:
  - {section: intro, why: {en: Purpose of the text, ko: 문서의 목적}}
contradictions:
  - {id: SHOP-CONFLICT-01, sections: ["1.1"], requirements: [SHOP-DR-001], what: {en: A, ko: 가}, decision: {en: B, ko: 나}}
"""
DOCUMENT = "# Shop\n## Introduction\nText.\n## 1.1 Keys\nEvery 90 days.\n## 1.2 Recovery\n30 minutes.\n"


@pytest.fixture
def asbuilt(capsys, monkeypatch):
    """Runs a command line in a directory."""
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("LC_ALL", "C")
    monkeypatch.setenv("COLUMNS", "100")

    def command(*arguments: str, cwd: Path) -> SimpleNamespace:
        monkeypatch.chdir(cwd)
        code = run(arguments)
        captured = capsys.readouterr()
        return SimpleNamespace(returncode=code, stdout=captured.out, stderr=captured.err)

    return command


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "documents").mkdir()
    (tmp_path / "shop.yaml").write_text(BASELINE, "utf-8")
    (tmp_path / "documents" / "shop.yaml").write_text(RECORD, "utf-8")
    (tmp_path / "design.md").write_text(DOCUMENT, "utf-8")
    (tmp_path / "asbuilt.yaml").write_text("baseline: ./shop.yaml\n", "utf-8")
    (tmp_path / "main.tf").write_text('locals { x = 1 }\nresource "null_resource" "a" {}\n', "utf-8")
    return tmp_path


def test_the_sections_with_their_statements(asbuilt, project):
    result = asbuilt("trace", cwd=project)
    assert result.returncode == 0
    assert "4 statements: measured 2, attested 1, out of scope 1" in result.stdout
    assert "attestation, renewed every 90 days" in result.stdout


def test_a_changed_section_is_flagged_after_its_digest_was_recorded(asbuilt, project):
    assert asbuilt("trace", "--document", "design.md", "--accept", cwd=project).returncode == 0
    assert "No section changed" in asbuilt("trace", "--document", "design.md", cwd=project).stdout
    rewrapped = DOCUMENT.replace("Every 90 days.", "Every\n90   days.")
    (project / "design.md").write_text(rewrapped, "utf-8")
    assert asbuilt("trace", "--document", "design.md", cwd=project).returncode == 0
    (project / "design.md").write_text(DOCUMENT.replace("90", "30"), "utf-8")
    result = asbuilt("trace", "--document", "design.md", cwd=project)
    assert result.returncode == 1
    assert "1.1 Keys  (changed since the baseline was written)" in result.stdout


def test_sections_that_are_gone_or_that_nothing_covers(asbuilt, project):
    asbuilt("trace", "--document", "design.md", "--accept", cwd=project)
    (project / "design.md").write_text(DOCUMENT.replace("1.1 Keys", "1.1 Secrets"), "utf-8")
    result = asbuilt("trace", "--document", "design.md", cwd=project)
    assert result.returncode == 1
    assert "no longer in the document\n  1.1 Keys" in result.stdout
    assert "Sections that nothing covers\n  1.1 Secrets:4" in result.stdout


def test_the_record_never_holds_the_text(asbuilt, project):
    asbuilt("trace", "--document", "design.md", "--accept", cwd=project)
    assert "90 days" not in (project / "documents" / "shop.yaml").read_text("utf-8")


def test_csv_has_a_row_for_each_statement_and_section(asbuilt, project):
    rows = list(csv.DictReader(io.StringIO(asbuilt("trace", "--format", "csv", "--lang", "en", cwd=project).stdout)))
    assert [(row["Section"], row["Requirement"]) for row in rows] == [
        ("1.1 Keys", "SHOP-PROC-001"),
        ("1.1 Keys", "SHOP-DR-001"),
        ("1.2 Recovery", "SHOP-DR-001"),
        ("1.2 Recovery", "SHOP-PERF-001"),
        ("Introduction", ""),
    ]


def test_markdown_and_html_say_the_same_and_escape_it(asbuilt, project):
    file = project / "shop.yaml"
    file.write_text(file.read_text("utf-8").replace("Keys are rotated", "'<b>Keys</b> | are *rotated*'"), "utf-8")
    markdown = asbuilt("trace", "--format", "markdown", cwd=project).stdout
    assert "\\<b\\>Keys\\</b\\> \\| are \\*rotated\\*" in markdown
    html = asbuilt("trace", "--format", "html", cwd=project).stdout
    assert "&lt;b&gt;Keys&lt;/b&gt; | are *rotated*" in html
    assert "<b>Keys" not in html


def test_contradictions_with_their_decision_on_demand(asbuilt, project):
    assert "SHOP-CONFLICT-01" not in asbuilt("trace", cwd=project).stdout
    assert "decided: B" in asbuilt("trace", "--verbose", cwd=project).stdout


def test_a_sign_off_makes_the_requirement_pass(asbuilt, project):
    before = asbuilt("scan", ".", "--only", "review", cwd=project).stdout
    assert "SHOP-PROC-001" in before
    attested = asbuilt(
        "attest", "SHOP-PROC-001", "--by", "Platform team", "--expires", "2999-01-01", "--evidence", "x", cwd=project
    )
    assert (attested.returncode, attested.stderr) == (0, "")
    after = asbuilt("scan", ".", "--only", "review", cwd=project).stdout
    assert "SHOP-PROC-001" not in after
    assert "SHOP-DR-001" in after


def test_a_figure_that_is_too_high_fails_and_is_renewed_in_place(asbuilt, project):
    given = ("--by", "Operations", "--expires", "2999-01-01", "--evidence", "drill.md")
    asbuilt("attest", "shop-dr-001", *given, "--value", "45", cwd=project)
    result = asbuilt("scan", ".", cwd=project)
    assert result.returncode == 1
    assert "minutes 45" in result.stdout
    assert "renewed" in asbuilt("attest", "SHOP-DR-001", *given, "--value", "20", cwd=project).stdout
    assert asbuilt("scan", ".", cwd=project).returncode == 0
    assert (project / "attestations.yaml").read_text("utf-8").count("SHOP-DR-001") == 1


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("SHOP-PERF-001",), "decided by what is read"),
        (("SHOP-PROC-001", "--value", "1"), "asks for no figure"),
        (("SHOP-DR-001",), "asks for a figure"),
        (("SHOP-PROC-002",), "there is no requirement"),
        (("SHOP-PROC-001", "--date", "2999-02-01"), "lies before the sign-off"),
        (("SHOP-PROC-001", "--date", "today"), "expected a date"),
    ],
)
def test_what_cannot_be_attested_is_an_error(asbuilt, project, arguments, message):
    given = ("--by", "A", "--expires", "2999-01-01", "--evidence", "x")
    result = asbuilt("attest", *arguments, *given, cwd=project)
    assert result.returncode == 2
    assert message in result.stderr
    assert not (project / "attestations.yaml").exists()


@pytest.mark.parametrize("cloud", ["aws", "azure", "kubernetes"])
def test_a_new_baseline_is_valid_as_it_stands(asbuilt, tmp_path, cloud):
    (tmp_path / "design.md").write_text(DOCUMENT, "utf-8")
    made = asbuilt("baseline", "new", "bookshop-prod", "--cloud", cloud, "--document", "design.md", cwd=tmp_path)
    assert (made.returncode, made.stdout.split()) == (0, ["bookshop-prod.yaml", "documents/bookshop-prod.yaml"])
    shown = asbuilt("baseline", "show", "./bookshop-prod.yaml", cwd=tmp_path)
    assert "BOOKSHOP-DB-001" in shown.stdout
    assert asbuilt("baseline", "lint", "./bookshop-prod.yaml", cwd=tmp_path).returncode == 0
    traced = asbuilt("trace", "--baseline", "./bookshop-prod.yaml", "--document", "design.md", cwd=tmp_path)
    assert "(changed since" not in traced.stdout
    assert "Introduction" in traced.stdout


@pytest.mark.parametrize(
    ("name", "message"), [("Shop Prod", "cannot be a baseline's name"), ("shop", "is already there")]
)
def test_a_new_baseline_never_writes_over_a_file(asbuilt, project, name, message):
    before = (project / "shop.yaml").read_text("utf-8")
    result = asbuilt("baseline", "new", name, cwd=project)
    assert result.returncode == 2
    assert message in result.stderr
    assert (project / "shop.yaml").read_text("utf-8") == before


def test_oscal_is_what_its_models_accept(asbuilt, project):
    from trestle.oscal.assessment_results import AssessmentResults
    from trestle.oscal.component import ComponentDefinition

    asbuilt(
        "attest", "SHOP-DR-001", "--by", "A", "--expires", "2999-01-01", "--evidence", "x", "--value", "45", cwd=project
    )
    component = json.loads(asbuilt("trace", "--format", "oscal-component", cwd=project).stdout)
    definition = ComponentDefinition.model_validate(component["component-definition"])
    asked = definition.components[0].control_implementations[0].implemented_requirements
    assert [item.control_id for item in asked] == ["SHOP-PROC-001", "SHOP-DR-001", "SHOP-PERF-001"]
    results = json.loads(asbuilt("trace", ".", "--format", "oscal-results", cwd=project).stdout)
    AssessmentResults.model_validate(results["assessment-results"])
    found = {
        item["target"]["target-id"]: (item["target"]["status"]["state"], item["target"]["status"]["reason"])
        for item in results["assessment-results"]["results"][0]["findings"]
    }
    assert found == {"SHOP-PROC-001": ("not-satisfied", "other"), "SHOP-DR-001": ("not-satisfied", "fail")}


def test_oscal_results_of_nothing_are_an_error(asbuilt, project):
    assert asbuilt("trace", "--format", "oscal-results", cwd=project).returncode == 2
