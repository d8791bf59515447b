"""Places with their lines of code, and edits as lines taken away and added; what is secret stays out."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import unified_diff
from typing import Final

from scanner.model.finding import Edit, Finding
from scanner.model.location import Location
from scanner.model.value import Hop
from scanner.reports.excerpt import Lines, excerpt_at, is_secret, without_secrets
from scanner.reports.html.pool import Pool

_BEFORE, _SPAN, _AFTER = 120, 400, 160
_TAB: Final = "    "


class Evidence:
    """Collects places: `places` are rows of path, line, column, last line, the code before, in and after the span
    (None where it is not shown), and 1 where it is withheld."""

    def __init__(self, lines: Lines, pool: Pool) -> None:
        self.places: list[list[int | None]] = []
        self._lines = lines
        self._pool = pool
        self._numbers: dict[tuple[Location, bool, bool], int] = {}

    def of(self, finding: Finding) -> int | None:
        """The number of the place where a fix belongs."""
        return None if finding.location is None else self.at(finding.location, hidden=is_secret(finding))

    def chain(self, finding: Finding) -> list[list[int | None]]:
        """What leads to the place, each with its own; nothing where it says no more than the place."""
        hops = finding.provenance
        if len(hops) < 2 and all(hop.location in (None, finding.location) for hop in hops):
            return []
        hidden = is_secret(finding)
        return [self._hop(hop, hidden) for hop in hops]

    def _hop(self, hop: Hop, hidden: bool) -> list[int | None]:
        place = None if hop.location is None else self.at(hop.location, hidden=hidden)
        return [self._pool.add(hop.what), place]

    def at(self, place: Location, *, hidden: bool = False, code: bool = True) -> int:
        """The number of a place; without its line where that is not wanted or must not be shown."""
        key = (place, hidden, code)
        if key not in self._numbers:
            self._numbers[key] = len(self.places)
            last = max(place.end_line, place.line)
            head = [self._pool.add(place.path), place.line, place.column, last]
            self.places.append([*head, *self._code(place, shown=code and not hidden), int(hidden)])
        return self._numbers[key]

    def _code(self, place: Location, *, shown: bool) -> list[int | None]:
        found = excerpt_at(place, self._lines) if shown else None
        if found is None:
            return [None, None, None]
        text = found.text
        before = text[: found.start].lstrip()
        after = text[found.end :].rstrip()
        parts = (
            before if len(before) <= _BEFORE else "…" + before[-_BEFORE:],
            _cut(text[found.start : found.end], _SPAN),
            _cut(after, _AFTER),
        )
        return [self._pool.add(part.replace("\t", _TAB)) for part in parts]

    def changes(self, finding: Finding) -> list[dict[str, object]]:
        """The edits of a finding's fix by file: lines with `-`, `+` or `@` (where) before them."""
        if finding.fix is None or (finding.location is not None and is_secret(finding)):
            return []
        by_file: dict[str, list[Edit]] = {}
        for edit in finding.fix.edits:
            by_file.setdefault(edit.location.path, []).append(edit)
        return [{"path": self._pool.add(path), "lines": self._diff(path, edits)} for path, edits in by_file.items()]

    def _diff(self, path: str, edits: Sequence[Edit]) -> list[list[object]]:
        before = "\n".join(self._lines(path))
        after = _edited(before, edits)
        if after is None:
            added = [line for edit in edits for line in edit.replacement.split("\n")]
            rows = [("+", line) for line in added]
        else:
            made = unified_diff(before.split("\n"), after.split("\n"), n=0, lineterm="")
            rows = [(line[0], line[1:]) for line in made if not line.startswith(("---", "+++"))]
        return [[sign, self._pool.add(_diff_line(sign, text))] for sign, text in rows]


def _diff_line(sign: str, text: str) -> str:
    shown = f"@{text}" if sign == "@" else without_secrets(text).replace("\t", _TAB)
    return _cut(shown.rstrip("\r"), _SPAN)


def _edited(text: str, edits: Sequence[Edit]) -> str | None:
    """The text after the edits, None where it is not the text that they were made for."""
    starts = [0]
    for line in text.split("\n"):
        starts.append(starts[-1] + len(line) + 1)
    for edit in sorted(edits, key=lambda edit: (edit.location.line, edit.location.column), reverse=True):
        place = edit.location
        last = place.end_line or place.line
        if last >= len(starts):
            return None
        start = starts[place.line - 1] + place.column - 1
        end = starts[last - 1] + (place.end_column or place.column) - 1
        if not text or start > end or end > len(text):
            return None
        text = text[:start] + edit.replacement + text[end:]
    return text


def _cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else text[:longest] + "…"
