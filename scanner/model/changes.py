"""How an audit differs from the ones before it."""

from __future__ import annotations

from dataclasses import dataclass, field

from scanner.model.rule import Severity, Text


@dataclass(frozen=True, slots=True)
class Entry:
    """A finding as the history knows it: no values, only what is wrong where.

    since   when it was first seen failing, ISO 8601 in UTC
    """

    fingerprint: str
    rule: str
    baseline: str
    severity: Severity
    title: Text
    where: str
    since: str


@dataclass(frozen=True, slots=True)
class Changes:
    """Violations against the audit before.

    new         never seen before
    regressed   fixed once, failing again
    persisting  failing as before
    fixed       failing before, and certainly not any more
    undecided   failing before; this time it could not be decided, so it is not fixed
    """

    new: list[Entry] = field(default_factory=list)
    regressed: list[Entry] = field(default_factory=list)
    persisting: list[Entry] = field(default_factory=list)
    fixed: list[Entry] = field(default_factory=list)
    undecided: list[Entry] = field(default_factory=list)
