"""Waivers meet findings: a waived violation keeps its verdict and is marked; what is over or of no use is said."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from scanner.model.finding import Finding, Suppression, Verdict
from scanner.model.inventory import Level, Notification
from scanner.model.rule import Rule
from scanner.model.waiver import Waiver, WaiverKind


def apply_waivers(
    findings: Sequence[Finding], waivers: Sequence[Waiver], rules: Mapping[str, Rule], today: date
) -> tuple[list[Finding], list[Notification]]:
    """The findings, violations that a waiver covers marked so; and what is to be said of the waivers."""
    if not waivers:
        return list(findings), []
    used: set[int] = set()
    result = [_judged(finding, waivers, rules, today, used) for finding in findings]
    notes = (_note(number, waiver, used, findings, today) for number, waiver in enumerate(waivers))
    return result, [note for note in notes if note is not None]


def _judged(
    finding: Finding, waivers: Sequence[Waiver], rules: Mapping[str, Rule], today: date, used: set[int]
) -> Finding:
    if finding.verdict is not Verdict.FAIL:
        return finding
    for number, waiver in enumerate(waivers):
        if _speaks_of(waiver, finding, rules) and waiver.covers(finding):
            used.add(number)
            if waiver.until is None or waiver.until >= today:
                return replace(finding, suppression=_suppression(waiver))
    return finding


def _speaks_of(waiver: Waiver, finding: Finding, rules: Mapping[str, Rule]) -> bool:
    if waiver.kind is WaiverKind.CHECKOV:
        rule = rules.get(finding.rule)
        return rule is not None and waiver.rule in rule.related
    return waiver.rule in (finding.requirement, finding.policy)


def _suppression(waiver: Waiver) -> Suppression:
    until = waiver.until.isoformat() if waiver.until else ""
    return Suppression(waiver.reason, waiver.owner, until, waiver.kind.value, waiver.location)


def _note(number: int, waiver: Waiver, used: set[int], findings: Sequence[Finding], today: date) -> Notification | None:
    """What is to be said of a waiver, if anything. Checkov's own comments may well be for Checkov alone."""
    if waiver.until is not None and waiver.until < today and number in used:
        what = f"the waiver of {waiver.rule} ended on {waiver.until}: the violation counts again"
        return Notification(Level.WARNING, what, waiver.location)
    if waiver.kind is WaiverKind.CHECKOV or number in used:
        return None
    known = any(waiver.rule in (finding.requirement, finding.policy) for finding in findings)
    if known:
        what = f"the waiver of {waiver.rule} is of no use: nothing that it covers fails"
        return Notification(Level.WARNING, what, waiver.location)
    return Notification(Level.NOTE, f"the waiver of {waiver.rule} names nothing that was checked", waiver.location)
