"""What a shell is told when somebody presses Tab, asked for as bash asks."""

import os
import shutil
import subprocess
import sys

import pytest

from scanner.__main__ import main
from scanner.cli.completion import SHELLS


def completed(words: str, directory) -> list[str]:
    """What the command offers for the last of the words."""
    number = len(words.split()) - (0 if words.endswith(" ") else 1)
    environment = {**os.environ, "_ASBUILT_COMPLETE": "bash_complete", "COMP_WORDS": words, "COMP_CWORD": str(number)}
    done = subprocess.run(
        [sys.executable, "-m", "scanner"], env=environment, capture_output=True, text=True, cwd=directory, timeout=60
    )
    assert done.stderr == ""
    return [line.partition(",")[2] for line in done.stdout.splitlines() if line]


@pytest.fixture
def here(monkeypatch, request):
    monkeypatch.setenv("PYTHONPATH", str(request.config.rootpath))
    return request.config.rootpath


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        ("asbuilt sc", "scan"),
        ("asbuilt scan --form", "--format"),
        ("asbuilt scan --baseline onno", "onno-production"),
        ("asbuilt scan --policy rds-multi", "rds-multi-az"),
        ("asbuilt explain onno-rds-00", "ONNO-RDS-001"),
        ("asbuilt explain --baseline onno-production ONNO-RDS-00", "ONNO-RDS-001"),
        ("asbuilt baseline show trip", "tripgen-production"),
        ("asbuilt policy show rds-multi", "rds-multi-az"),
    ],
)
def test_names_are_completed(words, offered, here):
    assert offered in completed(words, here)


def test_only_requirements_of_the_named_baseline_are_offered(here):
    assert not [name for name in completed("asbuilt explain --baseline onno-production TRIP", here) if "TRIP" in name]


def test_a_baseline_that_cannot_be_read_offers_nothing_and_says_nothing(here):
    assert completed("asbuilt explain --baseline nowhere.yaml ON", here) == []


@pytest.mark.parametrize("shell", SHELLS)
def test_the_script_is_what_the_shell_reads(shell, capsys):
    assert main(["completion", shell]) == 0
    script = capsys.readouterr().out
    assert "_ASBUILT_COMPLETE" in script
    program = shutil.which(shell)
    if program:
        assert subprocess.run([program, "-n"], input=script, text=True, timeout=60).returncode == 0
