"""What a rule of `asbuilt baseline lint` says."""

from __future__ import annotations

from dataclasses import dataclass

from scanner.model.location import Location
from scanner.model.rule import Text


@dataclass(slots=True, frozen=True)
class Problem:
    """One contradiction or mistake of a baseline.

    rule          the name of the rule that found it
    requirements  those that it is about
    decided_by    the recorded contradiction that already decides it, None where nobody has decided
    """

    rule: str
    message: Text
    requirements: tuple[str, ...]
    location: Location
    decided_by: str | None = None
