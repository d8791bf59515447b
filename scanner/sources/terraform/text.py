"""Texts with places, and the grammar that they are read with."""

from __future__ import annotations

import re
from array import array
from bisect import bisect_right
from functools import cache
from typing import Final

from tree_sitter import Language, Node, Parser, Range

from scanner.model.location import Location


@cache
def _parser() -> Parser:
    """The one parser; making a parser takes longer than parsing a small file."""
    import tree_sitter_hcl

    return Parser(Language(tree_sitter_hcl.language()))


_EXPONENT: Final = re.compile(rb"(?<![\w.])\d+[eE][-+]?\d+(?!\w)")


def parse_tree(data: bytes, part: tuple[int, int] | None = None) -> Node:
    """The root of the syntax tree of a text, or of a part of it (byte offsets).

    The grammar does not know numbers like `1e3`. Where that may be what it stumbles over, plain digits of the same
    length are parsed in their place; whoever reads the number reads it from the text.
    """
    parser = _parser()
    if part is not None:
        parser.included_ranges = [Range((0, 0), (0, 0), *part)]
    try:
        root = parser.parse(data).root_node
        if root.has_error and _EXPONENT.search(data, *(part or ())):
            root = parser.parse(_EXPONENT.sub(lambda match: b"0" * len(match[0]), data)).root_node
    finally:
        if part is not None:
            del parser.included_ranges
    return root


class Source:
    """The text of a file (UTF-8 without byte order mark) and its name in locations."""

    __slots__ = ("_ascii", "_starts", "data", "path")

    def __init__(self, data: bytes, path: str) -> None:
        self.data = data
        self.path = path
        self._ascii = data.isascii()
        self._starts: array[int] | None = None

    def location(self, node: Node) -> Location:
        """The span of a node."""
        return self.span(node.start_byte, node.end_byte)

    def span(self, start: int, end: int) -> Location:
        """The place between two byte offsets; columns count characters."""
        starts = self._starts
        if starts is None:
            starts = self._starts = array("I", [0])
            starts.extend(match.end() for match in re.finditer(b"\n", self.data))
        row = bisect_right(starts, start)
        end_row = row if end <= start or row == len(starts) or end < starts[row] else bisect_right(starts, end)
        first, last = starts[row - 1], starts[end_row - 1]
        if self._ascii:
            return Location(self.path, row, start - first + 1, end_row, end - last + 1)
        column = len(self.data[first:start].decode(errors="replace"))
        end_column = len(self.data[last:end].decode(errors="replace"))
        return Location(self.path, row, column + 1, end_row, end_column + 1)

    def text(self, node: Node) -> str:
        """The text of a node."""
        return self.data[node.start_byte : node.end_byte].decode()


class Derived(Source):
    """A text that came out of a value (template file, JSON string): all of it is at one place."""

    __slots__ = ("place",)

    def __init__(self, data: bytes, place: Location) -> None:
        super().__init__(data, place.path)
        self.place = place

    def span(self, start: int, end: int) -> Location:  # noqa: ARG002
        """Always the place of the whole."""
        return self.place
