"""Every requirement of the staging plan is killed by a change that breaks it; other spellings of it still pass."""

from __future__ import annotations

from pathlib import Path

import pytest

from scanner.model.finding import Verdict
from tests.mutants.harness import Laboratory, Mutant, load_mutants, wrong

HERE = Path(__file__).parent
MUTANTS = load_mutants(HERE / "ai-model-management.yaml")


@pytest.fixture(scope="module")
def laboratory(tmp_path_factory: pytest.TempPathFactory) -> Laboratory:
    example = HERE.parents[1] / "examples" / "ai-model-management"
    return Laboratory.of(example, tmp_path_factory.mktemp("staging"))


@pytest.fixture(scope="module")
def untouched(laboratory: Laboratory) -> dict[str, set[Verdict]]:
    return laboratory.verdicts()


def test_every_requirement_has_a_mutant_and_a_third_another_spelling(laboratory: Laboratory) -> None:
    static = {requirement.id for requirement in laboratory.baseline.requirements if requirement.kind == "static"}
    assert static - {mutant.requirement for mutant in MUTANTS if mutant.expect == "fail"} == set()
    respelled = {mutant.requirement for mutant in MUTANTS if mutant.expect == "pass"}
    assert 3 * len(respelled & static) >= len(static)


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.name)
def test_a_mutant_does_what_it_says(laboratory: Laboratory, untouched: dict[str, set[Verdict]], mutant: Mutant) -> None:
    with laboratory.mutated(mutant):
        verdicts = laboratory.verdicts()
    assert wrong(mutant, untouched, verdicts) == []


def test_a_rollback_script_that_cannot_be_run_is_none(
    laboratory: Laboratory, untouched: dict[str, set[Verdict]]
) -> None:
    script = laboratory.directory / "scripts" / "emergency_rollback.sh"
    script.chmod(0o644)
    try:
        verdicts = laboratory.verdicts()
    finally:
        script.chmod(0o755)
    assert {name for name, found in verdicts.items() if found != untouched[name]} == {"AIMM-DEPLOY-007"}
