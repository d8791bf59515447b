"""AI model management: the compliant example is clean; the drifted one shows exactly its planted mistakes."""

from __future__ import annotations

from typing import Any

import pytest

from scanner.model.finding import Finding, Verdict
from tests.scanning import EXAMPLES, places, planted, scan_example

COMPLIANT = EXAMPLES / "ai-model-management"
DRIFTED = EXAMPLES / "ai-model-management-drifted"
MISTAKES = planted(DRIFTED.name)


@pytest.fixture(scope="module")
def compliant() -> list[Finding]:
    return scan_example(COMPLIANT.name)


@pytest.fixture(scope="module")
def drifted() -> list[Finding]:
    return scan_example(DRIFTED.name)


def test_the_compliant_example_passes_everywhere(compliant: list[Finding]) -> None:
    verdicts = {(finding.requirement, finding.verdict) for finding in compliant}
    assert [item for item in verdicts if item[1] not in (Verdict.PASS, Verdict.REVIEW)] == []


def test_the_drifted_example_shows_exactly_the_planted_mistakes(drifted: list[Finding]) -> None:
    expected = {requirement for mistake in MISTAKES for requirement in mistake["requirements"]}
    assert {finding.requirement for finding in drifted if finding.verdict is Verdict.FAIL} == expected
    assert [finding.requirement for finding in drifted if finding.verdict is Verdict.UNKNOWN] == []


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda mistake: f"{mistake['file']}:{mistake['line']}")
def test_a_planted_mistake_is_shown_where_it_was_planted(mistake: dict[str, Any], drifted: list[Finding]) -> None:
    for requirement in mistake["requirements"]:
        assert places(drifted, requirement) == {(mistake["file"], mistake["line"])}


def test_the_mistakes_are_spread_over_terraform_and_the_manifests() -> None:
    assert len(MISTAKES) == 12
    assert {mistake["file"].rpartition(".")[2] for mistake in MISTAKES} >= {"tf", "tfvars", "env", "yml"}


def test_nothing_else_differs_between_the_examples() -> None:
    changed = {mistake["file"] for mistake in MISTAKES} | {"README.md", "asbuilt.yaml"}
    names = {file.relative_to(COMPLIANT).as_posix() for file in COMPLIANT.rglob("*") if file.is_file()}
    for name in names - changed:
        assert (COMPLIANT / name).read_bytes() == (DRIFTED / name).read_bytes()
    added = {file.relative_to(DRIFTED).as_posix() for file in DRIFTED.rglob("*") if file.is_file()} - names
    assert added == {"MISTAKES.yaml"}
