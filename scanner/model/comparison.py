"""What is new since an earlier state, and what is fixed: findings known by their fingerprints."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from scanner.model.finding import Finding, Verdict

_SHOWN = (Verdict.FAIL, Verdict.UNKNOWN)


@dataclass(slots=True, frozen=True)
class Comparison:
    """How a report was narrowed to what is new.

    reference  what it was compared with, as people named it
    known      the number of violations and undecided findings that were the same before, and are left out
    fixed      earlier violations that are none any more: they pass now, or their resource is gone
    """

    reference: str
    known: int
    fixed: tuple[Finding, ...]


def compared(
    findings: Sequence[Finding], earlier: Sequence[Finding], reference: str
) -> tuple[list[Finding], Comparison]:
    """The findings without those that were the same before, and what became of the earlier ones.

    A violation that was waived before and is not now is new. One that cannot be decided any more is not fixed.
    """
    before = {(finding.fingerprint, finding.verdict) for finding in earlier if _counts(finding)}
    kept = [finding for finding in findings if not (_counts(finding) and _key(finding) in before)]
    now = {finding.fingerprint: finding.verdict for finding in findings}
    fixed = tuple(
        finding
        for finding in earlier
        if _counts(finding) and finding.verdict is Verdict.FAIL and now.get(finding.fingerprint) not in _SHOWN
    )
    return kept, Comparison(reference, len(findings) - len(kept), fixed)


def _counts(finding: Finding) -> bool:
    return finding.verdict in _SHOWN and finding.suppression is None


def _key(finding: Finding) -> tuple[str, Verdict]:
    return finding.fingerprint, finding.verdict
