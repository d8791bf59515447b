"""`asbuilt scan` from the outside: exit codes, reports, configuration, mistakes."""

import json
import os
import pty
import re
import subprocess
import sys
from pathlib import Path

import cli_project
import pytest

from scanner.__main__ import main

BASELINE = ["--baseline", "shop.yaml"]
HOLDS = ["--var", "multi_az=true", "--var", "key=alias/shop"]


@pytest.fixture(autouse=True)
def project(tmp_path, monkeypatch):
    cli_project.write(tmp_path)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    return tmp_path


@pytest.fixture
def asbuilt(capsys):
    """Runs a command line; gives exit code, standard output and standard error."""

    def run(*arguments):
        code = main(arguments)
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return run


def verdicts(text):
    return {finding["requirement"]: finding["verdict"] for finding in json.loads(text)["findings"]}


class TestExitCodes:
    def test_violations_are_1(self, asbuilt):
        code, out, _ = asbuilt("scan", "infra", *BASELINE)
        assert code == 1
        assert "SHOP-DB-001" in out

    def test_nothing_wrong_is_0(self, asbuilt):
        code, out, _ = asbuilt("scan", "infra", *BASELINE, *HOLDS)
        assert code == 0
        assert "No violation found." in out

    def test_violations_below_the_threshold_are_0(self, asbuilt):
        assert asbuilt("scan", "infra", *BASELINE, "--fail-on", "critical")[0] == 0
        assert asbuilt("scan", "infra", *BASELINE, "--fail-on", "high")[0] == 1

    def test_undecided_is_0_but_3_under_strict(self, asbuilt):
        arguments = ["scan", "infra", *BASELINE, "--var", "multi_az=true"]
        assert asbuilt(*arguments)[0] == 0
        assert asbuilt(*arguments, "--strict")[0] == 3

    def test_an_input_that_cannot_be_read_is_3(self, asbuilt, project):
        (project / "infra/edge.tf").write_text('module "edge" {\n  source = "../nowhere"\n}\n')
        code, out, _ = asbuilt("scan", "infra", *BASELINE, *HOLDS)
        assert code == 3
        assert "edge.tf:2" in out

    def test_incomplete_says_why_even_when_quiet(self, asbuilt, project):
        _, out, err = asbuilt("scan", "infra", *BASELINE, "--var", "multi_az=true", "--strict", "--quiet")
        assert out == ""
        assert "1 undecided (--strict)" in err
        (project / "infra/edge.tf").write_text('module "edge" {\n  source = "../nowhere"\n}\n')
        _, out, err = asbuilt("scan", "infra", *BASELINE, *HOLDS, "--format", "json")
        assert json.loads(out)["run"]["complete"] is False
        assert "infra/edge.tf:2" in err

    @pytest.mark.parametrize(
        ("arguments", "said"),
        [
            (["scan", "infar", *BASELINE], "did you mean infra?"),
            (["scan", "nowhere/at/all", *BASELINE], "there is no nowhere/at/all"),
            (["scan", "infra", "--baseline", "onno-producton"], "onno-production"),
            (["scan", "infra", "--policy", "rds-multi-as"], "rds-multi-az"),
            (["scan", "infra", *BASELINE, "--format", "jsn"], "did you mean json?"),
            (["scan", "infra", *BASELINE, "--format", "json="], "the file name is missing"),
            (["scan", "infra", *BASELINE, "--format", "json", "--format", "sarif"], "only one report"),
            (["scan", "infra", *BASELINE, "--format", "json=a", "--format", "sarif=a"], "two reports for one file"),
            (["scan", "infra", *BASELINE, "--output", "nowhere/report.txt"], "the directory nowhere does not exist"),
            (["scan", "infra", *BASELINE, "--output", "infra"], "is a directory"),
            (["scan", "infra", *BASELINE, "--format", "json=a", "--output", "b"], "--output needs"),
            (["scan", "infra", *BASELINE, "--var", "novalue"], "expected NAME=VALUE"),
            (["scan", "infra", *BASELINE, "--quiet", "--verbose"], "exclude each other"),
            (["scan", "infra", *BASELINE, "--fail-on", "hihg"], "hihg"),
            (["scan", "infra", *BASELINE, "--bseline", "x"], "--baseline"),
            (["scan", "infra", *BASELINE, "--config", "asbuilt.yml"], "there is no asbuilt.yml"),
            (["scan", "infra", *BASELINE, "--stage", "mvp"], "shop has no stage mvp"),
            (["scan", "infra", *BASELINE, "--root", "nowhere"], "there is no directory nowhere"),
            (["scan", "infra", *BASELINE, "--var-file", "no.tfvars"], "there is no variable file no.tfvars"),
            (["scan", "infra", *BASELINE, "--input", "size=1"], "shop has no input size"),
            (["scna", "infra"], "Did you mean scan?"),
            (["xyzzy"], "Commands: scan, audit"),
        ],
    )
    def test_mistakes_are_2_with_a_hint_and_no_traceback(self, asbuilt, arguments, said):
        code, out, err = asbuilt(*arguments)
        assert code == 2
        assert said in err
        assert "Traceback" not in err
        assert out == ""

    def test_a_directory_without_code_is_2(self, asbuilt, project):
        (project / "docs").mkdir()
        code, _, err = asbuilt("scan", "docs", *BASELINE)
        assert code == 2
        assert "nothing to scan" in err
        assert "docs" in err

    def test_a_broken_baseline_is_2_with_its_line(self, asbuilt, project):
        (project / "shop.yaml").write_text(cli_project.BASELINE.replace("severity: medium", "severity: middling"))
        code, _, err = asbuilt("scan", "infra", *BASELINE)
        assert code == 2
        assert re.search(r"shop\.yaml:\d+:\d+: .*middling", err)


class TestFormats:
    def test_json_goes_to_standard_output_and_nothing_else_does(self, asbuilt):
        code, out, err = asbuilt("scan", "infra", *BASELINE, "--format", "json")
        assert code == 1
        assert verdicts(out) == {"SHOP-DB-001": "fail", "SHOP-DB-002": "unknown", "SHOP-DB-003": "pass"}
        assert err == ""

    def test_each_format_may_have_its_own_file(self, asbuilt, project):
        _, out, err = asbuilt("scan", "infra", *BASELINE, "--format", "text", "--format", "sarif=out.sarif")
        assert "SHOP-DB-001" in out
        assert "out.sarif" in err
        log = json.loads((project / "out.sarif").read_text(encoding="utf-8"))
        assert [result["ruleId"] for result in log["runs"][0]["results"]] == ["SHOP-DB-001"]

    def test_output_names_the_file_of_the_only_format(self, asbuilt, project):
        _, out, _ = asbuilt("scan", "infra", *BASELINE, "--format", "json", "--output", "report.json")
        assert out == ""
        assert json.loads((project / "report.json").read_text(encoding="utf-8"))["summary"]["fail"] == 1

    def test_sarif_paths_are_relative_to_the_working_directory(self, asbuilt):
        _, out, _ = asbuilt("scan", "infra", *BASELINE, "--format", "sarif")
        place = json.loads(out)["runs"][0]["results"][0]["locations"][0]["physicalLocation"]
        assert place["artifactLocation"]["uri"] == "infra/main.tf"
        assert place["region"]["startLine"] == 3

    def test_quiet_is_one_line_for_each_violation(self, asbuilt):
        _, out, err = asbuilt("scan", "infra", *BASELINE, "--quiet")
        assert out.count("\n") == 1
        assert out.startswith("infra/main.tf:3:3: high SHOP-DB-001: ")
        assert err == ""

    def test_verbose_shows_what_passes(self, asbuilt):
        assert "SHOP-DB-003" not in asbuilt("scan", "infra", *BASELINE)[1]
        assert "SHOP-DB-003" in asbuilt("scan", "infra", *BASELINE, "--verbose")[1]

    def test_only_keeps_one_verdict(self, asbuilt):
        _, out, _ = asbuilt("scan", "infra", *BASELINE, "--format", "json", "--only", "unknown")
        assert verdicts(out) == {"SHOP-DB-002": "unknown"}

    def test_the_report_shows_the_line_to_change_and_the_way_there(self, asbuilt):
        _, out, _ = asbuilt("scan", "infra", *BASELINE)
        assert "infra/main.tf:3:3" in out
        assert "3 |   default = false" in out
        assert "var.multi_az" in out

    def test_a_component_that_the_code_lacks_is_reported(self, asbuilt, project):
        (project / "shop.yaml").write_text(cli_project.BASELINE + cli_project.CACHE, encoding="utf-8")
        code, out, _ = asbuilt("scan", "infra", *BASELINE, *HOLDS)
        assert code == 1
        assert "component cache" in out
        assert "SHOP-CACHE-001" in out


class TestPlaces:
    """Modules beside the scanned directory belong to the project, wherever the command runs."""

    @pytest.fixture(autouse=True)
    def repository(self, project):
        (project / ".git").mkdir()
        (project / "modules").mkdir()
        (project / "infra/main.tf").write_text('module "db" {\n  source   = "../modules"\n  multi_az = false\n}\n')
        (project / "modules/main.tf").write_text(cli_project.MAIN)

    def test_a_module_above_the_working_directory_is_read(self, asbuilt, project, monkeypatch):
        monkeypatch.chdir(project / "infra")
        code, out, _ = asbuilt("scan", "--baseline", "../shop.yaml", "--quiet")
        assert code == 1
        assert out.startswith("main.tf:3:3: high SHOP-DB-001: ")

    def test_data_formats_name_files_from_the_repositorys_root(self, asbuilt, project, monkeypatch):
        monkeypatch.chdir(project / "infra")
        _, out, _ = asbuilt("scan", "--baseline", "../shop.yaml", "--format", "json", "--only", "fail")
        assert json.loads(out)["findings"][0]["location"]["path"] == "infra/main.tf"

    def test_the_report_finds_the_code_to_show(self, asbuilt, project, monkeypatch):
        monkeypatch.chdir(project / "modules")
        _, out, _ = asbuilt("scan", "../infra", "--baseline", "../shop.yaml")
        assert "../infra/main.tf:3:3" in out
        assert "3 |   multi_az = false" in out


class TestFiles:
    def test_a_file_that_cannot_be_written_keeps_its_old_content(self, asbuilt, project, monkeypatch):
        report = project / "report.json"
        report.write_text("old")

        def fail(*_):
            raise OSError(28, "No space left on device")

        monkeypatch.setattr("pathlib.Path.replace", fail)
        code, _, err = asbuilt("scan", "infra", *BASELINE, "--format", "json=report.json")
        assert code == 2
        assert "cannot write report.json: No space left on device" in err
        assert report.read_text() == "old"
        assert sorted(path.name for path in project.iterdir()) == ["infra", "report.json", "shop.yaml"]

    def test_an_existing_file_keeps_its_mode(self, asbuilt, project):
        report = project / "report.json"
        report.write_text("old")
        report.chmod(0o640)
        asbuilt("scan", "infra", *BASELINE, "--format", "json=report.json")
        assert report.stat().st_mode & 0o777 == 0o640
        assert json.loads(report.read_text(encoding="utf-8"))

    def test_a_link_stays_a_link(self, asbuilt, project):
        (project / "real.json").write_text("old")
        (project / "report.json").symlink_to("real.json")
        asbuilt("scan", "infra", *BASELINE, "--format", "json=report.json")
        assert (project / "report.json").is_symlink()
        assert json.loads((project / "real.json").read_text(encoding="utf-8"))

    def test_devices_are_written_to_not_replaced(self, asbuilt):
        assert asbuilt("scan", "infra", *BASELINE, "--output", os.devnull)[0] == 1


class TestLanguage:
    def test_the_locale_decides(self, asbuilt, monkeypatch):
        assert "Not as built" in asbuilt("scan", "infra", *BASELINE)[1]
        monkeypatch.setenv("LC_ALL", "ko_KR.UTF-8")
        assert "설계와 다름" in asbuilt("scan", "infra", *BASELINE)[1]

    def test_the_option_beats_the_locale(self, asbuilt):
        assert "다중 가용 영역" in asbuilt("scan", "infra", *BASELINE, "--lang", "ko")[1]


class TestConfiguration:
    def test_it_is_found_from_the_scanned_path_upward(self, asbuilt, project):
        (project / "asbuilt.yaml").write_text("baseline: shop.yaml\nlang: ko\nfail_on: critical\n")
        code, out, _ = asbuilt("scan", "infra")
        assert code == 0
        assert "SHOP-DB-001" in out
        assert "위반" in out

    def test_the_nearest_one_counts(self, asbuilt, project):
        (project / "asbuilt.yaml").write_text("baseline: nowhere.yaml\n")
        (project / "infra/asbuilt.yaml").write_text("baseline: ../shop.yaml\n")
        assert asbuilt("scan", "infra")[0] == 1

    def test_the_command_line_beats_it(self, asbuilt, project):
        (project / "asbuilt.yaml").write_text("baseline: nowhere.yaml\nfail_on: critical\n")
        assert asbuilt("scan", "infra", *BASELINE, "--fail-on", "low")[0] == 1

    def test_bindings_and_variable_files_come_from_it(self, asbuilt, project):
        (project / "infra/main.tf").write_text(cli_project.MAIN.replace("shop-db", "renamed"))
        (project / "good.tfvars").write_text('multi_az = true\nkey = "alias/shop"\n')
        (project / "asbuilt.yaml").write_text(
            "baselines: [shop.yaml]\nbind: {db: aws_db_instance.db}\nvar_files: [good.tfvars]\n"
        )
        code, out, _ = asbuilt("scan", "infra", "--format", "json")
        assert set(verdicts(out).values()) == {"pass"}
        assert code == 0

    @pytest.mark.parametrize(
        ("text", "said"),
        [
            ("basline: shop.yaml\n", "asbuilt.yaml:1:1: basline: unknown key\n  did you mean baseline?"),
            ("baseline: a\nbaselines: [b]\n", "give either baseline or baselines"),
            ("fail_on: hihg\n", "did you mean high?"),
            ("lang: fr\n", "'fr' is not known"),
            ("inputs: [1]\n", "must be a mapping"),
            ("baseline: [\n", "not valid YAML"),
            ("baseline: shop.yaml\nbind: {bd: aws_db_instance.db}\n", "db"),
        ],
    )
    def test_mistakes_in_it_are_named_with_their_place(self, asbuilt, project, text, said):
        (project / "asbuilt.yaml").write_text(text)
        code, _, err = asbuilt("scan", "infra")
        assert code == 2
        assert said in err

    def test_one_that_is_no_text_is_named(self, asbuilt, project):
        (project / "asbuilt.yaml").write_bytes(b"\xff\xfe")
        code, _, err = asbuilt("scan", "infra")
        assert code == 2
        assert "cannot read" in err

    def test_it_is_found_beside_a_project_outside_the_working_directory(self, asbuilt, project, monkeypatch, tmp_path):
        (project / "infra/asbuilt.yaml").write_text("baseline: ../shop.yaml\n")
        elsewhere = tmp_path / "elsewhere"
        elsewhere.mkdir()
        monkeypatch.chdir(elsewhere)
        assert asbuilt("scan", str(project / "infra"))[0] == 1

    def test_two_different_ones_must_be_chosen_from(self, asbuilt, project):
        (project / "other").mkdir()
        for directory in ("infra", "other"):
            (project / directory / "asbuilt.yaml").write_text("baseline: ../shop.yaml\n")
        code, _, err = asbuilt("scan", "infra", "other")
        assert code == 2
        assert "choose one with --config" in err
        assert asbuilt("scan", "infra", "--config", "infra/asbuilt.yaml")[0] == 1


class TestProcess:
    def run(self, *arguments, **options):
        return subprocess.run(
            [sys.executable, "-m", "scanner", *arguments], capture_output=True, text=True, timeout=60, **options
        )

    def test_exit_code_reaches_the_shell(self):
        assert self.run("scan", "infra", *BASELINE).returncode == 1
        assert self.run("scan", "infra", *BASELINE, *HOLDS).returncode == 0
        assert self.run("scan", "infar").returncode == 2

    def test_output_that_nobody_reads_any_more_is_no_error(self):
        process = subprocess.Popen(
            [sys.executable, "-m", "scanner", "scan", "infra", *BASELINE, "--verbose"],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        process.stdout.close()
        assert process.wait(60) == 1
        assert process.stderr.read() == b""
        process.stderr.close()

    def test_a_full_disk_is_named_and_is_not_a_result(self):
        with Path("/dev/full").open("wb") as full:
            done = subprocess.run(
                [sys.executable, "-m", "scanner", "scan", "infra", *BASELINE],
                stdout=full,
                stderr=subprocess.PIPE,
                timeout=60,
            )
        assert done.returncode == 2
        assert done.stderr.decode() == "asbuilt: cannot write to standard output: No space left on device\n"

    def test_korean_is_written_in_any_locale(self):
        environment = {**os.environ, "LC_ALL": "C", "PYTHONIOENCODING": "ascii"}
        arguments = ["scan", "infra", *BASELINE, "--lang", "ko"]
        done = subprocess.run(
            [sys.executable, "-m", "scanner", *arguments], capture_output=True, env=environment, timeout=60
        )
        assert "설계와 다름" in done.stdout.decode("utf-8")

    def test_no_colour_where_it_was_not_wanted(self, project):
        for variables, coloured in [({}, True), ({"NO_COLOR": "1"}, False), ({"TERM": "dumb"}, False)]:
            assert ("\x1b[" in self.in_terminal(project, variables)) is coloured
        assert "\x1b[" not in self.in_terminal(project, {}, "--no-color")

    def in_terminal(self, project, variables, *arguments):
        """What the command writes to a terminal."""
        main_end, other_end = pty.openpty()
        environment = {key: value for key, value in os.environ.items() if key != "NO_COLOR"}
        environment |= {"TERM": "xterm", **variables}
        command = [sys.executable, "-m", "scanner", "scan", "infra", *BASELINE, "--only", "fail", *arguments]
        with subprocess.Popen(command, stdout=other_end, stderr=other_end, cwd=project, env=environment) as process:
            os.close(other_end)
            written = b""
            while True:
                try:
                    piece = os.read(main_end, 65536)
                except OSError:
                    break
                if not piece:
                    break
                written += piece
            process.wait(60)
        os.close(main_end)
        return written.decode("utf-8")


def test_a_defect_is_a_short_message_with_exit_code_3(asbuilt, monkeypatch):
    def fail(*_):
        raise RuntimeError("\x1b[2J unforeseen")

    monkeypatch.setattr("scanner.cli.config.load", fail)
    code, out, err = asbuilt("scan", "infra")
    assert code == 3
    assert out == ""
    assert "internal error: RuntimeError" in err
    assert "--debug" in err
    assert "\x1b" not in err
    with pytest.raises(RuntimeError):
        main(["scan", "infra", "--debug"])
