"""What the page can show besides a report, where a command has it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from scanner.model.changes import Changes
from scanner.model.trace import Trace


@dataclass(frozen=True, slots=True)
class Flow:
    """Who opens connections to whom; `state` is plain, unexpected, undecided or missing."""

    source: str
    target: str
    services: str
    state: str


@dataclass(frozen=True, slots=True)
class Network:
    """The network of one baseline: a drawing (SVG whose texts are escaped) and the same as rows."""

    baseline: str
    svg: str
    flows: Sequence[Flow]


@dataclass(frozen=True, slots=True)
class Audit:
    """An audit of the past: when (ISO 8601, UTC), whether everything was read, findings by verdict."""

    started: str
    complete: bool
    summary: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Trend:
    """The audits of one scope, the oldest first, and what the last one changed."""

    name: str
    audits: Sequence[Audit]
    changes: Changes


@dataclass(frozen=True, slots=True)
class Extras:
    """Parts of the page that need more than a report; those that are empty are left out."""

    networks: Sequence[Network] = ()
    traces: Sequence[Trace] = ()
    trends: Sequence[Trend] = ()
