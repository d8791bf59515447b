"""Fixes of the drifted examples and of mutants: what they mend passes, nothing else gets worse, once is enough.

All mutants are tried with ASBUILT_EVERY_MUTANT=1, which takes a quarter of an hour; a sample otherwise.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from scanner.cli.config import load
from scanner.documents.edited import edited
from scanner.facts import load_facts
from scanner.fixes.derive import derived
from scanner.fixes.files import Files
from scanner.fixes.plan import Plan, make_plan
from scanner.model.finding import Finding, Verdict
from scanner.model.report import Report
from scanner.policy.baseline import load_baseline
from scanner.policy.evaluate import evaluate_baseline
from scanner.policy.library import Library
from scanner.policy.needs import needed_types
from scanner.sources.collect import collect_code
from scanner.sources.terraform import TerraformOptions
from tests.mutants.harness import Laboratory, Mutant, grown, load_growth, load_mutants
from tests.scanning import EXAMPLES

MUTANTS = Path(__file__).parents[1] / "mutants"
SYSTEMS = sorted(path.name.removesuffix("-drifted") for path in EXAMPLES.glob("*-drifted"))
STEP = 1 if os.environ.get("ASBUILT_EVERY_MUTANT") == "1" else 60
MENDED = {"ai-model-management": 4, "aicc": 8, "knowledge-database": 6, "onno": 9, "tripgen": 7}
"""How many findings of each drifted example have a fix."""


class Bench:
    """An example in a directory of its own, scanned and mended there."""

    def __init__(self, laboratory: Laboratory) -> None:
        self.laboratory = laboratory
        self.directory = laboratory.directory.resolve()

    def scan(self, stage: str | None = None, only: str | None = None) -> Report:
        """The report at a stage, on one requirement alone where it is named."""
        baseline, config = self.laboratory.baseline, self.laboratory.config
        if only is not None:
            baseline = replace(baseline, requirements=tuple(item for item in baseline.requirements if item.id == only))
        inventory = collect_code(
            [self.directory],
            self.directory,
            (TerraformOptions(var_files=config.var_files),),
            files="file" in needed_types(self.laboratory.baseline),
        )
        findings = evaluate_baseline(
            baseline, inventory, load_facts(), stage=stage, inputs=config.inputs, bindings=config.bind
        )
        return Report("scan", "", [], [baseline.id], list(findings), {}, inventory.notifications, str(self.directory))

    def plan(self, report: Report, only: Collection[str] = (), stage: str | None = None) -> Plan:
        def trial(files: Mapping[str, bytes]) -> Report:
            with edited({self.directory / name: data for name, data in files.items()}):
                return self.scan(stage)

        return make_plan(report, load_facts(), trial, only)

    def write(self, files: Mapping[str, bytes]) -> None:
        for name, data in files.items():
            (self.directory / name).write_bytes(data)


def drifted(system: str, directory: Path) -> Bench:
    copy = directory / system
    shutil.copytree(EXAMPLES / f"{system}-drifted", copy)
    config = load(copy / "asbuilt.yaml")
    (name,) = config.baselines
    facts = load_facts()
    return Bench(Laboratory(copy, load_baseline(name, Library.load(None, facts), facts), config))


def verdicts(findings: list[Finding]) -> dict[tuple[object, ...], list[Verdict]]:
    found: dict[tuple[object, ...], list[Verdict]] = {}
    for finding in findings:
        found.setdefault((finding.requirement, finding.component, finding.resource), []).append(finding.verdict)
    return {key: sorted(items) for key, items in found.items()}


def check(bench: Bench, before: Report, plan: Plan, only: Collection[str] = (), stage: str | None = None) -> None:
    """What was mended passes, no other verdict changed but to a pass, and there is nothing left to do."""
    bench.write(plan.after)
    after = bench.scan(stage)
    old, new = verdicts(before.findings), verdicts(after.findings)
    for item in plan.mended:
        key = (item.finding.requirement, item.finding.component, item.finding.resource)
        assert set(new[key]) == {Verdict.PASS}, item.description.en
    changed = {key: (old.get(key), new.get(key)) for key in {*old, *new} if old.get(key) != new.get(key)}
    assert {key: pair for key, pair in changed.items() if set(pair[1] or ()) != {Verdict.PASS}} == {}
    assert bench.plan(after, only, stage).after == {}


@pytest.mark.parametrize("system", SYSTEMS)
def test_what_can_be_mended_in_a_drifted_example_is(system, tmp_path):
    bench = drifted(system, tmp_path)
    before = bench.scan()
    plan = bench.plan(before)
    assert len({id(item.finding) for item in plan.mended}) >= MENDED[system]
    check(bench, before, plan)
    terraform = shutil.which("terraform")
    if terraform is not None:
        files = [name for name in plan.after if name.endswith((".tf", ".tfvars"))]
        badly = subprocess.run(
            [terraform, "fmt", "-check", *files],
            cwd=bench.directory,
            capture_output=True,
            text=True,
            check=False,
            env={"PATH": os.environ["PATH"], "CHECKPOINT_DISABLE": "1"},
        )
        assert (badly.returncode, badly.stdout) == (0, "")


@cache
def _growth(system: str) -> dict[str, object]:
    file = MUTANTS / f"{system}_growth.yaml"
    return dict(load_growth(file)) if file.exists() else {}


@pytest.mark.parametrize("system", SYSTEMS)
def test_what_can_be_mended_in_a_mutant_is(system, tmp_path):
    bench = Bench(Laboratory.of(EXAMPLES / system, tmp_path))
    mutants = [mutant for mutant in load_mutants(MUTANTS / f"{system}.yaml") if mutant.expect == "fail"][::STEP]
    counts: Counter[str] = Counter()
    for mutant in mutants:
        counts[_outcome(bench, mutant, system)] += 1
    print(f"\n{system}: {dict(counts)}")
    assert counts["refused"] <= max(1, counts["mended"] // 10)


def _outcome(bench: Bench, mutant: Mutant, system: str) -> str:
    """Whether a mutant has a derivable fix, and whether it is made or refused."""
    with bench.laboratory.mutated(mutant, grown(_growth(system), mutant.stage)):  # type: ignore[arg-type]
        own = bench.scan(mutant.stage, mutant.requirement).findings
        if not derived(own, Files(bench.directory), load_facts())[0]:
            return "underivable"
        before = bench.scan(mutant.stage)
        plan = bench.plan(before, [mutant.requirement], mutant.stage)
        if not plan.mended:
            assert not plan.after
            return "refused"
        try:
            check(bench, before, plan, [mutant.requirement], mutant.stage)
        finally:
            bench.write(plan.before)
        return "mended"
