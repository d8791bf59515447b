"""Findings: a requirement or policy, a resource, and a verdict with its evidence."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from enum import StrEnum
from fnmatch import fnmatchcase
from typing import Final

from scanner.model.location import Location
from scanner.model.rule import Severity, Text
from scanner.model.value import Hop, Plain

_RUNNING: Final = frozenset({"aws", "azure", "kubernetes"})
"""The origins (scanner.model.resource) of what runs."""


class Verdict(StrEnum):
    """What was decided. Nothing that could not be decided is ever `pass`."""

    PASS = "pass"
    FAIL = "fail"
    UNKNOWN = "unknown"
    REVIEW = "review"
    NOT_APPLICABLE = "not_applicable"


class Enforce(StrEnum):
    """Whether a violation counts against the exit code."""

    REQUIRED = "required"
    ADVISORY = "advisory"


class Kind(StrEnum):
    """What a requirement is decided from."""

    STATIC = "static"
    LIVE = "live"
    METRIC = "metric"
    ATTEST = "attest"


@dataclass(slots=True, frozen=True)
class ResourceRef:
    """The resource of a finding, as reports name it; `root` tells apart equal addresses in several root modules."""

    type: str
    address: str
    origin: str
    root: str = ""

    @property
    def runs(self) -> bool:
        """Whether it was seen running, not in code."""
        return self.origin in _RUNNING

    def is_like(self, pattern: str) -> bool:
        """Whether its address, as code or account has it or as it is shown, fits a pattern with `*` and `?`."""
        plain = pattern.replace("[", "[[]")  # the brackets of keys mean themselves
        return any(name == pattern or fnmatchcase(name, plain) for name in (self.address, self.shown))

    @property
    def shown(self) -> str:
        """The address as people read it: with account and region where it runs."""
        return f"{self.root}//{self.address}" if self.runs and self.root else self.address


@dataclass(slots=True, frozen=True)
class Edit:
    """Replace the text at `location` by `replacement`; a location without length inserts."""

    location: Location
    replacement: str


@dataclass(slots=True, frozen=True)
class Fix:
    """The edits that together make the finding pass; they do not overlap and stand in the order of the text."""

    description: Text
    edits: tuple[Edit, ...]


@dataclass(slots=True, frozen=True)
class Suppression:
    """The waiver that accepts a failing finding: where it is written (`config`, `inline`, `checkov`), and its place.

    Without `owner` the history of the file says who; without `until` (ISO date) it has no end.
    """

    reason: str
    owner: str = ""
    until: str = ""
    kind: str = "config"
    location: Location | None = None


@dataclass(slots=True, frozen=True)
class Finding:
    """One verdict. Field names are those of the JSON report (design, section 9).

    `location` is where a fix belongs; `provenance` the chain of places that leads there, from the attribute on.
    `expected` and `actual` are JSON data with sensitive values masked. `evidence` is what a failing finding about code
    was decided from (scanner.policy.evidence), so that a fix can be derived from it; reports do not show it.
    """

    requirement: str | None
    policy: str | None
    baseline: str | None
    component: str | None
    section: str | None
    kind: Kind
    verdict: Verdict
    reason: Text | None
    severity: Severity
    category: str
    enforce: Enforce
    title: Text
    message: Text
    resource: ResourceRef | None = None
    location: Location | None = None
    path: str | None = None
    expected: Plain = None
    actual: Plain = None
    provenance: tuple[Hop, ...] = ()
    fix: Fix | None = None
    suppression: Suppression | None = None
    evidence: tuple[object, ...] = field(default=(), compare=False, repr=False)

    @property
    def rule(self) -> str:
        """The id that people know it by: the requirement's, or the policy's outside a baseline."""
        return self.requirement or self.policy or ""

    @property
    def fingerprint(self) -> str:
        """Identity across runs: rule, baseline, root module, resource and path, never a line number (24 hex digits)."""
        root, address = (self.resource.root, self.resource.address) if self.resource else ("", self.component or "")
        identity = "\0".join([self.baseline or "", self.rule, root, address, self.path or ""])
        return hashlib.sha256(identity.encode("utf-8", "surrogatepass")).hexdigest()[:24]

    @property
    def violates(self) -> bool:
        """Whether it counts as a violation: failing, required, not waived."""
        return self.verdict is Verdict.FAIL and self.enforce is Enforce.REQUIRED and self.suppression is None
