"""Findings from attestations: what a person confirmed, or measured and wrote down."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from scanner.model.finding import Finding, Verdict
from scanner.model.inventory import Level, Notification
from scanner.model.rule import Text
from scanner.policy.attestations import SOON, Attestation, Attestations
from scanner.policy.baseline import Baseline, Requirement
from scanner.policy.measures import RECORD, Metric, metrics_of
from scanner.policy.params import fill
from scanner.policy.reporting import Issue

OPERATORS = {"equals": "=", "gt": ">", "gte": "≥", "lt": "<", "lte": "≤"}


def from_records_only(requirement: Requirement) -> bool:
    """Whether a metric requirement is decided by what people write down, not by a running system."""
    return bool(requirement.metrics) and all(metric["source"] == RECORD for metric in requirement.metrics)


def signed_off(
    issue: Issue, requirement: Requirement, attestations: Attestations | None, scope: Mapping[str, Any]
) -> Finding:
    """`pass` while a sign-off holds, `review` without one or after its end; a figure must also be as required."""
    entry = attestations.of(requirement.id, issue.baseline or "") if attestations else None
    if entry is None or attestations is None:
        return issue.finding(Verdict.REVIEW, _MISSING)
    metric = _metric(requirement, scope)
    max_age = requirement.max_age if metric is None else metric.max_age_days
    end = entry.ends(max_age)
    if end < attestations.today:
        return issue.finding(Verdict.REVIEW, _expired(entry, end))
    if metric is not None:
        return _measured(issue, entry, metric)
    return issue.finding(Verdict.PASS, _holds(entry, end, attestations.today))


def warnings(baselines: Sequence[Baseline], attestations: Attestations) -> Iterator[Notification]:
    """What to look at in the attestations: those that end soon, and those that no requirement asks for."""
    asked = {requirement.id: requirement for baseline in baselines for requirement in baseline.requirements}
    for entry in attestations.entries:
        requirement = asked.get(entry.requirement)
        if requirement is None:
            if entry.baseline is None or entry.baseline in {baseline.id for baseline in baselines}:
                what = f"no requirement {entry.requirement} is checked here; its sign-off is not used"
                yield Notification(Level.NOTE, what, entry.location, ("attestation",))
            continue
        end = entry.ends(requirement.max_age)
        if attestations.today <= end <= attestations.today + SOON:
            what = f"the sign-off of {entry.requirement} by {entry.by} ends on {end}"
            yield Notification(Level.WARNING, what, entry.location, ("attestation",))


def _metric(requirement: Requirement, scope: Mapping[str, Any]) -> Metric | None:
    data: Sequence[dict[str, Any]] = [fill(dict(metric), scope) for metric in requirement.metrics]
    return metrics_of(list(data))[0] if data else None


def _measured(issue: Issue, entry: Attestation, metric: Metric) -> Finding:
    if entry.value is None:
        return issue.finding(Verdict.REVIEW, Text(
            f"the sign-off of {entry.signed} by {entry.by} has no value for {metric.name}",
            f"{entry.by}의 {entry.signed} 확인 기록에 {metric.name} 값이 없음",
        ))  # fmt: skip
    kept = metric.keeps(entry.value)
    said = f"{metric.name} {entry.value}{_unit(metric)}"
    wanted = f"{OPERATORS[metric.op]} {metric.value}{_unit(metric)}"
    return issue.finding(
        Verdict.PASS if kept else Verdict.FAIL,
        Text(
            f"{said}, measured by {entry.by} on {entry.signed}; required {wanted}",
            f"{entry.by}의 {entry.signed} 측정값 {said}, 기준 {wanted}",
        ),
        path=metric.name,
        expected=metric.value,
        actual=entry.value,
    )


def _unit(metric: Metric) -> str:
    return f" {metric.unit}" if metric.unit else ""


_MISSING = Text("a person has to confirm this; no scanner can see it", "담당자의 확인이 필요한 항목으로 자동 판정 불가")


def _expired(entry: Attestation, end: date) -> Text:
    return Text(
        f"the sign-off by {entry.by} ended on {end}; it has to be renewed",
        f"{entry.by}의 확인이 {end}에 만료되어 갱신 필요",
    )


def _holds(entry: Attestation, end: date, today: date) -> Text:
    soon_en, soon_ko = (", which is soon", " (만료 임박)") if end - today <= SOON else ("", "")
    return Text(
        f"signed off by {entry.by} on {entry.signed}, until {end}{soon_en}: {entry.evidence}",
        f"{entry.by}의 {entry.signed} 확인, {end}까지 유효{soon_ko}: {entry.evidence}",
    )
