"""`asbuilt fix`: a patch on standard output, words on standard error, files written only where asked."""

from __future__ import annotations

import json
import subprocess
from importlib.resources import files

import jsonschema
import pytest

from scanner.cli import fix
from scanner.cli.main import run
from tests import cli_project

COMMAND = ["fix", "infra", "--baseline", "shop.yaml", "--lang", "en"]


@pytest.fixture
def project(tmp_path, monkeypatch):
    cli_project.write(tmp_path)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_edits_are_shown_and_nothing_is_written(project, capsys):
    before = (project / "infra/main.tf").read_bytes()
    assert run(COMMAND) == 1
    shown, said = capsys.readouterr()
    assert shown.startswith("--- a/infra/main.tf\n+++ b/infra/main.tf\n")
    assert "-  default = false\n+  default = true\n" in shown
    assert "1 finding would pass with these edits" in said
    assert (project / "infra/main.tf").read_bytes() == before


def test_standard_output_is_a_patch(project, capsys):
    run(COMMAND)
    patch = capsys.readouterr().out
    subprocess.run(["git", "apply", "-p1"], input=patch, text=True, check=True, cwd=project)
    assert "default = true" in (project / "infra/main.tf").read_text()


def test_edits_are_made_on_request_and_once(project, capsys):
    assert run([*COMMAND, "--apply"]) == 0
    after = (project / "infra/main.tf").read_text()
    assert after == cli_project.MAIN.replace("default = false", "default = true")
    capsys.readouterr()
    assert run([*COMMAND, "--apply"]) == 0
    shown, said = capsys.readouterr()
    assert (shown, said) == ("", "Nothing to mend.\n")
    assert (project / "infra/main.tf").read_text() == after


def test_only_what_is_named_is_mended(project, capsys):
    text = cli_project.MAIN.replace('"postgres"', '"mysql"')
    (project / "infra/main.tf").write_text(text)
    assert run([*COMMAND, "--only", "SHOP-DB-003", "--apply"]) == 1
    assert (project / "infra/main.tf").read_text() == cli_project.MAIN
    assert run([*COMMAND, "--only", "SHOP-DB-03"]) == 2
    assert "SHOP-DB-003" in capsys.readouterr().err


def test_what_cannot_be_mended_is_listed_with_its_place_and_why(project, capsys):
    (project / "infra/main.tf").write_text(cli_project.MAIN.replace("var.multi_az", "!true"))
    assert run(COMMAND) == 1
    shown, said = capsys.readouterr()
    assert shown == ""
    assert "Left alone, the value is computed by an expression:\n  SHOP-DB-001  infra/main.tf:13\n" in said
    assert run([*COMMAND[:-1], "ko"]) == 1
    assert "수정하지 않음, 표현식으로 계산되는 값:" in capsys.readouterr().err


def test_a_file_that_changed_meanwhile_is_not_written(project, monkeypatch, capsys):
    plan = fix.plan_of

    def slow(*arguments):
        made = plan(*arguments)
        (project / "infra/main.tf").write_text(cli_project.MAIN + "# new\n")
        return made

    monkeypatch.setattr(fix, "plan_of", slow)
    assert run([*COMMAND, "--apply"]) == 2
    assert (project / "infra/main.tf").read_text() == cli_project.MAIN + "# new\n"
    assert "has changed" in capsys.readouterr().err


@pytest.mark.parametrize("form", ["json", "sarif"])
def test_reports_carry_the_same_edit(project, capsys, form):
    assert run(["scan", "infra", "--baseline", "shop.yaml", "--format", form]) == 1
    data = json.loads(capsys.readouterr().out)
    if form == "json":
        schema = json.loads((files("scanner") / "schemas/report.schema.json").read_text("utf-8"))
        jsonschema.validate(data, schema)
        (found,) = [item["fix"] for item in data["findings"] if item["fix"]]
        assert [(edit["location"]["line"], edit["replacement"]) for edit in found["edits"]] == [(3, "true")]
    else:
        (found,) = [item["fixes"][0] for item in data["runs"][0]["results"] if "fixes" in item]
        (replacement,) = found["artifactChanges"][0]["replacements"]
        assert replacement["insertedContent"] == {"text": "true"}
        assert replacement["deletedRegion"] == {"startLine": 3, "startColumn": 13, "endLine": 3, "endColumn": 18}


def test_code_scanning_is_offered_only_what_holds(project, capsys):
    """Two requirements want different engines: each has an edit, and neither holds."""
    baseline = project / "shop.yaml"
    text = baseline.read_text()
    other = text[text.index("  - id: SHOP-DB-003") :].split("  - id: SHOP-CACHE")[0]
    other = other.replace("SHOP-DB-003", "SHOP-DB-004").replace("value: postgres", "value: mariadb")
    baseline.write_text(text.rstrip() + "\n" + other)
    (project / "infra/main.tf").write_text(cli_project.MAIN.replace('"postgres"', '"mysql"'))
    assert run(["scan", "infra", "--baseline", "shop.yaml", "--format", "json"]) == 1
    derived = [item["requirement"] for item in json.loads(capsys.readouterr().out)["findings"] if item["fix"]]
    assert derived == ["SHOP-DB-001", "SHOP-DB-003", "SHOP-DB-004"]
    assert run(["scan", "infra", "--baseline", "shop.yaml", "--format", "sarif"]) == 1
    results = json.loads(capsys.readouterr().out)["runs"][0]["results"]
    assert [result["ruleId"] for result in results if "fixes" in result] == ["SHOP-DB-001"]


def test_colours_are_for_terminals_and_hide_no_character():
    from scanner.reports.fixes import diff

    shown = diff("a.tf", "a = 1\n", "a = 2 # \x1b[2J\n", color=True)
    assert "\x1b[32m+a = 2 # \\x1b[2J\x1b[0m\n" in shown
    note = "\n\\ No newline at end of file\n"
    assert diff("a.tf", "a", "b", color=False).endswith(f"-a{note}+b{note}")
