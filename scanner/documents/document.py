"""What the readers of YAML and JSON have in common: documents, their errors, and limits."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from typing import Final

from scanner.model.location import Location
from scanner.model.value import Value

_BREAK: Final = re.compile(r"\r\n?|\n")


@dataclass(frozen=True, slots=True)
class Limits:
    """How much is read. More is an error of the document.

    size        characters of a text
    depth       how deeply lists and mappings may be nested
    nodes       values in a document, each time counted that an alias stands for it
    """

    size: int = 20_000_000
    depth: int = 100
    nodes: int = 2_000_000


LIMITS: Final = Limits()
MOST_WRITTEN: Final = 1_000_000
"""The most values that are written out in one document, before aliases are expanded."""


@dataclass(slots=True)
class Document:
    """One document: its value, and the span from its first key or element to its last."""

    value: Value
    location: Location


class DocumentError(ValueError):
    """A document that cannot be read: what is wrong (`message`) and where."""

    def __init__(self, message: str, location: Location) -> None:
        super().__init__(f"{location}: {message}")
        self.message = message
        self.location = location


class Places:
    """Turns the offsets of characters in a text into locations. CR LF, LF and CR each end a line."""

    def __init__(self, text: str, path: str) -> None:
        self.text = text
        self.path = path
        self._starts: list[int] | None = None

    def location(self, start: int, end: int) -> Location:
        """The span between two offsets."""
        line, column = self._place(start)
        end_line, end_column = self._place(end)
        return Location(self.path, line, column, end_line, end_column)

    def _place(self, offset: int) -> tuple[int, int]:
        if self._starts is None:
            self._starts = [0, *(match.end() for match in _BREAK.finditer(self.text))]
        line = bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1
