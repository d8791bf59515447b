"""Every requirement is killed by a change that breaks it and nothing else; other spellings of it still pass."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import pytest

from scanner.model.finding import Verdict
from tests.mutants.harness import Edit, Laboratory, Mutant, failing, grown, load_growth, load_mutants, wrong

HERE = Path(__file__).parent
EXAMPLES = HERE.parents[1] / "examples"
SYSTEMS = sorted(file.stem for file in HERE.glob("*.yaml") if not file.stem.endswith("_growth"))
MUTANTS = {system: load_mutants(HERE / f"{system}.yaml") for system in SYSTEMS}


@dataclass
class System:
    """A copy of one example, the edits with which it grows, and the verdicts on it untouched."""

    laboratory: Laboratory
    growth: Mapping[str, tuple[Edit, ...]]
    _untouched: dict[str | None, dict[str, set[Verdict]]] = field(default_factory=dict)

    def untouched(self, stage: str | None) -> dict[str, set[Verdict]]:
        """The verdicts on the example as it is, or as it has grown up to a stage."""
        if stage not in self._untouched:
            with self.laboratory.edited(grown(self.growth, stage)):
                self._untouched[stage] = self.laboratory.verdicts(stage)
        return self._untouched[stage]

    @property
    def static(self) -> set[str]:
        return {item.id for item in self.laboratory.baseline.requirements if item.kind == "static"}


@pytest.fixture(scope="module")
def system_of(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], System]:
    """A system by its name, made when it is first asked for."""

    @cache
    def made(name: str) -> System:
        growth = HERE / f"{name}_growth.yaml"
        laboratory = Laboratory.of(EXAMPLES / name, tmp_path_factory.mktemp(name))
        return System(laboratory, load_growth(growth) if growth.exists() else {})

    return made


@pytest.fixture(params=SYSTEMS)
def system(system_of: Callable[[str], System], request: pytest.FixtureRequest) -> System:
    return system_of(request.param)


def test_every_example_has_mutants() -> None:
    compliant = {path.name for path in EXAMPLES.iterdir() if path.is_dir() and not path.name.endswith("-drifted")}
    assert set(SYSTEMS) == compliant


def test_every_requirement_has_a_mutant(system: System, request: pytest.FixtureRequest) -> None:
    killed = {
        mutant.requirement for mutant in MUTANTS[request.node.callspec.params["system"]] if mutant.expect == "fail"
    }
    # What fails before any change is tried the other way round.
    mended = {item.requirement for item in MUTANTS[request.node.callspec.params["system"]] if item.expect == "pass"}
    assert system.static - killed - (mended & failing(system.untouched(None))) == set()


def test_many_requirements_are_tried_in_another_spelling(system: System, request: pytest.FixtureRequest) -> None:
    respelled = {item.requirement for item in MUTANTS[request.node.callspec.params["system"]] if item.expect == "pass"}
    assert 10 * len(respelled & system.static) >= len(system.static)


def test_the_example_grows_with_its_stages(system: System) -> None:
    stages = system.laboratory.baseline.stages
    assert list(system.growth) == [stage for stage in stages if stage in system.growth]
    contradicted = failing(system.untouched(None))
    assert {
        stage: broken for stage in system.growth if (broken := failing(system.untouched(stage)) - contradicted)
    } == {}


@pytest.mark.parametrize(
    ("name", "mutant"),
    [(name, mutant) for name in SYSTEMS for mutant in MUTANTS[name]],
    ids=[f"{name}: {mutant.name}" for name in SYSTEMS for mutant in MUTANTS[name]],
)
def test_a_mutant_does_what_it_says(system_of: Callable[[str], System], name: str, mutant: Mutant) -> None:
    system = system_of(name)
    with system.laboratory.mutated(mutant, grown(system.growth, mutant.stage)):
        verdicts = system.laboratory.verdicts(mutant.stage)
    assert wrong(mutant, system.untouched(mutant.stage), verdicts) == []
