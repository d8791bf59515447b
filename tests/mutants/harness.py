"""Mutants: changes of a compliant example, each of which must break the requirement that it names and nothing else."""

from __future__ import annotations

import gc
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import yaml

from scanner.cli.config import Config, load
from scanner.facts import load_facts
from scanner.model.finding import Verdict
from scanner.policy.baseline import Baseline, load_baseline
from scanner.policy.evaluate import evaluate_baseline
from scanner.policy.library import Library
from scanner.policy.needs import needed_types
from scanner.sources.collect import collect_code
from scanner.sources.terraform import TerraformOptions


@dataclass(frozen=True)
class Edit:
    """Replace the `nth` occurrence of `find` in `file` (relative to the example)."""

    file: str
    find: str
    replace: str
    nth: int | None = None

    def apply(self, text: str) -> str:
        count = text.count(self.find)
        if self.nth is None:
            assert count == 1, f"{self.find!r} occurs {count} times in {self.file}"
        else:
            assert count >= self.nth, f"{self.find!r} occurs only {count} times in {self.file}"
        parts = text.split(self.find)
        at = self.nth or 1
        return self.find.join(parts[:at]) + self.replace + self.find.join(parts[at:])


@dataclass(frozen=True)
class Mutant:
    """A change; `also` names the other requirements that it really breaks, `expect` the verdict that must follow.

    One with a `stage` changes the example as it has grown up to that stage.
    """

    requirement: str
    edits: tuple[Edit, ...]
    also: frozenset[str] = frozenset()
    expect: str = "fail"
    stage: str | None = None

    @property
    def name(self) -> str:
        edit = self.edits[0]
        return f"{self.requirement}: {edit.file} {' '.join(edit.find.split())[:60]}"


def load_mutants(path: Path) -> list[Mutant]:
    """The mutants of a YAML file: a list of mappings with `requirement`, and `file`, `find`, `replace` or `edits`."""
    return [_mutant(entry) for entry in yaml.load(path.read_text("utf-8"), Loader=yaml.CSafeLoader)]


def _mutant(entry: dict[str, object]) -> Mutant:
    edits = entry.get("edits") or [{key: entry[key] for key in ("file", "find", "replace", "nth") if key in entry}]
    assert isinstance(edits, list)
    also = entry.get("also") or []
    assert isinstance(also, list)
    return Mutant(
        str(entry["requirement"]),
        tuple(Edit(**edit) for edit in edits),
        frozenset(also),
        str(entry.get("expect", "fail")),
        str(entry["stage"]) if "stage" in entry else None,
    )


Growth: TypeAlias = Mapping[str, tuple[Edit, ...]]
"""Growth stages in order, each with what it changes of the stage before."""


def load_growth(path: Path) -> Growth:
    """The growth stages of a YAML file: a list of mappings with `stage` and `edits`."""
    entries = yaml.load(path.read_text("utf-8"), Loader=yaml.CSafeLoader)
    return {entry["stage"]: tuple(Edit(**edit) for edit in entry["edits"]) for entry in entries}


def grown(growth: Growth, stage: str | None) -> tuple[Edit, ...]:
    """All edits up to a stage; none without one."""
    if stage is None:
        return ()
    names = list(growth)
    return tuple(edit for name in names[: names.index(stage) + 1] for edit in growth[name])


@dataclass
class Laboratory:
    """A private copy of an example that is changed and scanned again and again."""

    directory: Path
    baseline: Baseline
    config: Config

    @classmethod
    def of(cls, example: Path, directory: Path) -> Laboratory:
        """Copies `example` into `directory`; its own configuration names the baseline and gives the inputs."""
        copy = directory / example.name
        shutil.copytree(example, copy)
        config = load(copy / "asbuilt.yaml")
        (name,) = config.baselines
        made = cls(copy, load_baseline(name, Library.load(None, load_facts()), load_facts()), config)
        gc.collect()
        gc.freeze()  # what stays is not looked through again after every mutant
        return made

    def verdicts(self, stage: str | None = None) -> dict[str, set[Verdict]]:
        """The verdicts of every requirement that binds at a stage, on the example as it is now."""
        terraform = TerraformOptions(var_files=self.config.var_files)
        inventory = collect_code(
            [self.directory], self.directory, (terraform,), files="file" in needed_types(self.baseline)
        )
        verdicts: dict[str, set[Verdict]] = {}
        for finding in evaluate_baseline(
            self.baseline,
            inventory,
            load_facts(),
            stage=stage,
            inputs=self.config.inputs,
            bindings=self.config.bind,
        ):
            verdicts.setdefault(finding.requirement or "", set()).add(finding.verdict)
        return verdicts

    @contextmanager
    def mutated(self, mutant: Mutant, growth: Sequence[Edit] = ()) -> Iterator[None]:
        """The example with the mutant's edits, undone afterwards."""
        with self.edited([*growth, *mutant.edits]):
            yield

    @contextmanager
    def edited(self, edits: Sequence[Edit]) -> Iterator[None]:
        """The example with some edits, one after the other, undone afterwards."""
        originals = {edit.file: (self.directory / edit.file).read_text("utf-8") for edit in edits}
        texts = dict(originals)
        for edit in edits:
            texts[edit.file] = edit.apply(texts[edit.file])
        try:
            for file, text in texts.items():
                (self.directory / file).write_text(text, "utf-8")
            yield
        finally:
            for file, text in originals.items():
                (self.directory / file).write_text(text, "utf-8")


def failing(verdicts: dict[str, set[Verdict]]) -> set[str]:
    """The requirements with at least one failing finding."""
    return {requirement for requirement, found in verdicts.items() if Verdict.FAIL in found}


def wrong(mutant: Mutant, untouched: dict[str, set[Verdict]], verdicts: dict[str, set[Verdict]]) -> list[str]:
    """What a mutant did that it does not say, out of the verdicts before and after it; empty where all is well."""
    said = mutant.also if mutant.expect == "pass" else {mutant.requirement} | mutant.also
    broken = failing(verdicts) - failing(untouched)
    out = [f"{name} fails" for name in sorted(broken - said)] + [
        f"{name} does not fail" for name in sorted(said - broken)
    ]
    if mutant.expect == "pass" and verdicts.get(mutant.requirement) != {Verdict.PASS}:
        out.append(f"{mutant.requirement} gives {sorted(verdicts.get(mutant.requirement, ()))}")
    return out
