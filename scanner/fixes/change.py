"""Changes of texts: what to put where, applied together, and the edits that lead from one text to another."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from itertools import accumulate
from typing import Final

from scanner.fixes.files import SourceText
from scanner.model.finding import Edit
from scanner.model.location import Location


@dataclass(slots=True, frozen=True)
class Change:
    """Replace the characters from `start` to `end` of a file; `topic` names what an insertion is about.

    Changes with one span, or with one topic at one place, are about the same thing.
    """

    path: str
    start: int
    end: int
    text: str
    topic: str = ""

    @property
    def order(self) -> tuple[str, int, int, str, str]:
        """Sorts changes as they are applied."""
        return self.path, self.start, self.end, self.topic, self.text

    def contradicts(self, other: Change) -> bool:
        """Whether both cannot be made."""
        if self == other or self.path != other.path:
            return False
        if self.start == self.end and other.start == other.end:
            return self.start == other.start and self.topic == other.topic
        if self.start == self.end or other.start == other.end:
            point, span = (self, other) if self.start == self.end else (other, self)
            return span.start < point.start < span.end
        return self.start < other.end and other.start < self.end


def applied(text: str, changes: Iterable[Change]) -> str:
    """The text with changes that do not contradict each other."""
    made = sorted(set(changes), key=lambda change: change.order)
    out: list[str] = []
    at = 0
    for change in made:
        out += (text[at : change.start], change.text)
        at = change.end
    return "".join([*out, text[at:]])


_BREAKS: Final = ("\n", "\r\n")


@dataclass(slots=True)
class Touched:
    """Lines (from 0) of a changed text that are new (`made`), longer by some characters, or beside a gap (`cut`)."""

    made: set[int] = field(default_factory=set)
    grown: dict[int, int] = field(default_factory=dict)
    cut: set[int] = field(default_factory=set)


def touched_lines(text: str, changes: Iterable[Change]) -> Touched:
    """What changes do to the lines of a text."""
    touched = Touched()
    shift = 0
    for change in sorted(set(changes), key=lambda change: change.order):
        row = text.count("\n", 0, change.start) + shift
        made, gone = change.text.count("\n"), text.count("\n", change.start, change.end)
        if made:
            first, last = row + change.text.startswith(_BREAKS), row + made - change.text.endswith("\n")
            touched.made.update(range(first, last + 1))
        elif gone:
            touched.cut.update(at for at in (row - 1, row) if at >= 0)
        else:
            touched.grown[row] = touched.grown.get(row, 0) + len(change.text) - (change.end - change.start)
        shift += made - gone
    for row in touched.made:
        touched.grown.pop(row, None)
    return touched


def edits_between(source: SourceText, new: str) -> list[Edit]:
    """The edits that make `new` of a text: the lines that differ, without what they have in common at their ends."""
    old = source.text
    before, after = old.split("\n"), new.split("\n")
    before, after = [f"{line}\n" for line in before], [f"{line}\n" for line in after]
    most = min(len(before), len(after))
    head = next((at for at in range(most) if before[at] != after[at]), most)
    tail = next((at for at in range(most - head) if before[-1 - at] != after[-1 - at]), most - head)
    starts = _starts(before)
    middle = SequenceMatcher(None, before[head : len(before) - tail], after[head : len(after) - tail], autojunk=False)
    edits: list[Edit] = []
    for tag, *rows in middle.get_opcodes():
        first, last, new_first, new_last = (row + head for row in rows)
        if tag == "equal":
            continue
        for low, high, piece in _narrowed(before[first:last], after[new_first:new_last]):
            edits.append(_edit(source, starts[first] + low, starts[first] + high, piece))
    return edits


def _edit(source: SourceText, start: int, end: int, piece: str) -> Edit:
    """An edit of a text that was compared as if a line break ended it."""
    if end > len(source.text):
        end = len(source.text)
        if start > 0 and (start > end or not piece.endswith("\n")):
            start, piece = start - 1, f"\n{piece}"
        piece = piece.removesuffix("\n")
    return Edit(_location(source, start, end), piece)


def _narrowed(before: Sequence[str], after: Sequence[str]) -> list[tuple[int, int, str]]:
    """The replacements within lines that differ, as offsets from their start: line by line where they pair up."""
    if len(before) != len(after):
        return [_trimmed("".join(before), "".join(after), 0)]
    found: list[tuple[int, int, str]] = []
    at = 0
    for old, new in zip(before, after, strict=True):
        if old != new:
            found.append(_trimmed(old, new, at))
        at += len(old)
    return found


def _trimmed(old: str, new: str, at: int) -> tuple[int, int, str]:
    most = min(len(old), len(new))
    head = next((index for index in range(most) if old[index] != new[index]), most)
    tail = next((index for index in range(most - head) if old[-1 - index] != new[-1 - index]), most - head)
    while head and _word(old, head - 1):  # whole words are replaced
        head -= 1
    while tail and _word(old, len(old) - tail):
        tail -= 1
    return at + head, at + len(old) - tail, new[head : len(new) - tail]


def _word(text: str, at: int) -> bool:
    return 0 <= at < len(text) and (text[at].isalnum() or text[at] in "_-.")


def _starts(lines: Sequence[str]) -> list[int]:
    return list(accumulate(map(len, lines), initial=0))


def _location(source: SourceText, start: int, end: int) -> Location:
    line, end_line = source.text.count("\n", 0, start) + 1, source.text.count("\n", 0, end) + 1
    return Location(source.path, line, start - source.line_start(start) + 1, end_line, end - source.line_start(end) + 1)
