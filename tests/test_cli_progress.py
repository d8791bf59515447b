"""Progress of long work: on a terminal, where it takes long, and nowhere else."""

import os
import pty
import subprocess
import sys

import cli_project
import pytest

from scanner.model.progress import Phase, counted

SCAN = """
import sys
import scanner.cli.progress as progress
progress._PATIENCE = float(sys.argv[1])
progress._REFRESH = 0
from scanner.__main__ import main
sys.exit(main(["scan", "infra", "--baseline", "shop.yaml", *sys.argv[2:]]))
"""


@pytest.fixture(autouse=True)
def project(tmp_path, monkeypatch, request):
    cli_project.write(tmp_path)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTHONPATH", str(request.config.rootpath))
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    monkeypatch.setenv("TERM", "xterm")
    return tmp_path


def on_terminal(patience: float, *arguments: str) -> tuple[str, str]:
    """Standard output, and what a terminal at standard error is told."""
    ours, theirs = pty.openpty()
    done = subprocess.Popen(
        [sys.executable, "-c", SCAN, str(patience), *arguments], stdout=subprocess.PIPE, stderr=theirs, text=True
    )
    os.close(theirs)
    told = b""
    while True:
        try:
            piece = os.read(ours, 4096)
        except OSError:  # Linux says so when the other side is closed
            break
        if not piece:
            break
        told += piece
    output, _ = done.communicate(timeout=60)
    os.close(ours)
    return output, told.decode()


def test_long_work_says_where_it_is():
    _, told = on_terminal(0)
    assert "reading" in told
    assert "checking" in told


def test_in_korean():
    assert "검사 중" in on_terminal(0, "--lang", "ko")[1]


def test_short_work_says_nothing():
    assert on_terminal(60)[1] == ""


@pytest.mark.parametrize("name", ["--quiet"])
def test_nothing_where_it_is_not_wanted(name):
    assert on_terminal(0, name)[1] == ""


def test_the_report_is_the_same():
    assert on_terminal(0)[0] == on_terminal(60)[0]


def test_nothing_without_a_terminal():
    done = subprocess.run([sys.executable, "-c", SCAN, "0"], capture_output=True, text=True, timeout=60)
    assert "checking" not in done.stderr


def test_several_items_of_one_requirement_count_once():
    seen = []
    items = list(counted("aabbc", lambda *call: seen.append(call), Phase.CHECK, 3, key=lambda item: item))
    assert items == list("aabbc")
    assert seen == [(Phase.CHECK, 0, 3), (Phase.CHECK, 1, 3), (Phase.CHECK, 2, 3), (Phase.CHECK, 3, 3)]
