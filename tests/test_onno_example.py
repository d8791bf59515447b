"""The compliant example is clean; the drifted one shows exactly its planted mistakes, where they were planted."""

from __future__ import annotations

from typing import Any

import pytest

from scanner.model.finding import Enforce, Finding, Verdict
from tests.scanning import places, planted, scan_example

MISTAKES = planted("onno-drifted")


@pytest.fixture(scope="module")
def compliant() -> list[Finding]:
    return scan_example("onno")


@pytest.fixture(scope="module")
def drifted() -> list[Finding]:
    return scan_example("onno-drifted")


def test_the_compliant_example_violates_nothing_that_is_required(compliant: list[Finding]) -> None:
    assert [finding.requirement for finding in compliant if finding.violates] == []


def test_the_compliant_example_leaves_nothing_undecided(compliant: list[Finding]) -> None:
    assert [(finding.requirement, finding.reason) for finding in compliant if finding.verdict is Verdict.UNKNOWN] == []


def test_the_compliant_example_contradicts_the_document_only_where_the_document_contradicts_itself(
    compliant: list[Finding],
) -> None:
    failing = {finding.requirement for finding in compliant if finding.verdict is Verdict.FAIL}
    assert failing == {"ONNO-DEPLOY-005", "ONNO-RDS-026"}
    assert all(finding.enforce is Enforce.ADVISORY for finding in compliant if finding.verdict is Verdict.FAIL)


def test_the_drifted_example_shows_exactly_the_planted_mistakes(
    compliant: list[Finding], drifted: list[Finding]
) -> None:
    known = {finding.requirement for finding in compliant if finding.verdict is Verdict.FAIL}
    expected = {requirement for mistake in MISTAKES for requirement in mistake["requirements"]}
    assert {finding.requirement for finding in drifted if finding.verdict is Verdict.FAIL} - known == expected
    assert [finding.requirement for finding in drifted if finding.verdict is Verdict.UNKNOWN] == []


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda mistake: f"{mistake['file']}:{mistake['line']}")
def test_a_planted_mistake_is_shown_where_it_was_planted(mistake: dict[str, Any], drifted: list[Finding]) -> None:
    for requirement in mistake["requirements"]:
        assert places(drifted, requirement) == {(mistake["file"], mistake["line"])}
