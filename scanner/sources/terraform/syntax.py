"""HCL syntax with exact places: blocks and attributes of files; expressions stay unread until they are evaluated.

Parsing is tree-sitter-hcl. Only what is asked for is turned into Python objects: the top level of a file at once, the
content of a block when somebody looks into it, an expression when somebody evaluates it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Protocol

from tree_sitter import Node, Range

from scanner.model.location import Location
from scanner.model.value import Reason, Unknown, Value
from scanner.sources.terraform.parser import parse_attribute
from scanner.sources.terraform.scope import EvaluationError, Expression, Scope, failed
from scanner.sources.terraform.text import Source, parse_tree

MAX_PROBLEMS: Final = 20
_HEADER: Final = re.compile(
    rb"^(?:resource|data|module|variable|output|locals|provider|terraform|moved|import|removed|check|ephemeral)\b[^=\n]*\{",
    re.MULTILINE,
)


class Attribute(Protocol):
    """`name = expression` in a body."""

    @property
    def name(self) -> str:
        """The name before the equals sign."""

    @property
    def location(self) -> Location:
        """From the start of the name to the end of the expression."""

    @property
    def expression(self) -> Expression:
        """The right-hand side. Reading it raises EvaluationError where its syntax is broken."""


class Block(Protocol):
    """`type "label" { … }`."""

    @property
    def type(self) -> str:
        """The word in front."""

    @property
    def labels(self) -> tuple[str, ...]:
        """The labels, without quotes."""

    @property
    def location(self) -> Location:
        """The header, up to the opening brace."""

    @property
    def body(self) -> Body:
        """What is between the braces."""


class Body:
    """The attributes and blocks of a file or block, in the order written.

    `broken` tells that there is a syntax error in it, so that more may be written than was read.
    """

    __slots__ = ("_nested", "attributes", "blocks", "broken")

    def __init__(self, attributes: dict[str, Attribute], blocks: tuple[Block, ...], broken: bool = False) -> None:
        self.attributes = attributes
        self.blocks = blocks
        self.broken = broken
        self._nested: dict[str, list[Block]] | None = None

    def of_type(self, *types: str) -> Iterator[Block]:
        """The blocks of these types."""
        return (block for block in self.blocks if block.type in types)

    def nested(self) -> dict[str, list[Block]]:
        """The blocks by the name that they give to their content: a dynamic block counts as what it makes."""
        if self._nested is None:
            self._nested = {}
            for block in self.blocks:
                name = block.labels[0] if block.type == "dynamic" and block.labels else block.type
                self._nested.setdefault(name, []).append(block)
        return self._nested


@dataclass(slots=True, frozen=True)
class PlainBlock:
    """A block that was put together from others, or read from JSON."""

    type: str
    labels: tuple[str, ...]
    location: Location
    body: Body


def evaluate_attribute(attribute: Attribute, scope: Scope) -> Value:
    """The value of an attribute, placed there unless it comes from elsewhere; errors become an unknown value."""
    try:
        value = attribute.expression.evaluate(scope)
    except EvaluationError as error:
        return failed(error, error.location or attribute.location)
    except RecursionError:
        return Value(Unknown(Reason.ERROR, "the expression is nested too deeply"), attribute.location)
    return value if value.location is not None else value.with_(location=attribute.location)


@dataclass(slots=True, frozen=True)
class SyntaxProblem:
    """A part of a file that could not be read."""

    what: str
    location: Location


class HclAttribute:
    """An attribute in native syntax."""

    __slots__ = ("_expression", "_location", "_node", "_source", "name")

    def __init__(self, source: Source, node: Node, name: str) -> None:
        self._source = source
        self._node = node
        self.name = name
        self._location: Location | None = None
        self._expression: Expression | None = None

    @property
    def location(self) -> Location:
        """From the start of the name to the end of the expression."""
        if self._location is None:
            self._location = self._source.location(self._node)
        return self._location

    @property
    def expression(self) -> Expression:
        """The right-hand side, compiled at first use. Raises EvaluationError where its syntax is broken."""
        if self._expression is None:
            self._expression = parse_attribute(self._source, self._node, self.location)
        return self._expression


class HclBlock:
    """A block in native syntax."""

    __slots__ = ("_body", "_location", "_node", "_source", "labels", "type")

    def __init__(self, source: Source, node: Node, type_: str, labels: tuple[str, ...]) -> None:
        self._source = source
        self._node = node
        self.type = type_
        self.labels = labels
        self._body: Body | None = None
        self._location: Location | None = None

    @property
    def location(self) -> Location:
        """The header, up to the opening brace."""
        if self._location is None:
            opening = next((child for child in self._node.children if child.type == "block_start"), self._node)
            self._location = self._source.header(self._node, opening)
        return self._location

    @property
    def body(self) -> Body:
        """What is between the braces."""
        if self._body is None:
            self._body = _body(self._source, self._node)
        return self._body


def parse(source: Source) -> tuple[Body, list[SyntaxProblem]]:
    """The top level of a file in native syntax and what is wrong with it.

    Where something is wrong every block is parsed on its own, so that an error only costs the block that it is in.
    """
    root = parse_tree(source.data)
    if not root.has_error:
        return _body(source, root), []
    attributes: dict[str, Attribute] = {}
    blocks: list[Block] = []
    found: list[SyntaxProblem] = []
    for part in _parts(source.data):
        root = parse_tree(source.data, part)
        body = _body(source, root)
        attributes.update(body.attributes)
        blocks.extend(body.blocks)
        if root.has_error and len(found) < MAX_PROBLEMS:
            found.extend(_problems(source, root))
    return Body(attributes, tuple(blocks)), found


def _parts(data: bytes) -> list[Range]:
    """The file cut at the lines that look like the header of a top-level block."""
    starts = sorted({0, *(match.start() for match in _HEADER.finditer(data))})
    ends = [*starts[1:], len(data)]
    parts: list[Range] = []
    row = 0
    for start, end in zip(starts, ends, strict=True):
        rows = data.count(b"\n", start, end)
        column = end - (data.rfind(b"\n", 0, end) + 1)
        parts.append(Range((row, 0), (row + rows, column), start, end))
        row += rows
    return parts


def _body(source: Source, parent: Node) -> Body:
    attributes: dict[str, Attribute] = {}
    blocks: list[Block] = []
    stack = [*reversed(parent.children)]
    while stack:
        node = stack.pop()
        kind = node.type
        if kind == "attribute":
            named = node.child(0)
            assert named is not None
            name = source.text(named)
            attributes.setdefault(name, HclAttribute(source, node, name))
        elif kind == "block":
            blocks.append(_block(source, node))
        elif kind == "body" or (kind == "ERROR" and parent.type != "block"):
            stack.extend(reversed(node.children))
    return Body(attributes, tuple(blocks), parent.has_error)


def _block(source: Source, node: Node) -> HclBlock:
    names: list[str] = []
    for child in node.children:
        kind = child.type
        if kind == "identifier":
            names.append(source.text(child))
        elif kind == "string_lit":
            names.append(source.data[child.start_byte + 1 : child.end_byte - 1].decode())
        elif kind == "block_start":
            break
    return HclBlock(source, node, names[0] if names else "", tuple(names[1:]))


def _problems(source: Source, root: Node) -> Iterator[SyntaxProblem]:
    """The broken parts below a node, outermost first."""
    stack = [root]
    while stack:
        node = stack.pop()
        if node.is_missing:
            yield SyntaxProblem(f"syntax error: {node.type} is missing", source.location(node))
        elif node.type == "ERROR":
            text = source.text(node).split("\n", 1)[0].strip()[:40]
            yield SyntaxProblem(f"syntax error near {text!r}", source.location(node))
        elif node.has_error:
            stack.extend(reversed(node.children))
