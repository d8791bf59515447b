"""The sample reports in reports/ are what scans of the drifted examples give now (`make reports` makes them anew)."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from scanner.cli.main import run

ROOT = Path(__file__).parents[1]


@pytest.mark.parametrize("example", ["onno-drifted", "tripgen-drifted"])
@pytest.mark.parametrize(("language", "ending"), [("en", "txt"), ("ko", "ko.txt")])
def test_the_terminal_report_is_the_sample(
    example: str, language: str, ending: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = f"{example}.{ending}"
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("COLUMNS", "80")
    written = tmp_path / name
    assert run(["scan", f"examples/{example}", "--lang", language, "--format", f"text={written}"]) == 1
    assert written.read_text("utf-8") == (ROOT / "reports" / name).read_text("utf-8")


def test_the_page_is_the_sample(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    written = tmp_path / "onno-drifted.html"
    assert run(["scan", "examples/onno-drifted", "--lang", "en", "--format", f"html={written}"]) == 1
    # The sample is of a fixed time, everything else is as it is now.
    page = re.sub(r'"[0-9-]{10}T[0-9:]{8}Z"', '"2026-01-01T00:00:00Z"', written.read_text("utf-8"))
    assert page == (ROOT / "reports/onno-drifted.html").read_text("utf-8")
