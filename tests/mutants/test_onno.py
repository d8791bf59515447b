"""Every requirement of onno-production is killed by a change that breaks it, and by nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from scanner.model.finding import Verdict
from tests.mutants.harness import Laboratory, Mutant, failing, grown, load_growth, load_mutants, wrong

HERE = Path(__file__).parent
MUTANTS = load_mutants(HERE / "onno.yaml")
GROWTH = load_growth(HERE / "onno_growth.yaml")


@pytest.fixture(scope="module")
def laboratory(tmp_path_factory: pytest.TempPathFactory) -> Laboratory:
    example = HERE.parents[1] / "examples" / "onno"
    return Laboratory.of(example, tmp_path_factory.mktemp("onno"))


@pytest.fixture(scope="module")
def untouched(laboratory: Laboratory) -> dict[str | None, dict[str, set[Verdict]]]:
    """The verdicts on the example as it is, and as it has grown up to each stage."""
    verdicts: dict[str | None, dict[str, set[Verdict]]] = {}
    for stage in (None, *GROWTH):
        with laboratory.edited(grown(GROWTH, stage)):
            verdicts[stage] = laboratory.verdicts(stage)
    return verdicts


def test_every_requirement_has_a_mutant(
    laboratory: Laboratory, untouched: dict[str | None, dict[str, set[Verdict]]]
) -> None:
    static = {requirement.id for requirement in laboratory.baseline.requirements if requirement.kind == "static"}
    killed = {mutant.requirement for mutant in MUTANTS if mutant.expect == "fail"}
    # What fails before any change is tried the other way round.
    mended = {mutant.requirement for mutant in MUTANTS if mutant.expect == "pass"} & failing(untouched[None])
    assert static - killed - mended == set()


def test_the_example_grows_with_its_stages(
    laboratory: Laboratory, untouched: dict[str | None, dict[str, set[Verdict]]]
) -> None:
    assert list(GROWTH) == [stage for stage in laboratory.baseline.stages if stage in GROWTH]
    contradicted = failing(untouched[None])
    assert {stage: broken for stage in untouched if (broken := failing(untouched[stage]) - contradicted)} == {}


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.name)
def test_a_mutant_breaks_what_it_says(
    laboratory: Laboratory, untouched: dict[str | None, dict[str, set[Verdict]]], mutant: Mutant
) -> None:
    with laboratory.mutated(mutant, grown(GROWTH, mutant.stage)):
        verdicts = laboratory.verdicts(mutant.stage)
    assert wrong(mutant, untouched[mutant.stage], verdicts) == []
