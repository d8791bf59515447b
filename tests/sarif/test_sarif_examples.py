"""SARIF of every example: accepted by Microsoft's SARIF Multitool with GitHub's rules, its fingerprints stable.

The Multitool comes from npm (`make tools`); without it those tests are skipped.
"""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from scanner.__main__ import main
from scanner.model.finding import Verdict
from scanner.reports import sarif
from scanner.reports.read_json import read_report

ROOT = Path(__file__).parents[2]
EXAMPLES = sorted(directory.name for directory in (ROOT / "examples").iterdir() if directory.is_dir())
_PLATFORM = {"darwin": "darwin", "win32": "win32"}.get(sys.platform, "linux")
MULTITOOL = Path(__file__).parent / f"node_modules/@microsoft/sarif-multitool-{_PLATFORM}/Sarif.Multitool"

needs_multitool = pytest.mark.skipif(not MULTITOOL.exists(), reason="SARIF Multitool is not installed (make tools)")


def scanned(directory, file):
    """The report that `asbuilt scan` makes of a directory."""
    assert main(["scan", str(directory), "--quiet", "--format", f"json={file}"]) in (0, 1)
    return read_report(file.read_text(encoding="utf-8"), file.name, str(ROOT))


@pytest.fixture(scope="module")
def reports(tmp_path_factory):
    place = tmp_path_factory.mktemp("reports")
    return {name: scanned(ROOT / "examples" / name, place / f"{name}.json") for name in EXAMPLES}


@needs_multitool
@pytest.mark.parametrize("language", ["en", "ko"])
def test_the_multitool_finds_neither_error_nor_warning(reports, language, tmp_path):
    for name, report in reports.items():
        verdicts = list(Verdict) if name == "aicc-drifted" else [Verdict.FAIL]
        text = sarif.render(report, language=language, only=verdicts)
        (tmp_path / f"{name}.sarif").write_text(text, encoding="utf-8")
    MULTITOOL.chmod(0o755)  # npm does not run the package's own step that does so unless it is allowed to
    found = tmp_path / "found.json"
    done = subprocess.run(
        [MULTITOOL, "validate", tmp_path / "*.sarif", "--rule-kind", "Sarif;Ghas", "--level", "Error;Warning",
         "--output", found, "--log", "ForceOverwrite"],
        capture_output=True, text=True, timeout=300, env={**os.environ, "DOTNET_SYSTEM_GLOBALIZATION_INVARIANT": "1"},
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    run = json.loads(found.read_text(encoding="utf-8-sig"))["runs"][0]
    assert [result["message"] for result in run["results"]] == []
    assert f"{len(reports)} files scanned" in done.stdout


@needs_multitool
def test_the_multitool_would_find_an_error(reports, tmp_path):
    log = json.loads(sarif.render(reports["onno-drifted"]))
    log["runs"][0]["results"][0]["ruleIndex"] = 999
    file = tmp_path / "wrong.sarif"
    file.write_text(json.dumps(log))
    MULTITOOL.chmod(0o755)
    done = subprocess.run(
        [MULTITOOL, "validate", file, "--level", "Error"], capture_output=True, text=True, timeout=300
    )
    assert "error SARIF" in done.stdout


def test_no_two_findings_share_a_fingerprint(reports):
    for name, report in reports.items():
        prints = [finding.fingerprint for finding in report.findings]
        assert len(set(prints)) == len(prints), name


@pytest.mark.parametrize("name", [name for name in EXAMPLES if name.endswith("-drifted")])
def test_moved_code_keeps_its_fingerprints(name, reports, tmp_path):
    copy = tmp_path / "examples" / name
    shutil.copytree(ROOT / "examples" / name, copy)
    moved = 0
    for file in copy.rglob("*"):
        if file.is_file() and file.suffix in (".tf", ".tfvars", ".yaml", ".yml"):
            text = file.read_text(encoding="utf-8")
            file.write_text("# moved\n" * 20 + text, encoding="utf-8")
            moved += 1
    assert moved > 10
    # The same paths as in the checkout, so that nothing but the lines differs.
    (tmp_path / ".git").mkdir()
    before = json.loads(sarif.render(reports[name]))["runs"][0]["results"]
    after = json.loads(sarif.render(scanned(copy, tmp_path / "moved.json")))["runs"][0]["results"]
    keys = [result["partialFingerprints"] for result in before]
    assert sorted(map(str, keys)) == sorted(str(result["partialFingerprints"]) for result in after)
    lines = [sorted(_line(result) for result in results) for results in (before, after)]
    assert lines[0] != lines[1]


def _line(result):
    return result["locations"][0]["physicalLocation"].get("region", {}).get("startLine", 0)
