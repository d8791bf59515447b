"""The sample reports in reports/ are what a scan of the drifted example gives now (`make reports` writes them anew)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from scanner.cli.main import run

ROOT = Path(__file__).parents[1]
REPORTS = ROOT / "reports"


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("reports")
    formats = {"en": ("txt", "sarif"), "ko": ("ko.txt",)}
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(ROOT)
        patch.setenv("COLUMNS", "80")
        for language, endings in formats.items():
            arguments = ["scan", "examples/onno-drifted", "--lang", language]
            for ending in endings:
                name = "sarif" if ending == "sarif" else "text"
                arguments += ["--format", f"{name}={directory / f'onno-drifted.{ending}'}"]
            assert run(arguments) == 1
    return directory


@pytest.mark.parametrize("name", ["onno-drifted.txt", "onno-drifted.ko.txt"])
def test_the_terminal_report_is_the_sample(written: Path, name: str) -> None:
    assert (written / name).read_text("utf-8") == (REPORTS / name).read_text("utf-8")


def test_the_sarif_log_is_the_sample(written: Path) -> None:
    assert timeless(written / "onno-drifted.sarif") == timeless(REPORTS / "onno-drifted.sarif")


def timeless(file: Path) -> Any:
    log = json.loads(file.read_text("utf-8"))
    for part in log["runs"]:
        for invocation in part["invocations"]:
            invocation.pop("startTimeUtc")
    return log
