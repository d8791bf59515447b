"""Every requirement of knowledge-database-production is killed by a change that breaks it; other spellings pass."""

from __future__ import annotations

from pathlib import Path

import pytest

from scanner.model.finding import Verdict
from tests.mutants.harness import Laboratory, Mutant, load_mutants, wrong

HERE = Path(__file__).parent
MUTANTS = load_mutants(HERE / "knowledge_database.yaml")


@pytest.fixture(scope="module")
def laboratory(tmp_path_factory: pytest.TempPathFactory) -> Laboratory:
    example = HERE.parents[1] / "examples" / "knowledge-database"
    return Laboratory.of(example, tmp_path_factory.mktemp("knowledge"))


@pytest.fixture(scope="module")
def untouched(laboratory: Laboratory) -> dict[str, set[Verdict]]:
    return laboratory.verdicts()


def test_every_requirement_has_a_mutant(laboratory: Laboratory) -> None:
    static = {requirement.id for requirement in laboratory.baseline.requirements if requirement.kind == "static"}
    assert static - {mutant.requirement for mutant in MUTANTS if mutant.expect == "fail"} == set()


def test_a_third_of_the_requirements_is_tried_in_another_spelling(laboratory: Laboratory) -> None:
    static = {requirement.id for requirement in laboratory.baseline.requirements if requirement.kind == "static"}
    respelled = {mutant.requirement for mutant in MUTANTS if mutant.expect == "pass"}
    assert 3 * len(respelled & static) >= len(static)


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.name)
def test_a_mutant_does_what_it_says(laboratory: Laboratory, untouched: dict[str, set[Verdict]], mutant: Mutant) -> None:
    with laboratory.mutated(mutant):
        verdicts = laboratory.verdicts()
    assert wrong(mutant, untouched, verdicts) == []
