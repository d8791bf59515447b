"""Pairs of examples: the compliant one is clean, the drifted one shows exactly its mistakes, where they were planted.

A pair is `examples/<system>` and `examples/<system>-drifted` with its MISTAKES.yaml. Systems that have a module of
their own (test_<system>_example.py) are left to it.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from scanner.model.finding import Enforce, Finding, Verdict
from tests.scanning import EXAMPLES, places, planted, scan_example

_DRIFTED = sorted(path.parent.name for path in EXAMPLES.glob("*-drifted/MISTAKES.yaml"))
SYSTEMS = [
    name
    for name in (drifted.removesuffix("-drifted") for drifted in _DRIFTED)
    if not (Path(__file__).parent / f"test_{name.replace('-', '_')}_example.py").exists()
]
MISTAKES = [(system, mistake) for system in SYSTEMS for mistake in planted(f"{system}-drifted")]

_scanned = cache(scan_example)


def _failing(findings: list[Finding]) -> set[str | None]:
    return {finding.requirement for finding in findings if finding.verdict is Verdict.FAIL}


@pytest.mark.parametrize("system", SYSTEMS)
def test_the_compliant_example_violates_nothing_that_is_required(system: str) -> None:
    assert [finding.requirement for finding in _scanned(system) if finding.violates] == []
    assert all(finding.enforce is Enforce.ADVISORY for finding in _scanned(system) if finding.verdict is Verdict.FAIL)


@pytest.mark.parametrize("system", SYSTEMS)
def test_neither_example_leaves_anything_undecided(system: str) -> None:
    for name in (system, f"{system}-drifted"):
        undecided = [(item.requirement, item.reason) for item in _scanned(name) if item.verdict is Verdict.UNKNOWN]
        assert undecided == []


@pytest.mark.parametrize("system", SYSTEMS)
def test_the_drifted_example_shows_exactly_the_planted_mistakes(system: str) -> None:
    expected = {requirement for mistake in planted(f"{system}-drifted") for requirement in mistake["requirements"]}
    assert _failing(_scanned(f"{system}-drifted")) - _failing(_scanned(system)) == expected
    assert len(planted(f"{system}-drifted")) == 12


@pytest.mark.parametrize(
    ("system", "mistake"), MISTAKES, ids=[f"{system}: {item['file']}:{item['line']}" for system, item in MISTAKES]
)
def test_a_planted_mistake_is_shown_where_it_was_planted(system: str, mistake: dict[str, object]) -> None:
    requirements = mistake["requirements"]
    assert isinstance(requirements, list)
    for requirement in requirements:
        assert places(_scanned(f"{system}-drifted"), requirement) == {(mistake["file"], mistake["line"])}


@pytest.mark.parametrize("system", SYSTEMS)
def test_nothing_else_differs_between_the_examples(system: str) -> None:
    changed = {mistake["file"] for mistake in planted(f"{system}-drifted")} | {"README.md", "asbuilt.yaml"}
    drifted = EXAMPLES / f"{system}-drifted"
    for file in (EXAMPLES / system).rglob("*"):
        name = file.relative_to(EXAMPLES / system).as_posix()
        if file.is_file() and name not in changed:
            assert (drifted / name).read_bytes() == file.read_bytes(), name
