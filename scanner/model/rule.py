"""What every finding says about the rule behind it, for reports and `asbuilt explain`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Severity(StrEnum):
    """How much a violation matters; ordered, so `Severity.HIGH > Severity.LOW`."""

    CRITICAL = "critical"
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"

    @property
    def rank(self) -> int:
        """0 for low up to 3 for critical."""
        return ("low", "medium", "high", "critical").index(self.value)

    # All four are spelled out: functools.total_ordering would keep the alphabetical ones of str.
    def __lt__(self, other: str) -> bool:
        return self.rank < other.rank if isinstance(other, Severity) else NotImplemented

    def __le__(self, other: str) -> bool:
        return self.rank <= other.rank if isinstance(other, Severity) else NotImplemented

    def __gt__(self, other: str) -> bool:
        return self.rank > other.rank if isinstance(other, Severity) else NotImplemented

    def __ge__(self, other: str) -> bool:
        return self.rank >= other.rank if isinstance(other, Severity) else NotImplemented


@dataclass(slots=True, frozen=True)
class Text:
    """The same words in English and Korean."""

    en: str
    ko: str

    def in_(self, language: str) -> str:
        """The words in `en` or `ko`."""
        return self.ko if language == "ko" else self.en

    def as_dict(self) -> dict[str, str]:
        """For reports that carry both languages."""
        return {"en": self.en, "ko": self.ko}


@dataclass(slots=True, frozen=True)
class Rule:
    """A requirement or a policy as reports show it.

    `id` is the requirement's id, or the policy's outside a baseline.
    """

    id: str
    title: Text
    severity: Severity
    category: str
    description: Text
    remediation: Text
    policy: str | None = None
    baseline: str | None = None
    section: str | None = None
    document: str | None = None
    related: tuple[str, ...] = ()
    tags: Mapping[str, str] = field(default_factory=dict)
