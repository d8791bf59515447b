"""The texts of files that may be edited, with places as locations name them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, TypeVar

from scanner.fixes.obstacle import NoFix, Obstacle
from scanner.model.location import Location

_Kept = TypeVar("_Kept")
_BOM: Final = b"\xef\xbb\xbf"
_FOREIGN: Final = frozenset({".terraform", ".terragrunt-cache", "node_modules", "vendor", ".git"})
"""Directories with copies of what belongs to others."""


class SourceText:
    """The text of a file: `text` without byte order mark, and `data`, what was read."""

    __slots__ = ("_starts", "data", "path", "text")

    def __init__(self, path: str, data: bytes) -> None:
        self.path = path
        self.data = data
        self.text = data.removeprefix(_BOM).decode()
        self._starts = [0]
        for line in self.text.split("\n"):
            self._starts.append(self._starts[-1] + len(line) + 1)

    @property
    def newline(self) -> str:
        """What ends a line."""
        return "\r\n" if "\r\n" in self.text else "\n"

    def span(self, location: Location) -> tuple[int, int]:
        """The offsets of a place. Raises NoFix where there is no such place."""
        end_line, end_column = location.end_line or location.line, location.end_column or location.column
        start, end = self._offset(location.line, location.column), self._offset(end_line, end_column)
        if not 0 <= start <= end <= len(self.text):
            raise NoFix(Obstacle.CHANGED)
        return start, end

    def _offset(self, line: int, column: int) -> int:
        if not 0 < line < len(self._starts):
            raise NoFix(Obstacle.CHANGED)
        return self._starts[line - 1] + column - 1

    def line_start(self, offset: int) -> int:
        """Where the line of an offset begins."""
        return self.text.rfind("\n", 0, offset) + 1

    def line_end(self, offset: int) -> int:
        """Where the next line begins."""
        found = self.text.find("\n", offset)
        return len(self.text) if found < 0 else found + 1

    def indent(self, offset: int) -> str:
        """The white space that the line of an offset begins with."""
        start = self.line_start(offset)
        line = self.text[start : self.line_end(offset)]
        return line[: len(line) - len(line.lstrip(" \t"))]

    def encoded(self, text: str) -> bytes:
        """What the file holds with another text."""
        return (_BOM if self.data.startswith(_BOM) else b"") + text.encode()


class Files:
    """The files below a directory, each read once; `texts` are those of edits not yet made."""

    def __init__(self, base: Path, texts: dict[str, bytes] | None = None) -> None:
        self.base = base.resolve()
        self._edited = texts or {}
        self._read: dict[str, SourceText | None] = {}
        self._kept: dict[Path, Any] = {}

    def kept(self, directory: Path, made: Callable[[Path], _Kept]) -> _Kept:
        """What a function makes of a directory, made once."""
        if directory not in self._kept:
            self._kept[directory] = made(directory)
        found: _Kept = self._kept[directory]
        return found

    def text(self, path: str) -> SourceText:
        """A file by its name in locations. Raises NoFix for what cannot or must not be edited."""
        if path not in self._read:
            self._read[path] = self._load(path)
        found = self._read[path]
        if found is None:
            raise NoFix(Obstacle.PLACE)
        return found

    def _load(self, path: str) -> SourceText | None:
        if path in self._edited:
            return SourceText(path, self._edited[path])
        file = self.base / path
        try:
            if not _FOREIGN.isdisjoint(Path(path).parts) or not file.resolve().is_relative_to(self.base):
                return None
            return SourceText(path, file.read_bytes()) if file.is_file() else None
        except (OSError, UnicodeDecodeError):
            return None
