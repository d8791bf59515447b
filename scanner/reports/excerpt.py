"""The line of source text that a finding points at, safe to show.

Lines of sensitive values are withheld; literals beside a name that sounds like a secret are replaced.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TypeAlias

from scanner.model.finding import Finding
from scanner.model.location import Location
from scanner.model.value import MASK, Plain

Lines: TypeAlias = Callable[[str], Sequence[str]]

# Larger files are generated; showing a line of them is not worth reading them.
MAX_BYTES = 4_000_000
# Nor is a line that no person wrote, as in a plan of Terraform.
MAX_LINE = 1_000
SECRET_CATEGORY = "secrets"

_SECRET_NAME = re.compile(r"(?i)passw|secret|token|credential|private_?key|api_?key|access_?key|auth")
_LITERAL = re.compile(r'(?P<before>[=:(,\[]\s*)"(?:[^"\\]|\\.)+"')


@dataclass(frozen=True, slots=True)
class Excerpt:
    """One line of a file; `start` and `end` are the 0-based span of characters to underline."""

    line: int
    text: str
    start: int
    end: int


def reader(base: str) -> Lines:
    """A function that gives the lines of a file below `base`, none where it cannot be read."""
    top = Path(base).resolve()

    @lru_cache(maxsize=64)
    def lines(path: str) -> Sequence[str]:
        try:
            file = (top / path).resolve()
            if not file.is_relative_to(top) or file.stat().st_size > MAX_BYTES:
                return ()
            return file.read_text(encoding="utf-8", errors="replace").split("\n")
        except (OSError, ValueError):  # ValueError: a name that no file can have
            return ()

    return lines


def is_secret(finding: Finding) -> bool:
    """Whether the finding is about a value that must not be printed."""
    return finding.category == SECRET_CATEGORY or _masked(finding.actual) or _masked(finding.expected)


def excerpt(finding: Finding, lines: Lines) -> Excerpt | None:
    """The first line of the finding's location, or None where it cannot or must not be shown."""
    place = finding.location
    return None if place is None or is_secret(finding) else excerpt_at(place, lines)


def excerpt_at(place: Location, lines: Lines) -> Excerpt | None:
    """The first line of a place that may be shown, or None where it cannot be read."""
    text = lines(place.path)
    if not 1 <= place.line <= len(text) or len(text[place.line - 1]) > MAX_LINE:
        return None
    return _cut(place, text[place.line - 1].rstrip("\r"))


def _cut(place: Location, line: str) -> Excerpt:
    several = place.end_line > place.line
    end = len(line.rstrip()) if several or place.end_column <= place.column else place.end_column - 1
    start = min(place.column - 1, len(line))
    if _SECRET_NAME.search(line):
        before, span, after = line[:start], line[start:end], line[end:]
        before, span, after = map(_without_literals, (before, span, after))
        return Excerpt(place.line, before + span + after, len(before), len(before) + len(span))
    return Excerpt(place.line, line, start, max(start, min(end, len(line))))


def without_secrets(line: str) -> str:
    """A line of code without the literals beside names that sound like secrets."""
    return _without_literals(line) if _SECRET_NAME.search(line) else line


def _without_literals(text: str) -> str:
    return _LITERAL.sub(r'\g<before>"..."', text)


def _masked(data: Plain) -> bool:
    if isinstance(data, str):
        return MASK in data
    if isinstance(data, list):
        return any(_masked(item) for item in data)
    if isinstance(data, dict):
        return any(_masked(item) for item in data.values())
    return False
