"""Checked policies and baselines between runs."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest
from definition_files import BASELINE, POLICY
from engine import FACTS

from scanner.errors import DefinitionError
from scanner.policy import cache as cache_module
from scanner.policy.baseline import load_baseline


@pytest.fixture(autouse=True)
def place(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "cache" / "asbuilt"


@pytest.fixture
def no_yaml(monkeypatch):
    """Reading YAML is an error from when it is called."""

    def stop():
        def fail(text, file):
            raise AssertionError(f"{file} was read again")

        monkeypatch.setattr("scanner.policy.read_policy.read_yaml", fail)
        monkeypatch.setattr("scanner.policy.read_baseline.read_yaml", fail)

    return stop


def test_a_warm_start_reads_no_yaml_and_gives_the_same(files, no_yaml):
    cold = files.baseline(cache=True)
    policies = files.library(cache=True).policies()
    no_yaml()
    warm = files.baseline(cache=True)
    assert files.library(cache=True).policies() == policies
    for name in ("id", "document", "scope", "stage", "stages", "inputs", "components", "requirements", "file"):
        assert getattr(warm, name) == getattr(cold, name), name
    assert list(warm.rules()) == list(cold.rules())


def test_a_changed_file_is_read_again(files):
    files.library(cache=True).policies()
    files.policy(POLICY.replace("severity: high", "severity: low"))
    assert files.library(cache=True).policy("backup-days").severity.value == "low"


def test_only_the_last_content_of_a_file_is_kept(files, place):
    for severity in ("low", "medium", "high"):
        files.policy(POLICY.replace("severity: high", f"severity: {severity}"))
        files.library(cache=True).policies()
    (bundle,) = place.glob("policies-*.json")
    assert len(json.loads(bundle.read_text())) == 1


def test_a_baseline_is_checked_again_when_a_policy_changes_its_parameters(files):
    files.baseline(cache=True)
    files.policy(POLICY.replace("min_days", "least_days"))
    with pytest.raises(DefinitionError, match=r"with\.min_days: unknown key"):
        files.baseline(cache=True)


def test_a_baseline_is_not_checked_again_when_only_words_of_a_policy_change(files, no_yaml):
    files.baseline(cache=True)
    files.policy(POLICY.replace("A restore needs a backup.", "Data comes back."))
    files.library(cache=True).policies()
    no_yaml()
    assert next(files.baseline(cache=True).rules()).description.en == "Data comes back."


@pytest.mark.parametrize("content", ["", "{", "[]", "null", '{"backup-days:x": 1}', "\x00" * 100])
def test_a_broken_cache_is_not_used(files, place, content):
    files.library(cache=True).policies()
    for bundle in place.iterdir():
        bundle.write_text(content)
    assert [policy.id for policy in files.library(cache=True).policies()] == ["backup-days"]


def test_entries_of_another_shape_are_not_used(files, place):
    files.baseline(cache=True)
    for bundle in place.iterdir():
        data = json.loads(bundle.read_text())
        bundle.write_text(json.dumps({key: {"id": 1} for key in data}))
    assert files.baseline(cache=True).id == "shop"


def test_without_a_cache_nothing_is_written(files, place):
    files.baseline()
    assert not place.exists()


def test_a_directory_that_cannot_be_written_is_no_error(files, tmp_path, monkeypatch):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    assert files.baseline(cache=True).id == "shop"


def test_no_temporary_files_are_left(files, place):
    files.baseline(cache=True)
    assert all(bundle.suffix == ".json" and not bundle.name.startswith(".") for bundle in place.iterdir())


def test_the_cache_can_be_switched_off_by_the_environment(files, place, monkeypatch):
    monkeypatch.setenv("ASBUILT_NO_CACHE", "1")
    files.baseline(cache=True)
    assert not place.exists()


def test_another_version_of_the_tool_has_a_cache_of_its_own(files, place, monkeypatch):
    files.library(cache=True).policies()
    monkeypatch.setattr(cache_module, "__version__", "99.0")
    files.library(cache=True).policies()
    assert len(list(place.glob("policies-*.json"))) == 2


def test_a_relative_cache_directory_is_not_used(monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", "cache")
    monkeypatch.setenv("HOME", "/home/someone")
    assert str(cache_module.default_directory()) == "/home/someone/.cache/asbuilt"


def test_a_warm_start_imports_no_yaml(files):
    files.baseline(BASELINE, cache=True)
    code = """
import sys
sys.path.insert(0, sys.argv[1])
from engine import FACTS
sys.modules.pop("yaml", None)
for name in [name for name in sys.modules if name.startswith("yaml")]:
    del sys.modules[name]
from pathlib import Path
from scanner.policy.library import Library
from scanner.policy.baseline import load_baseline
load_baseline(Path("shop.yaml"), Library.load([Path("policies")], FACTS), FACTS)
print(sorted(name for name in sys.modules if name.split(".")[0] in ("yaml", "jsonschema")))
"""
    from pathlib import Path

    result = subprocess.run(
        [sys.executable, "-c", code, str(Path(__file__).parent)], capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert result.stdout == "[]\n"


def test_a_file_is_found_by_path(files, tmp_path):
    files.baseline()
    assert load_baseline(tmp_path / "shop.yaml", files.library(), FACTS, cache=False).id == "shop"
