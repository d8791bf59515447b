"""The syntax tree of a text in HCL, with offsets of characters."""

from __future__ import annotations

from collections.abc import Iterator

from tree_sitter import Node

from scanner.fixes.obstacle import NoFix, Obstacle
from scanner.sources.terraform.text import parse_tree


class HclTree:
    """A parsed text. Raises NoFix for one with a syntax error."""

    __slots__ = ("_ascii", "data", "root")

    def __init__(self, text: str) -> None:
        self.data = text.encode()
        self._ascii = self.data.isascii()
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

    def leaves(self) -> Iterator[Node]:
        """The tokens, in order."""
        waiting = [self.root]
        while waiting:
            node = waiting.pop()
            if node.children:
                waiting.extend(reversed(node.children))
            elif node.end_byte > node.start_byte:
                yield node
