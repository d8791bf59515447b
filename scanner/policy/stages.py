"""Growth stages: which requirements bind at a stage."""

from __future__ import annotations

from scanner.errors import UsageError
from scanner.policy.baseline import Baseline, Requirement
from scanner.policy.wording import nearest


def current_stage(baseline: Baseline, stage: str | None) -> str | None:
    """The stage asked for, else the baseline's own, else its first. Raises UsageError for one it does not have."""
    if stage is None:
        return baseline.stage or (baseline.stages[0] if baseline.stages else None)
    if stage not in baseline.stages:
        raise UsageError(f"{baseline.id} has no stage {stage}", hint=nearest(stage, baseline.stages))
    return stage


def binding(baseline: Baseline, stage: str | None) -> list[Requirement]:
    """The requirements that bind at a stage: without one, of this or of an earlier one, and not replaced by another."""
    now = current_stage(baseline, stage)
    position = baseline.stages.index(now) if now is not None else -1
    bound = [
        requirement
        for requirement in baseline.requirements
        if requirement.stage is None or baseline.stages.index(requirement.stage) <= position
    ]
    replaced = {id_ for requirement in bound for id_ in requirement.replaces}
    return [requirement for requirement in bound if requirement.id not in replaced]
