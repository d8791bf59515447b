"""TripGen: the compliant example is clean; the drifted one shows exactly its planted mistakes, in their places."""

from __future__ import annotations

from typing import Any

import pytest

from scanner.model.finding import Finding, Verdict
from tests.scanning import EXAMPLES, places, planted, scan_example

MISTAKES = planted("tripgen-drifted")


@pytest.fixture(scope="module")
def compliant() -> list[Finding]:
    return scan_example("tripgen")


@pytest.fixture(scope="module")
def drifted() -> list[Finding]:
    return scan_example("tripgen-drifted")


def test_the_compliant_example_fails_nowhere(compliant: list[Finding]) -> None:
    assert [finding.requirement for finding in compliant if finding.verdict is Verdict.FAIL] == []


def test_the_compliant_example_leaves_nothing_undecided(compliant: list[Finding]) -> None:
    assert [(finding.requirement, finding.reason) for finding in compliant if finding.verdict is Verdict.UNKNOWN] == []


def test_only_the_other_kind_of_persistence_and_what_excludes_it_do_not_apply(compliant: list[Finding]) -> None:
    """The cache keeps a log: snapshots do not apply, and with persistence neither does geo-replication."""
    without = {finding.requirement for finding in compliant if finding.verdict is Verdict.NOT_APPLICABLE}
    assert without == {"TRIPGEN-REDIS-005", "TRIPGEN-REDIS-012"}


def test_the_drifted_example_shows_exactly_the_planted_mistakes(drifted: list[Finding]) -> None:
    expected = {requirement for mistake in MISTAKES for requirement in mistake["requirements"]}
    assert {finding.requirement for finding in drifted if finding.verdict is Verdict.FAIL} == expected
    assert [finding.requirement for finding in drifted if finding.verdict is Verdict.UNKNOWN] == []


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda mistake: f"{mistake['file']}:{mistake['line']}")
def test_a_planted_mistake_is_shown_where_it_was_planted(mistake: dict[str, Any], drifted: list[Finding]) -> None:
    for requirement in mistake["requirements"]:
        assert places(drifted, requirement) == {(mistake["file"], mistake["line"])}


def test_the_mistakes_are_spread_over_terraform_kubernetes_and_argo() -> None:
    assert len(MISTAKES) == 12
    assert {mistake["file"].split("/")[0] for mistake in MISTAKES} >= {"terraform", "k8s", "argocd"}


def test_nothing_else_differs_between_the_examples() -> None:
    changed = {mistake["file"] for mistake in MISTAKES}
    for file in (EXAMPLES / "tripgen").rglob("*"):
        name = file.relative_to(EXAMPLES / "tripgen").as_posix()
        if file.is_file() and name != "README.md":
            drifted = EXAMPLES / "tripgen-drifted" / name
            assert (drifted.read_text("utf-8") == file.read_text("utf-8")) == (name not in changed), name
