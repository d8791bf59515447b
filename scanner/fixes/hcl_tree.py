"""The syntax tree of a text in HCL, with offsets of characters."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from itertools import accumulate

from tree_sitter import Node

from scanner.fixes.obstacle import NoFix, Obstacle
from scanner.sources.terraform.text import parse_tree


class HclTree:
    """A parsed text. Raises NoFix for one with a syntax error."""

    __slots__ = ("_ascii", "_paragraphs", "data", "root")

    def __init__(self, text: str) -> None:
        self.data = text.encode()
        self._ascii = self.data.isascii()
        self._paragraphs: list[tuple[int, int]] | None = None
        self.root = parse_tree(self.data)
        if self.root.has_error:
            raise NoFix(Obstacle.PLACE)

    def char(self, offset: int) -> int:
        """The character at an offset in bytes."""
        return offset if self._ascii else len(self.data[:offset].decode())

    def byte(self, text: str, offset: int) -> int:
        """The offset in bytes of a character."""
        return offset if self._ascii else len(text[:offset].encode())

    def span(self, node: Node) -> tuple[int, int]:
        """The characters of a node."""
        return self.char(node.start_byte), self.char(node.end_byte)

    def node_at(self, start: int, kinds: tuple[str, ...]) -> Node | None:
        """The outermost node of one of these kinds that begins at an offset in bytes."""
        here: Node | None = self.root
        while here is not None:
            if here.start_byte == start and here.type in kinds:
                return here
            here = next((child for child in here.children if child.start_byte <= start < child.end_byte), None)
        return None

    def paragraphs(self) -> list[tuple[int, int]]:
        """The characters of what stands on the top level without an empty line between: whole lines, in order.

        No column of equals signs or comments leads from one to another.
        """
        if self._paragraphs is None:
            self._paragraphs = self._found_paragraphs()
        return self._paragraphs

    def _found_paragraphs(self) -> list[tuple[int, int]]:
        tops = [part for child in self.root.children for part in (child.children if child.type == "body" else [child])]
        rows: list[tuple[int, int]] = []
        for node in sorted(tops, key=lambda node: node.start_byte):
            first, last = node.start_point[0], node.end_point[0]
            if rows and first <= rows[-1][1] + 1:
                rows[-1] = (rows[-1][0], max(rows[-1][1], last))
            else:
                rows.append((first, last))
        starts = list(accumulate((len(line) + 1 for line in self.data.decode().split("\n")), initial=0))
        return [(starts[first], min(starts[last + 1], starts[-1] - 1)) for first, last in rows]

    def leaves(self) -> Iterator[Node]:
        """The tokens, in order."""
        waiting = [self.root]
        while waiting:
            node = waiting.pop()
            if node.children:
                waiting.extend(reversed(node.children))
            elif node.end_byte > node.start_byte:
                yield node


@lru_cache(maxsize=4)
def parsed(text: str) -> HclTree:
    """The tree of a text that is asked about again and again: that of a file. Raises NoFix as `HclTree`."""
    return HclTree(text)
