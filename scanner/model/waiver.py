"""Accepted deviations."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from scanner.model.finding import Finding
from scanner.model.location import Location


class WaiverKind(StrEnum):
    """Where a waiver is written."""

    CONFIG = "config"
    INLINE = "inline"
    CHECKOV = "checkov"


@dataclass(slots=True, frozen=True)
class Waiver:
    """A deviation that somebody accepts, with a reason and an end.

    rule       the id of a requirement or policy; of a check of Checkov's for its own comments
    until      the last day on which it holds; None only for comments of Checkov's, which know no end
    location   where it is written
    resource   a pattern (`*`, `?`) that the address has to match; empty for any
    component  the document's name of the thing; empty for any
    lines      the first and last line, in the file of `location`, of what a comment speaks of; None for the
               configuration, which speaks of everything
    """

    rule: str
    reason: str
    kind: WaiverKind
    location: Location
    owner: str = ""
    until: date | None = None
    resource: str = ""
    component: str = ""
    lines: tuple[int, int] | None = None

    def covers(self, finding: Finding) -> bool:
        """Whether it speaks of what a finding is about, whatever the rule."""
        if self.component and finding.component != self.component:
            return False
        if self.resource and not (finding.resource and finding.resource.is_like(self.resource)):
            return False
        return self.lines is None or any(self._holds(place) for place in _places(finding))

    def _holds(self, place: Location | None) -> bool:
        assert self.lines is not None
        first, last = self.lines
        return place is not None and place.path == self.location.path and first <= place.line <= last


def _places(finding: Finding) -> list[Location | None]:
    """Where the finding is, and every place that leads there."""
    return [finding.location, *(hop.location for hop in finding.provenance)]
