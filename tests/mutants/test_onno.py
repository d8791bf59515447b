"""Every requirement of onno-production is killed by a change that breaks it, and by nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from scanner.model.finding import Verdict
from tests.mutants.harness import Laboratory, Mutant, load_mutants, wrong

HERE = Path(__file__).parent
MUTANTS = load_mutants(HERE / "onno.yaml")


@pytest.fixture(scope="module")
def laboratory(tmp_path_factory: pytest.TempPathFactory) -> Laboratory:
    example = HERE.parents[1] / "examples" / "onno"
    return Laboratory.of(example, tmp_path_factory.mktemp("onno"))


@pytest.fixture(scope="module")
def untouched(laboratory: Laboratory) -> dict[str, set[Verdict]]:
    return laboratory.verdicts()


def test_every_requirement_has_a_mutant(laboratory: Laboratory) -> None:
    static = {requirement.id for requirement in laboratory.baseline.requirements if requirement.kind == "static"}
    assert static - {mutant.requirement for mutant in MUTANTS} == set()


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.name)
def test_a_mutant_breaks_what_it_says(
    laboratory: Laboratory, untouched: dict[str, set[Verdict]], mutant: Mutant
) -> None:
    with laboratory.mutated(mutant):
        verdicts = laboratory.verdicts()
    assert wrong(mutant, untouched, verdicts) == []
