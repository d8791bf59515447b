"""The files for every night fit the command line, and our own policies."""

import json
import re
import shlex
from pathlib import Path

import pytest
import yaml

from scanner.cli.audit import command
from scanner.cli.main import run

NIGHTLY = Path(__file__).parents[2] / "docs/nightly"
WORKFLOW = (NIGHTLY / "asbuilt-nightly.yml").read_text(encoding="utf-8")


def command_lines() -> list[str]:
    crontab = (NIGHTLY / "crontab").read_text(encoding="utf-8").partition("asbuilt-audit audit ")[2]
    container = json.loads(re.search(r"^CMD (.*)$", (NIGHTLY / "Containerfile").read_text("utf-8"), re.MULTILINE)[1])
    workflow = re.search(r"asbuilt audit (.*) \"\$@\"", WORKFLOW)[1]
    page = (NIGHTLY.parent / "nightly-audit.md").read_text(encoding="utf-8")
    shown = re.findall(r"^    asbuilt audit ([^#>\n]*)", page, re.MULTILINE)
    return [crontab.strip(), shlex.join(container[1:]), workflow, *shown]


@pytest.mark.parametrize("line", command_lines())
def test_every_command_line_is_one(line):
    context = command.make_context("audit", shlex.split(line))
    assert context.params["system"] in ("aws", "azure", "kubernetes")


def test_our_own_policies_have_nothing_against_them(capfd):
    assert run(["scan", str(NIGHTLY), "--lang", "en"]) == 0
    assert " 0 fail, 0 unknown" in capfd.readouterr().out


def test_the_workflow_has_no_stored_keys():
    assert "AWS_SECRET_ACCESS_KEY" not in WORKFLOW
    assert yaml.safe_load(WORKFLOW)["jobs"]["audit"]["permissions"]["id-token"] == "write"
    assert re.findall(r"secrets\.(\w+)", WORKFLOW) == ["ASBUILT_WEBHOOK_URL"]
