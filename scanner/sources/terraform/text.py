"""Texts with places, and the grammar that they are read with."""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from tree_sitter import Language, Node, Parser, Range

from scanner.model.location import Location


@cache
def language() -> Language:
    """The grammar."""
    import tree_sitter_hcl

    return Language(tree_sitter_hcl.language())


_EXPONENT: Final = re.compile(rb"(?<![\w.])\d+[eE][-+]?\d+(?!\w)")


def parse_tree(data: bytes, part: Range | None = None) -> Node:
    """The root of the syntax tree of a text, or of a part of it.

    The grammar does not know numbers like `1e3`. Where that may be what it stumbles over, plain digits of the same
    length are parsed in their place; whoever reads the number reads it from the text.
    """
    parser = Parser(language(), included_ranges=[part] if part is not None else None)
    root = parser.parse(data).root_node
    if root.has_error and _EXPONENT.search(data):
        root = parser.parse(_EXPONENT.sub(lambda match: b"0" * len(match[0]), data)).root_node
    return root


class Source:
    """The text of a file (UTF-8 without byte order mark) and its name in locations."""

    __slots__ = ("_ascii", "_starts", "data", "path")

    def __init__(self, data: bytes, path: str) -> None:
        self.data = data
        self.path = path
        self._ascii = data.isascii()
        self._starts: list[int] | None = None

    def location(self, node: Node) -> Location:
        """The span of a node; columns count characters."""
        start, end = node.range.start_point, node.range.end_point
        return self.span(start[0], start[1], end[0], end[1])

    def header(self, first: Node, last: Node) -> Location:
        """From the start of one node to the end of another."""
        start, end = first.start_point, last.end_point
        return self.span(start[0], start[1], end[0], end[1])

    def span(self, row: int, column: int, end_row: int, end_column: int) -> Location:
        """A place from zero-based rows and byte columns."""
        if not self._ascii:
            column, end_column = self._characters(row, column), self._characters(end_row, end_column)
        return Location(self.path, row + 1, column + 1, end_row + 1, end_column + 1)

    def text(self, node: Node) -> str:
        """The text of a node."""
        return self.data[node.start_byte : node.end_byte].decode()

    def _characters(self, row: int, column: int) -> int:
        if self._starts is None:
            self._starts = [0]
            at = self.data.find(b"\n")
            while at >= 0:
                self._starts.append(at + 1)
                at = self.data.find(b"\n", at + 1)
        start = self._starts[row]
        return len(self.data[start : start + column].decode(errors="replace"))


class Derived(Source):
    """A text that came out of a value (template file, JSON string): all of it is at one place."""

    __slots__ = ("place",)

    def __init__(self, data: bytes, place: Location) -> None:
        super().__init__(data, place.path)
        self.place = place

    def span(self, row: int, column: int, end_row: int, end_column: int) -> Location:  # noqa: ARG002
        """Always the place of the whole."""
        return self.place
