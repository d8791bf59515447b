"""Runs every rule over a baseline."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from scanner.policy.baseline import Baseline
from scanner.policy.document import DocumentRecord
from scanner.policy.lint import figures, general
from scanner.policy.lint.problem import Problem
from scanner.policy.lint.subject import Subject

RULES: Final[tuple[Callable[[Subject], Iterator[Problem]], ...]] = (
    general.cannot_both_hold,
    general.replaced_too_late,
    general.unknown_sections,
    general.unused_components,
    figures.outside_the_services_bounds,
    figures.waf_on_a_sku_without,
    figures.replication_without_versioning,
    figures.budget_that_blocks_every_eviction,
    figures.subnet_too_small,
)


def lint(baseline: Baseline, record: DocumentRecord | None) -> list[Problem]:
    """Every problem of a baseline in the order of its file, those that are decided in its record too."""
    subject = Subject(baseline, record)
    found = [problem for rule in RULES for problem in rule(subject)]
    return sorted(found, key=lambda problem: (problem.location.line, problem.rule))
