"""The examples are what terraform and the real provider accepted: the recorded digests match the files."""

import importlib.util
import json
import os
import shutil
from pathlib import Path
from types import ModuleType

import pytest


def load_tool() -> ModuleType:
    path = Path(__file__).resolve().parent.parent / "tools" / "validate_examples.py"
    spec = importlib.util.spec_from_file_location("validate_examples", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


TOOL = load_tool()
RECORD = json.loads(TOOL.RECORD.read_text(encoding="utf-8"))
ROOTS = sorted(TOOL.name_of(root) for root in TOOL.root_modules())


def test_every_root_module_was_validated() -> None:
    assert sorted(RECORD["roots"]) == ROOTS
    assert set(RECORD["versions"]) == {"terraform", "provider"}


@pytest.mark.parametrize("root", ROOTS)
def test_what_was_validated_is_what_is_there(root: str) -> None:
    recorded = RECORD["roots"][root]
    assert recorded["success"] is True
    assert [line for line in recorded["diagnostics"] if line.startswith("error")] == []
    assert recorded["digest"] == TOOL.digest(TOOL.ROOT / root), "run tools/validate_examples.py again"


def test_a_change_changes_the_digest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = tmp_path / "examples" / "x" / "environments" / "one"
    root.mkdir(parents=True)
    (root / "main.tf").write_text("# one\n")
    monkeypatch.setattr(TOOL, "ROOT", tmp_path)
    before = TOOL.digest(root)
    (root / "main.tf").write_text("# two\n")
    assert TOOL.digest(root) != before


@pytest.mark.skipif(
    not (os.environ.get(TOOL.MIRROR) and shutil.which("terraform")), reason="needs terraform and a provider mirror"
)
def test_validation_gives_what_is_recorded() -> None:
    assert TOOL.record()["roots"] == RECORD["roots"]
