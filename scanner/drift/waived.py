"""Violations that are accepted already: the lines of the table that only repeat them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TypeAlias

from scanner.model.drift import Drift, Meaning
from scanner.model.finding import Finding, Suppression, Verdict

Place: TypeAlias = tuple[str, str, str]
"""A requirement, and the resource (root module and address) or the component that it is about."""


def waived(findings: Iterable[Finding]) -> dict[Place, Suppression]:
    """Where a requirement fails in the code, and a waiver covers each of its failing findings there."""
    found: dict[Place, list[Suppression | None]] = defaultdict(list)
    for finding in findings:
        if finding.verdict is Verdict.FAIL and finding.requirement is not None:
            for place in _places(finding):
                found[place].append(finding.suppression)
    return {place: first for place, all_ in found.items() if (first := all_[0]) is not None and None not in all_}


def _places(finding: Finding) -> list[Place]:
    assert finding.requirement is not None
    where = [("", finding.component)] if finding.component else []
    if finding.resource is not None:
        where.append((finding.resource.root, finding.resource.address))
    return [(finding.requirement, root, name) for root, name in where or [("", "")]]


def repeats(line: Drift) -> bool:
    """Whether a line says nothing but that the document is broken, in the code and in the account alike."""
    return line.meaning is Meaning.VIOLATION_DEPLOYED and not line.differs and line.suppression is None


def mark(lines: Sequence[Drift], accepted: Mapping[Place, Suppression]) -> list[Drift]:
    """The lines; those that only repeat what is accepted marked so."""
    return [_marked(line, accepted) for line in lines]


def _marked(line: Drift, accepted: Mapping[Place, Suppression]) -> Drift:
    if not repeats(line):
        return line
    where = ("", line.component or "") if line.code is None else (line.code.root, line.code.address)
    found = [accepted.get((requirement, *where)) for requirement in line.requirements]
    return line if None in found else replace(line, suppression=found[0])
