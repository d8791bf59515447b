"""The traceability matrix: every section of a document, what it asks for, and how that is decided."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from scanner.model.finding import Enforce, Verdict
from scanner.model.rule import Severity, Text


class Handling(StrEnum):
    """How a statement of a document is accounted for."""

    CHECKED = "checked"
    ACCOUNT = "account"
    MEASURED = "measured"
    ATTESTED = "attested"
    EXCLUDED = "excluded"


class SectionState(StrEnum):
    """What became of a section since the baseline was written."""

    SAME = "same"
    CHANGED = "changed"
    GONE = "gone"
    NEW = "new"
    NOT_COMPARED = "not-compared"


@dataclass(slots=True, frozen=True)
class Statement:
    """One obligation, or one reasoned exclusion (no `requirement` then).

    how       what decides it, for people: the policy, the assertion, the metric, the attestation, or the reason
    verdicts  how many findings a run had of each verdict; empty where there was no run, or it did not look there
    """

    requirement: str | None
    title: Text
    handling: Handling
    how: Text
    severity: Severity | None = None
    enforce: Enforce | None = None
    stage: str | None = None
    verdicts: dict[Verdict, int] = field(default_factory=dict)

    @property
    def verdict(self) -> Verdict | None:
        """The gravest verdict of a run, None without one."""
        order = (Verdict.FAIL, Verdict.UNKNOWN, Verdict.REVIEW, Verdict.PASS, Verdict.NOT_APPLICABLE)
        return next((verdict for verdict in order if self.verdicts.get(verdict)), None)


@dataclass(slots=True, frozen=True)
class TracedSection:
    """A section with its statements; `heading` is empty where the document's record does not name it."""

    key: str
    heading: str
    state: SectionState
    statements: Sequence[Statement]
    line: int | None = None


@dataclass(slots=True, frozen=True)
class TracedContradiction:
    """Where a document disagrees with itself, and what was decided."""

    id: str
    sections: Sequence[str]
    requirements: Sequence[str]
    what: Text
    decision: Text


@dataclass(slots=True, frozen=True)
class Trace:
    """The matrix of one baseline; a statement that cites several sections stands in each of them."""

    baseline: str
    document: str
    sections: Sequence[TracedSection]
    contradictions: Sequence[TracedContradiction] = ()

    @property
    def counts(self) -> dict[Handling, int]:
        """Number of statements by how they are accounted for, each counted once."""
        seen = {
            statement.requirement or f"{section.key} {statement.title.en}": statement.handling
            for section in self.sections
            for statement in section.statements
        }
        counted = Counter(seen.values())
        return {handling: counted[handling] for handling in Handling}

    @property
    def uncovered(self) -> list[TracedSection]:
        """The sections that no requirement and no exclusion covers."""
        return [section for section in self.sections if not section.statements]

    @property
    def out_of_date(self) -> bool:
        """Whether the document says something else than when the baseline was written."""
        moved = (SectionState.CHANGED, SectionState.GONE, SectionState.NEW)
        return any(section.state in moved for section in self.sections)

    def in_state(self, state: SectionState) -> list[TracedSection]:
        """The sections in a state."""
        return [section for section in self.sections if section.state is state]
