"""Scans an example of the repository with its own configuration, as the command line does."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from scanner.cli.config import load
from scanner.facts import load_facts
from scanner.model.finding import Finding, Verdict
from scanner.policy.baseline import load_baseline
from scanner.policy.evaluate import evaluate_baseline
from scanner.policy.library import Library
from scanner.policy.needs import needed_types
from scanner.sources.collect import collect_code
from scanner.sources.terraform import TerraformOptions

EXAMPLES = Path(__file__).parents[1] / "examples"


def scan_example(name: str) -> list[Finding]:
    """All findings about an example; locations are relative to it."""
    directory = EXAMPLES / name
    config = load(directory / "asbuilt.yaml")
    facts = load_facts()
    library = Library.load(None, facts)
    baselines = [load_baseline(baseline, library, facts) for baseline in config.baselines]
    terraform = (TerraformOptions(var_files=config.var_files),)
    asked = any("file" in needed_types(baseline) for baseline in baselines)
    inventory = collect_code([directory], directory, terraform, files=asked)
    assert inventory.notifications == []
    return [
        finding
        for baseline in baselines
        for finding in evaluate_baseline(baseline, inventory, facts, inputs=config.inputs, bindings=config.bind)
    ]


def planted(name: str) -> list[dict[str, Any]]:
    """The mistakes of a drifted example, as its MISTAKES.yaml lists them."""
    mistakes = yaml.load((EXAMPLES / name / "MISTAKES.yaml").read_text("utf-8"), Loader=yaml.CSafeLoader)
    assert isinstance(mistakes, list)
    return mistakes


def places(findings: list[Finding], requirement: str) -> set[tuple[str, int]]:
    """Where a requirement fails: file and line of each finding."""
    return {
        (finding.location.path, finding.location.line)
        for finding in findings
        if finding.requirement == requirement and finding.verdict is Verdict.FAIL and finding.location
    }
