"""The compliant example is clean; the drifted one shows exactly its planted mistakes, where they were planted."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from scanner.model.finding import Enforce, Finding, Verdict
from tests.scanning import scan_example

EXAMPLES = Path(__file__).parents[1] / "examples"


@pytest.fixture(scope="module")
def compliant() -> list[Finding]:
    return scan_example("onno")


@pytest.fixture(scope="module")
def drifted() -> list[Finding]:
    return scan_example("onno-drifted")


def planted() -> list[dict[str, Any]]:
    mistakes = yaml.load((EXAMPLES / "onno-drifted" / "MISTAKES.yaml").read_text("utf-8"), Loader=yaml.CSafeLoader)
    assert isinstance(mistakes, list)
    return mistakes


def places(findings: list[Finding], requirement: str) -> set[tuple[str, int]]:
    return {
        (finding.location.path, finding.location.line)
        for finding in findings
        if finding.requirement == requirement and finding.verdict is Verdict.FAIL and finding.location
    }


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
    expected = {requirement for mistake in planted() for requirement in mistake["requirements"]}
    assert {finding.requirement for finding in drifted if finding.verdict is Verdict.FAIL} - known == expected
    assert [finding.requirement for finding in drifted if finding.verdict is Verdict.UNKNOWN] == []


@pytest.mark.parametrize("mistake", planted(), ids=lambda mistake: f"{mistake['file']}:{mistake['line']}")
def test_a_planted_mistake_is_shown_where_it_was_planted(mistake: dict[str, Any], drifted: list[Finding]) -> None:
    for requirement in mistake["requirements"]:
        assert places(drifted, requirement) == {(mistake["file"], mistake["line"])}
