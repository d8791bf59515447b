"""The HTML report as text: what it may run, what it holds, and what it leaves out; no browser is needed."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import cli_project
import pages_sample as sample
import pytest

from scanner.cli.main import run
from scanner.model.finding import Verdict
from scanner.model.inventory import Level, Notification
from scanner.model.report import Report
from scanner.model.rule import Text
from scanner.reports.html.data import script_json
from scanner.reports.html.page import render
from scanner.reports.html.words import WORDS
from scanner.sources.snapshot import Header, write_snapshot
from tests.drift.pairs import live

ASSETS = Path(__file__).resolve().parents[2] / "scanner/reports/html/assets"


def data_of(page: str) -> Any:
    """The data that a page holds."""
    found = re.search(r'<script type="application/json" id="data">(.*?)</script>', page, re.DOTALL)
    assert found
    return json.loads(found[1])


@pytest.fixture
def report(tmp_path: Path) -> Report:
    return sample.report(tmp_path)


def test_the_policy_lets_its_own_script_and_style_run_and_nothing_else(report: Report) -> None:
    page = render(report)
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', page)
    assert policy
    allowed = dict(part.split(" ", 1) for part in policy[1].split("; "))
    assert allowed["default-src"] == "'none'"
    for tag, kind in {"script": "script-src", "style": "style-src"}.items():
        (text,) = re.findall(rf"<{tag}>(.*?)</{tag}>", page, re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert allowed[kind] == f"'sha256-{digest}'"
    assert "unsafe" not in policy[1]


def test_nothing_is_loaded_from_elsewhere(tmp_path: Path) -> None:
    page = render(sample.report(tmp_path), extras=sample.extras())
    addresses = set(re.findall(r"(?:https?:)?//[a-z0-9.-]+\.[a-z]{2,}", page))
    assert addresses == {"http://www.w3.org"}  # the name of SVG, which nothing asks for
    assert not re.search(r"<link|<img|<iframe|@import|\bsrc=|\bfetch\(|XMLHttpRequest|WebSocket|sendBeacon", page)


def test_scripts_make_no_markup_of_texts() -> None:
    for file in ASSETS.glob("*.js"):
        words = r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|setTimeout\(['\"]"
        assert not re.search(words, file.read_text(encoding="utf-8")), file.name


@pytest.mark.parametrize("text", ["</script>", "<!--", "]]>", "&lt;", "\u2028\u2029", "\udc80", "\u202e", "\x00"])
def test_data_never_ends_the_element_that_it_stands_in(text: str) -> None:
    written = script_json({text: [text]})
    assert not set(written) & set("<>&\u2028\u2029\u202e\udc80\x00")
    assert json.loads(written) == {text: [text]}


def test_hostile_names_add_no_element(tmp_path: Path) -> None:
    tags = re.compile(r"<(?:script|style|img|svg|main)\b")
    plain = render(sample.report(tmp_path), extras=sample.extras())
    page = render(sample.hostile(tmp_path), extras=sample.extras(sample.HOSTILE))
    assert tags.findall(page) == tags.findall(plain)
    assert not set(page) & set("\u202e\x1b\udc80")


def test_every_text_stands_once_in_both_languages(report: Report) -> None:
    data = data_of(render(report, language="ko"))
    assert data["language"] == "ko"
    texts = [json.dumps(text) for text in data["texts"]]
    assert len(texts) == len(set(texts))
    assert ["Two zones SHOP-1", "가용 영역 두 곳 SHOP-1"] in data["texts"]
    assert len(data["findings"]) == len(report.findings)


def test_notifications_are_in_both_languages(report: Report) -> None:
    report.notifications = [Notification(Level.ERROR, "the module network has no source")]
    data = data_of(render(report))
    ((_, what, _),) = data["notifications"]
    english, korean = data["texts"][what]
    assert english == "the module network has no source"
    assert re.search("[가-힣]", korean)


def test_only_some_verdicts(report: Report) -> None:
    assert len(data_of(render(report, only=[Verdict.UNKNOWN]))["findings"]) == 1


def test_secrets_are_not_in_the_file(report: Report) -> None:
    assert "not-for-your-eyes" in sample.MAIN
    assert "not-for-your-eyes" not in render(report)


def test_edits_for_another_text_are_shown_as_what_they_add(report: Report, tmp_path: Path) -> None:
    (tmp_path / "infra/main.tf").write_text("shorter now\n", encoding="utf-8")
    data = data_of(render(report))
    lines = data["findings"][0][-2]["files"][0]["lines"]
    assert [(sign, data["texts"][text]) for sign, text in lines] == [("+", "true")]


def test_code_of_files_that_are_gone_is_left_out(report: Report) -> None:
    data = data_of(render(replace(report, base="nowhere")))
    assert {place[4] for place in data["places"]} == {None}


def test_every_word_is_used_and_there_in_both_languages() -> None:
    scripts = "\n".join(file.read_text(encoding="utf-8") for file in sorted(ASSETS.iterdir()) if file.suffix != ".css")
    families = ("verdict.", "severity.", "level.", "kind.", "act.", "flow.", "change.", "title.", "theme.", "view.")
    for key, text in WORDS.items():
        assert isinstance(text, Text)
        assert text.en
        assert text.ko
        assert key.startswith(families) or re.search(rf"['\".]{re.escape(key)}\b", scripts), key


def test_a_scan_adds_network_and_matrix(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(Path(__file__).resolve().parents[2])
    file = tmp_path / "report.html"
    assert run(["scan", "examples/tripgen-drifted", "--lang", "en", "--quiet", "--format", f"html={file}"]) == 1
    page = file.read_text(encoding="utf-8")
    data = data_of(page)
    (network,) = data["networks"]
    unexpected = [[data["texts"][text] for text in flow[:3]] for flow in network["flows"] if flow[3] == "unexpected"]
    assert unexpected == [["10.0.0.0/16", "database-nsg", "tcp 5432"]]
    assert page.count("<svg") == 1
    (trace,) = data["traces"]
    verdicts = {statement[-1] for section in trace["sections"] for statement in section["rows"]}
    assert {"pass", "fail", "review", None} <= verdicts


def test_an_audit_adds_its_history(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    cli_project.write(tmp_path)
    header = Header("2026-01-02T03:04:05Z", "aws", {"account": "111122223333"}, (), None)
    write_snapshot(tmp_path / "account.jsonl", header, [])
    for _ in range(2):
        run(["audit", "aws", "--baseline", "shop.yaml", "--snapshot", "account.jsonl", "--history", "audits.sqlite",
             "--quiet", "--format", "html=report.html", "--format", "json=report.json"])  # fmt: skip
    data = data_of(Path("report.html").read_text(encoding="utf-8"))
    (trend,) = data["trends"]
    assert len(trend["audits"]) == 2
    assert len(data["traces"]) == 1
    run(["report", "report.json", "--format", "html=again.html", "--quiet"])
    again = data_of(Path("again.html").read_text(encoding="utf-8"))
    assert again["trends"] == again["traces"] == again["networks"] == []
    assert len(again["findings"]) == len(data["findings"])


def test_drift_has_its_table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    cli_project.write(tmp_path)
    types = frozenset({"aws_db_instance"})
    database = live("aws_db_instance", "db-1", identifier="shop-db", engine="postgres", multi_az=True)
    write_snapshot(
        tmp_path / "account.jsonl",
        Header("2026-01-02T00:00:00Z", "aws", {"account": "111122223333"}, (), types),
        [database],
    )
    run(["drift", "--code", "infra", "--live", "account.jsonl", "--baseline", "shop.yaml", "--no-cache",
         "--quiet", "--format", "html=drift.html"])  # fmt: skip
    page = Path("drift.html").read_text(encoding="utf-8")
    lines = {line["meaning"]: line for line in data_of(page)["drift"]}
    texts = data_of(page)["texts"]
    assert [texts[lines["next_apply_breaks"][side]] for side in ("path", "code", "account")] == [
        "multi_az",
        "false",
        "true",
    ]
    assert '<section id="drift"' in page
    assert '<section id="trend"' not in page
