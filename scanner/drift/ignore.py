"""Differences that a project accepts, each with a reason and until when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from fnmatch import fnmatchcase

from scanner.model.drift import Drift, Meaning
from scanner.model.finding import Suppression
from scanner.model.inventory import Level, Notification
from scanner.model.location import Location


@dataclass(frozen=True, slots=True)
class Ignored:
    """One entry of `drift.ignore` in asbuilt.yaml; patterns with `*` and `?`.

    address   of the resource in code, or as the account has it
    path      the attribute; the default is the resource as a whole and everything of it
    until     the last day on which it holds
    """

    reason: str
    until: date
    type: str = "*"
    address: str = "*"
    path: str = "*"
    owner: str = ""
    location: Location | None = None

    def fits(self, line: Drift) -> bool:
        """Whether a line is meant."""
        return (
            fnmatchcase(line.type, self.type)
            and any(found.is_like(self.address) for found in (line.code, line.account) if found is not None)
            and (self.path == "*" or fnmatchcase(line.path or "", self.path))
        )


def apply(lines: Sequence[Drift], entries: Sequence[Ignored], today: date) -> tuple[list[Drift], list[Notification]]:
    """The lines, those that are ignored marked so; and what is to be said of entries that are over or fit nothing."""
    used: set[int] = set()
    result: list[Drift] = []
    for line in lines:
        hit = _first(line, entries)
        if line.meaning is Meaning.AS_BUILT or hit is None:
            result.append(line)
            continue
        used.add(id(hit))
        accepted = Suppression(hit.reason, hit.owner, hit.until.isoformat()) if hit.until >= today else None
        result.append(replace(line, suppression=accepted))
    return result, [note for entry in entries if (note := _note(entry, used, today)) is not None]


def _first(line: Drift, entries: Sequence[Ignored]) -> Ignored | None:
    fitting = [entry for entry in entries if entry.fits(line)]
    return max(fitting, key=lambda entry: entry.until, default=None)


def _note(entry: Ignored, used: set[int], today: date) -> Notification | None:
    what = " ".join(part for part in (entry.type, entry.address, entry.path) if part != "*")
    if entry.until < today:
        return Notification(Level.WARNING, f"drift.ignore: {what} was accepted until {entry.until}", entry.location)
    if id(entry) not in used:
        return Notification(Level.NOTE, f"drift.ignore: {what} fits no difference any more", entry.location)
    return None
