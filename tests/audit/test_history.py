"""The history: what is new, fixed, persisting, back again; never fixed where it could not be decided."""

import json
import multiprocessing
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest
from audited import DENIED

from reports import finding, report
from scanner.cli.history_text import sparkline
from scanner.cli.main import run
from scanner.errors import SourceError
from scanner.history import History, scope_of
from scanner.model.inventory import Level, Notification

HIDDEN = Notification(Level.ERROR, "rds DescribeDBInstances: access denied", hides=("aws_db_instance",))


@pytest.fixture
def history(tmp_path):
    return History(tmp_path / "audits.sqlite")


def kinds(changes) -> dict[str, list[str]]:
    return {
        kind: [entry.rule for entry in getattr(changes, kind)]
        for kind in ("new", "regressed", "persisting", "fixed", "undecided")
        if getattr(changes, kind)
    }


def recorded(history, *reports) -> list[dict[str, list[str]]]:
    return [kinds(history.record(item, keep_days=100_000)) for item in reports]


def test_a_violation_from_its_first_night_to_its_return(history):
    nights = [
        report(finding("A", "pass"), day=1),
        report(finding("A", "fail"), day=2),
        report(finding("A", "fail"), day=3),
        report(finding("A", "pass"), day=4),
        report(finding("A", "pass"), day=5),
        report(finding("A", "fail"), day=6),
    ]
    assert recorded(history, *nights) == [
        {},
        {"new": ["A"]},
        {"persisting": ["A"]},
        {"fixed": ["A"]},
        {},
        {"regressed": ["A"]},
    ]


def test_the_first_day_of_a_violation_is_kept_and_begins_anew_with_its_return(history):
    def since(day, verdict="fail"):
        changes = history.record(report(finding("A", verdict), day=day), keep_days=100_000)
        return [entry.since[8:10] for entry in changes.new + changes.persisting + changes.regressed]

    assert [since(1), since(2), since(3, "pass"), since(4), since(5)] == [["01"], ["01"], [], ["04"], ["04"]]


@pytest.mark.parametrize(
    ("second", "expected"),
    [
        ([finding("A", "unknown")], "undecided"),
        ([finding("A", "unknown", None)], "undecided"),
        ([finding("A", "pass")], "fixed"),
        ([finding("A", "not_applicable")], "fixed"),
        ([finding("A", "fail", path="other")], "fixed"),
        ([finding("A", "pass", "another-db")], "fixed"),
        ([finding("A", "pass", "another-db"), finding("A", "unknown", "third-db")], "fixed"),
        ([], "fixed"),
    ],
)
def test_what_is_no_longer_seen_failing_is_fixed_only_if_that_is_certain(history, second, expected):
    _, changes = recorded(history, report(finding("A", "fail")), report(*second, day=2))
    assert expected in changes


@pytest.mark.parametrize(
    ("notification", "expected"),
    [
        (HIDDEN, "undecided"),
        (Notification(Level.ERROR, "the snapshot is torn"), "undecided"),
        (DENIED, "fixed"),
        (Notification(Level.WARNING, "a sign-off ends soon"), "fixed"),
        (Notification(Level.WARNING, "no source reads it", hides=HIDDEN.hides), "undecided"),
    ],
)
def test_a_resource_that_may_only_not_have_been_read_is_not_fixed(history, notification, expected):
    second = report(day=2, notifications=[notification])
    assert recorded(history, report(finding("A", "fail")), second)[1] == {expected: ["A"]}


def test_undecided_for_a_night_is_neither_new_nor_back_afterwards(history):
    nights = [report(finding("A", verdict), day=day) for day, verdict in enumerate(["fail", "unknown", "fail"], 1)]
    assert recorded(history, *nights) == [{"new": ["A"]}, {"undecided": ["A"]}, {"persisting": ["A"]}]


def test_a_missing_component_that_is_there_now_is_fixed(history):
    nights = [report(finding("A", "fail", None)), report(finding("A", "pass"), day=2)]
    assert recorded(history, *nights)[1] == {"fixed": ["A"]}


def test_an_accepted_deviation_is_no_news_and_not_fixed(history):
    assert recorded(
        history,
        report(finding("A", "fail", waived=True), finding("B", "fail")),
        report(finding("A", "fail", waived=True), finding("B", "fail", waived=True), day=2),
    ) == [{"new": ["B"]}, {"persisting": ["B"]}]


def test_accounts_are_not_compared_with_each_other(history):
    one, other = report(finding("A", "fail")), report(finding("A", "fail"), account="210987654321")
    assert recorded(history, one, other) == [{"new": ["A"]}, {"new": ["A"]}]
    assert scope_of(one) != scope_of(other)
    assert scope_of(one) == scope_of(report(day=2))


def test_old_audits_are_forgotten_but_never_the_last(history):
    for day in (1, 2, 3):
        history.record(report(finding("A", "fail"), day=day), keep_days=100_000)
    old, last = report(finding("A", "fail"), account="1"), report(finding("A", "fail"), day=4)
    history.record(old, keep_days=100_000)
    last.started = "2999-01-01T00:00:00Z"
    changes = history.record(last, keep_days=1)
    assert [run.started for run in history.runs()] == [old.started, last.started]
    assert [entry.since for entry in changes.persisting] == ["2026-11-01T18:00:00Z"]


def test_every_verdict_is_kept_and_no_value(history, tmp_path):
    history.record(report(finding("A", "fail"), finding("B", "pass"), finding("B", "unknown")))
    with sqlite3.connect(tmp_path / "audits.sqlite") as file:
        assert sorted(row[0] for row in file.execute("SELECT verdict FROM verdicts")) == ["fail", "unknown"]
        assert "hunter2" not in "\n".join(file.iterdump())
    file.close()


@pytest.mark.parametrize("content", [b"not a database" * 100, None])
def test_what_is_no_history_is_left_alone(tmp_path, content):
    path = tmp_path / "other.sqlite"
    if content:
        path.write_bytes(content)
    else:
        with sqlite3.connect(path) as file:
            file.execute("CREATE TABLE customers (name TEXT)")
        file.close()
    with pytest.raises(SourceError, match=r"another database|not a database"):
        History(path)


def test_a_history_of_a_later_version_is_not_touched(history, tmp_path):
    with sqlite3.connect(tmp_path / "audits.sqlite") as file:
        file.execute("PRAGMA user_version = 99")
    file.close()
    with pytest.raises(SourceError, match="later version"):
        History(tmp_path / "audits.sqlite")


def write_some(path: str, account: int) -> None:
    for day in range(1, 9):
        findings = [finding("A", "fail" if day % 2 else "pass"), finding("B", "fail")]
        History(Path(path)).record(report(*findings, day=day, account=f"{account:012}"), keep_days=100_000)


def test_audits_at_the_same_time_lose_nothing(tmp_path):
    path = tmp_path / "audits.sqlite"
    context = multiprocessing.get_context("spawn")
    writers = [context.Process(target=write_some, args=(str(path), account)) for account in (1, 2, 3)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(60)
    history = History(path)
    runs = history.runs()
    assert [writer.exitcode for writer in writers] == [0, 0, 0]
    assert len(runs) == 24
    for scope in {item.scope for item in runs}:
        again = [kinds(history.changes(item)).get("regressed") for item in history.runs(scope)]
        assert again == [None, None, ["A"], None, ["A"], None, ["A"], None]


WRITER = """
import sys
sys.path.insert(0, sys.argv[1])
from reports import finding, report
from pathlib import Path
from scanner.history import History
history = History(Path(sys.argv[2]))
print("go", flush=True)
day = 0
while True:
    day = day % 28 + 1
    findings = [finding(f"R{number}", "fail", f"db-{day}") for number in range(100)]
    history.record(report(*findings, day=day), keep_days=100_000)
"""


def test_a_kill_at_any_moment_leaves_whole_audits(tmp_path):
    path = tmp_path / "audits.sqlite"
    chance = random.Random(6)
    for _ in range(6):
        arguments = [sys.executable, "-c", WRITER, str(Path(__file__).parent), str(path)]
        process = subprocess.Popen(arguments, stdout=subprocess.PIPE)
        assert process.stdout is not None
        process.stdout.readline()
        time.sleep(chance.uniform(0.0, 0.2))
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        process.stdout.close()
        with sqlite3.connect(path) as file:
            assert file.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
            assert {row[0] for row in file.execute("SELECT count(*) FROM verdicts GROUP BY run")} <= {100}
            runs, listed = (file.execute(f"SELECT count(DISTINCT {name}) FROM {table}").fetchone()[0]
                            for name, table in (("id", "runs"), ("run", "verdicts")))  # fmt: skip
            assert runs == listed
        file.close()


class TestCommand:
    @pytest.fixture(autouse=True)
    def place(self, tmp_path, monkeypatch, history):
        monkeypatch.chdir(tmp_path)
        history.record(report(finding("A", "fail"), finding("B", "fail"), day=1), keep_days=100_000)
        history.record(report(finding("A", "fail"), finding("B", "pass"), day=2), keep_days=100_000)

    def test_shows_what_changed(self, capfd):
        assert run(["history", "--file", "audits.sqlite", "--lang", "en"]) == 0
        shown = capfd.readouterr().out
        assert "shop (account 123456789012): 2 audits, the last on 2026-11-02" in shown
        assert "violations █▅ 2 → 1" in shown
        assert (
            "Persisting (1)\n  high      A  Title of A  123456789012/ap-northeast-2//aws_db_instance/shop-db" in shown
        )
        assert "Fixed (1)" in shown

    def test_speaks_korean(self, capfd):
        assert run(["history", "--file", "audits.sqlite", "--lang", "ko"]) == 0
        assert "해결 (1)" in capfd.readouterr().out

    def test_gives_json(self, capfd, tmp_path):
        (tmp_path / "asbuilt.yaml").write_text("history: audits.sqlite\n", encoding="utf-8")
        assert run(["history", "--format", "json", "--baseline", "shop"]) == 0
        entry = json.loads(capfd.readouterr().out)["history"][0]
        assert [item["rule"] for item in entry["changes"]["fixed"]] == ["B"]
        assert [item["summary"]["fail"] for item in entry["runs"]] == [2, 1]

    def test_knows_only_what_it_has(self, capfd):
        assert run(["history", "--file", "audits.sqlite", "--baseline", "other", "--lang", "en"]) == 0
        assert capfd.readouterr().out == "The history has no audits.\n"

    @pytest.mark.parametrize(
        ("arguments", "said"), [([], "which history?"), (["--file", "audit.sqlite"], "did you mean audits.sqlite?")]
    )
    def test_asks_for_a_file(self, capfd, arguments, said):
        assert run(["history", *arguments]) == 2
        assert said in capfd.readouterr().err


@pytest.mark.parametrize(
    ("figures", "bars"), [([], ""), ([0, 0], "▁▁"), ([4, 2, 0], "█▅▁"), ([1], "█"), ([0, 100, 50], "▁█▅")]
)
def test_bars_stand_for_figures(figures, bars):
    assert sparkline(figures) == bars
