"""HCL syntax with exact places: blocks and attributes of files; expressions stay unread until they are evaluated.

Parsing is tree-sitter-hcl. A syntax tree is sixty times as large as its text, so that only a table of names and offsets
is kept of it (see `Table`); an expression that is more than a literal or a name is parsed again when it is evaluated.
"""

from __future__ import annotations

import re
import sys
from array import array
from collections.abc import Iterator
from typing import Final

from tree_sitter import Node

from scanner.model.location import Location
from scanner.sources.terraform.body import Attribute, Block, Body, SyntaxProblem
from scanner.sources.terraform.expressions import Broken, Refused
from scanner.sources.terraform.parser import parse_expression
from scanner.sources.terraform.scope import EvaluationError, Expression
from scanner.sources.terraform.text import Source, parse_tree

MAX_PROBLEMS: Final = 20
MAX_NESTING: Final = 200
_HEADER: Final = re.compile(
    rb"^(?:resource|data|module|variable|output|locals|provider|terraform|moved|import|removed|check|ephemeral)"
    rb"\b[^=\n]*\{",
    re.MULTILINE,
)
_NAME: Final = re.compile(rb"([^\s=]+)\s*=\s*")
_BROKEN: Final = 1
_BLOCK: Final = 2


class Table:
    """The attributes and blocks of a file, as numbers.

    Every attribute is a record of flags, index of its name, start, start of the value, end. Every block is a record of
    flags, index of its words (type and labels), start, end of the header, number of the record behind its content.
    Records are in the order of the text, so that the content of a block follows it.
    """

    __slots__ = ("_known", "numbers", "problems", "source", "words")

    def __init__(self, source: Source) -> None:
        self.source = source
        self.words: list[tuple[str, ...]] = []
        self.numbers = array("I")
        self.problems: list[SyntaxProblem] = []
        self._known: dict[str, int] = {}

    def name(self, text: str) -> int:
        """The index of the name of an attribute."""
        index = self._known.get(text)
        if index is None:
            index = self._known[text] = len(self.words)
            self.words.append((sys.intern(text),))
        return index

    def index(self, name: str) -> int | None:
        """The index of a name that occurs in the file, None if it does not."""
        return self._known.get(name)

    def add(self, parent: Node, depth: int = 0) -> None:
        """Records the content of a file or block, as far as it can be made out."""
        for node in parent.children:
            kind = node.type
            if kind == "attribute":
                self._add_attribute(node)
            elif kind == "block" or (kind == "ERROR" and _has_header(node)):
                self._add_block(node, depth)
            elif kind == "body" or (kind == "ERROR" and parent.type != "block"):
                self.add(node, depth)

    def _add_attribute(self, node: Node) -> None:
        start, end = node.start_byte, node.end_byte
        match = _NAME.match(self.source.data, start, end)
        if match is not None:
            name, value = match[1].decode(), match.end()
        else:
            name, value = self.source.data[start:end].decode().split("=")[0].strip(), end
        self.numbers.extend((_BROKEN if node.has_error else 0, self.name(name), start, value, end))

    def _add_block(self, node: Node, depth: int) -> None:
        """Records a block, or an error that starts like one: its header is in it, and perhaps some of its content."""
        words: list[str] = []
        data = self.source.data
        record: int | None = None
        for child in node.children:
            kind = child.type
            if kind == "block_start" and record is None:
                record = len(self.numbers)
                flags = _BLOCK | _BROKEN if node.has_error else _BLOCK
                self.numbers.extend((flags, len(self.words), node.start_byte, child.end_byte, 0))
                self.words.append(tuple([sys.intern(word) for word in words]))
            elif kind == "identifier":
                words.append(self.source.text(child))
            elif kind == "string_lit":
                words.append(data[child.start_byte + 1 : child.end_byte - 1].decode())
            elif record is not None:
                self._add_inside(child, record, depth)
        if record is not None:
            self.numbers[record + 4] = len(self.numbers)

    def _add_inside(self, node: Node, record: int, depth: int) -> None:
        if node.type == "attribute":
            self._add_attribute(node)
        elif node.type in ("body", "block") and depth >= MAX_NESTING:
            self.numbers[record] |= _BROKEN
            self.problems.append(SyntaxProblem("blocks are nested too deeply", self.source.location(node)))
        elif node.type == "body":
            self.add(node, depth + 1)
        elif node.type == "block":
            self._add_block(node, depth + 1)

    def body(self, first: int, last: int) -> Iterator[int]:
        """The numbers of the records between two others, without those of nested blocks."""
        at = first
        while at < last:
            yield at
            at = self.numbers[at + 4] if self.numbers[at] & _BLOCK else at + 5


def _has_header(error: Node) -> bool:
    """Whether an error is a block that went wrong inside."""
    return any(child.type == "block_start" for child in error.children)


class HclAttribute:
    """An attribute in native syntax."""

    __slots__ = ("_at", "_expression", "_location", "_table")

    def __init__(self, table: Table, at: int) -> None:
        self._table = table
        self._at = at
        self._expression: Expression | None = None
        self._location: Location | None = None

    @property
    def name(self) -> str:
        """The name before the equals sign."""
        return self._table.words[self._table.numbers[self._at + 1]][0]

    @property
    def location(self) -> Location:
        """From the start of the name to the end of the expression."""
        if self._location is None:
            _, _, start, _, end = self._table.numbers[self._at : self._at + 5]
            self._location = self._table.source.span(start, end)
        return self._location

    @property
    def expression(self) -> Expression:
        """The right-hand side, read at first use."""
        if self._expression is None:
            flags, _, start, value, end = self._table.numbers[self._at : self._at + 5]
            try:
                if flags & _BROKEN:
                    self._expression = Broken(self.location)
                else:
                    self._expression = parse_expression(self._table.source, (start, value, end), self.location)
            except EvaluationError as error:
                self._expression = Refused(error)
        return self._expression


class HclBlock(Body):
    """A block in native syntax; it is its own body."""

    __slots__ = ("_at", "_table")

    def __init__(self, table: Table, at: int) -> None:
        super().__init__()
        self._table = table
        self._at = at

    @property
    def type(self) -> str:
        """The word in front."""
        return self._words()[0]

    @property
    def labels(self) -> tuple[str, ...]:
        """The labels, without quotes."""
        return self._words()[1:]

    @property
    def location(self) -> Location:
        """The header, up to the opening brace."""
        return self._table.source.span(self._table.numbers[self._at + 2], self._table.numbers[self._at + 3])

    @property
    def body(self) -> Body:
        """What is between the braces."""
        return self

    @property
    def broken(self) -> bool:
        """Whether there is a syntax error in it."""
        return bool(self._table.numbers[self._at] & _BROKEN)

    def find(self, name: str) -> Attribute | None:
        """The attribute of this name; a body without it is not read for that."""
        if self._attributes is None:
            table = self._table
            wanted = table.index(name)
            numbers = table.numbers
            first, last = self._at + 5, numbers[self._at + 4]
            if wanted is None or all(numbers[at + 1] != wanted for at in table.body(first, last)):
                return None
        return self.attributes.get(name)

    def _words(self) -> tuple[str, ...]:
        return self._table.words[self._table.numbers[self._at + 1]]

    def _read(self) -> tuple[dict[str, Attribute], tuple[Block, ...]]:
        return content(self._table, self._at + 5, self._table.numbers[self._at + 4])


def content(table: Table, first: int, last: int) -> tuple[dict[str, Attribute], tuple[Block, ...]]:
    """The attributes and blocks between two records."""
    attributes: dict[str, Attribute] = {}
    blocks: list[Block] = []
    numbers, words = table.numbers, table.words
    for at in table.body(first, last):
        if numbers[at] & _BLOCK:
            blocks.append(HclBlock(table, at))
        else:
            attributes.setdefault(words[numbers[at + 1]][0], HclAttribute(table, at))
    return attributes, tuple(blocks)


def parse(source: Source) -> tuple[Body, list[SyntaxProblem]]:
    """The top level of a file in native syntax and what is wrong with it.

    Where something is wrong every block is parsed on its own, so that an error only costs the block that it is in.
    """
    root = parse_tree(source.data)
    table = Table(source)
    found = table.problems
    if not root.has_error:
        table.add(root)
    else:
        for start, end in _parts(source.data):
            root = parse_tree(source.data, (start, end))
            table.add(root)
            if root.has_error and len(found) < MAX_PROBLEMS:
                found.extend(_problems(source, root))
    return Body(*content(table, 0, len(table.numbers)), broken=bool(found)), found


def _parts(data: bytes) -> Iterator[tuple[int, int]]:
    """The file cut at the lines that look like the header of a top-level block."""
    starts = sorted({0, *(match.start() for match in _HEADER.finditer(data))})
    return zip(starts, [*starts[1:], len(data)], strict=True)


_SOUND: Final = frozenset({"identifier", "string_lit", "block_start", "body", "attribute", "block", "comment"})
_MISSING: Final = {"quoted_template_end": '"', "heredoc_identifier": "the end of the heredoc", "identifier": "a name"}


def _problems(source: Source, root: Node) -> Iterator[SyntaxProblem]:
    """The broken parts below a node, outermost first: where something wrong begins, or what is not closed."""
    stack = [root]
    while stack:
        node = stack.pop()
        if node.is_missing:
            opening = node
            while opening.parent is not None and opening.start_byte == node.start_byte:
                opening = opening.parent
            place = source.span(opening.start_byte, _line_end(source, opening.start_byte, opening.end_byte))
            yield SyntaxProblem(f"syntax error: {_MISSING.get(node.type, node.type)} is missing", place)
        elif node.type == "ERROR":
            start = _culprit(node).start_byte
            end = _line_end(source, start, node.end_byte)
            text = source.data[start:end].decode(errors="replace").strip()[:40]
            yield SyntaxProblem(f"syntax error near {text!r}", source.span(start, end))
        elif node.has_error:
            stack.extend(reversed(node.children))


def _culprit(node: Node) -> Node:
    """The first part of an error that makes no sense where it is."""
    while True:
        odd = next((child for child in node.children if child.type not in _SOUND), None)
        if odd is None:
            return node
        node = odd
        if node.type != "ERROR":
            return node


def _line_end(source: Source, start: int, end: int) -> int:
    newline = source.data.find(b"\n", start, end)
    return newline if newline > start else max(end, start + 1)
