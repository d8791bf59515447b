"""Files that must stand beside others: translations that are there, are missing, are empty, or cannot be read."""

from __future__ import annotations

from pathlib import Path

import pytest

from scanner.facts import load_facts
from scanner.model.finding import Verdict
from scanner.policy.conditions import Call
from scanner.policy.functions import compile_call
from scanner.policy.world import World
from scanner.sources.collect import collect_code


def beside(directory: Path, path: str) -> Verdict:
    inventory = collect_code([directory], directory, files=True)
    resource = next(item for item in inventory.of_type("file") if item.address == path)
    world = World(inventory, load_facts())
    names = {"ending": ".ko.md", "other": ".md"}
    return compile_call(Call("file_beside", names))(world.subject(resource, resource)).verdict


@pytest.mark.parametrize(
    ("content", "verdict"),
    [(b"text", Verdict.PASS), (b" \n", Verdict.FAIL), (b"\xff\xfe\xfa", Verdict.UNKNOWN), (None, Verdict.FAIL)],
)
def test_a_translation(tmp_path: Path, content: bytes | None, verdict: Verdict) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "guide.ko.md").write_text("글", "utf-8")
    (tmp_path / "guide.md").write_text("of another folder", "utf-8")
    if content is not None:
        (tmp_path / "docs" / "guide.md").write_bytes(content)
    assert beside(tmp_path, "docs/guide.ko.md") is verdict


def test_other_files_need_none(tmp_path: Path) -> None:
    (tmp_path / "guide.md").write_text("text", "utf-8")
    assert beside(tmp_path, "guide.md") is Verdict.PASS
