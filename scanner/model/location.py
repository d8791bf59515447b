"""Places in text files."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(slots=True, eq=True, unsafe_hash=True)
class Location:
    """A span of a file: `path` relative to the scanned directory with `/`, lines and columns 1-based.

    Columns count characters, the end column is exclusive (as SARIF 2.1.0 section 3.30 has it).
    Immutable by convention; not frozen because hundreds of thousands are made and freezing doubles the cost.
    """

    path: str
    line: int
    column: int = 1
    end_line: int = 0
    end_column: int = 0

    def __str__(self) -> str:
        return f"{self.path}:{self.line}:{self.column}"
