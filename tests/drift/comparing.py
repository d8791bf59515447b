"""Comparisons for tests, and the lines that say something."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from scanner.drift_run import DriftRequest, drift
from scanner.model.drift import Drift, Meaning
from scanner.model.report import Report
from scanner.model.resource import Origin
from scanner.scan import Request
from tests.drift.hand_changes import Line

INPUTS = {"office_cidrs": ["203.0.113.0/28", "198.51.100.16/29"]}


def compared(code: Path, snapshot: Path, **more: Any) -> Report:
    """Onno code against a snapshot of an account."""
    request = Request([code], ["onno-production"], inputs=INPUTS)
    return drift(DriftRequest(request, Origin.AWS, [snapshot], **more))


def telling(lines: Sequence[Drift]) -> list[Drift]:
    """The lines that are not as built, required ones only."""
    return [line for line in lines if line.meaning is not Meaning.AS_BUILT and line.required]


def fits(line: Drift, expected: Line) -> bool:
    """Whether a line is the expected one."""
    addresses = [found.address for found in (line.code, line.account) if found is not None]
    same = (line.type, bare(line.path)) == (expected.type, expected.path)
    return same and any(expected.where in address for address in addresses)


def bare(path: str | None) -> str | None:
    """A path without the names of blocks; those of tags and flows stay."""
    if path is None or path.startswith(("tags", "ingress", "egress", "route")):
        return path
    head, _, rest = path.partition("[")
    return head + rest.partition("]")[2] if rest else head
