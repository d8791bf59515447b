"""From syntax nodes to templates.

tree-sitter leaves white space out of its literal nodes, so literal text is taken from the bytes between the
interpolations. Trimming and indentation follow hashicorp/hcl (hclsyntax/parser_template.go): a heredoc is cut into
lines first, and `~` trims only the line that it touches.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Protocol
from unicodedata import normalize

from tree_sitter import Node

from scanner.model.location import Location
from scanner.model.value import Value
from scanner.sources.terraform.expressions import ForClause, Literal
from scanner.sources.terraform.scope import EvaluationError, Expression
from scanner.sources.terraform.templates import For, If, Interpolation, Part, Template, Text
from scanner.sources.terraform.text import Derived, Source

_DIRECTIVES: Final = frozenset(
    {"template_if_intro", "template_else_intro", "template_if_end", "template_for_start", "template_for_end"}
)
_ESCAPE: Final = re.compile(r"\\(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|(.))|\$\$\{|%%\{", re.DOTALL)
_LINE: Final = re.compile(r"[^\n]*\n|[^\n]+")
_SIMPLE: Final = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "\\": "\\"}


class Reader(Protocol):
    """The reader of expressions that a template is part of."""

    source: Source
    place: Location

    def read(self, node: Node) -> Expression:
        """The expression of a node."""

    def clause(self, intro: Node, condition: Expression | None) -> ForClause:
        """`for key, value in collection`."""


def unescaped(text: str, quoted: Location | None) -> str:
    """Literal text in Unicode's normal form C; `quoted` is the place of a quoted string, which has more escapes.

    Heredocs and template files only know `$${` and `%%{`. Raises EvaluationError for an unknown escape.
    """
    if quoted is None:
        text = text.replace("$${", "${").replace("%%{", "%{")
    elif "\\" in text or "${" in text or "%{" in text:
        text = _ESCAPE.sub(lambda match: _escaped(match, quoted), text)
    return text if text.isascii() else normalize("NFC", text)


def _escaped(match: re.Match[str], place: Location) -> str:
    code = match[1] or match[2]
    if code:
        return chr(int(code, 16)) if int(code, 16) < 0x110000 else "\ufffd"
    if match[3] is None:
        return match[0][1:]
    if match[3] not in _SIMPLE:
        raise EvaluationError(f"\\{match[3]} is no escape sequence", place)
    return _SIMPLE[match[3]]


@dataclass(slots=True)
class _Literal:
    text: str


@dataclass(slots=True)
class _Event:
    """An interpolation or a directive."""

    node: Node


def read_template(reader: Reader, node: Node) -> Expression:
    """The expression of a quoted_template or heredoc_template node."""
    quoted = node.type == "quoted_template"
    start, end = (node.start_byte + 1, node.end_byte - 1) if quoted else _heredoc_bounds(reader.source, node)
    tokens = _tokens(reader.source, node, start, end, reader.place)
    if not quoted and node.children[0].end_byte - node.children[0].start_byte == 3:
        _outdent(tokens)
    return template(reader, tokens, reader.place)


def heredoc_tokens(source: Derived, node: Node) -> list[_Literal | _Event]:
    """The tokens of a text that was wrapped into a heredoc to parse it, without the newline that this added."""
    start, end = _heredoc_bounds(source, node)
    return _tokens(source, node, start, end - 1, source.place)


def _heredoc_bounds(source: Source, node: Node) -> tuple[int, int]:
    """From the line after the first marker to the start of the line of the second."""
    data = source.data
    start = data.index(b"\n", node.children[1].end_byte) + 1
    end = node.children[-1].start_byte
    while end > start and data[end - 1] in b" \t":
        end -= 1
    return start, end


def _events(node: Node) -> Iterator[Node]:
    stack = [*reversed(node.children)]
    while stack:
        child = stack.pop()
        kind = child.type
        if kind == "template_interpolation" or kind in _DIRECTIVES:
            yield child
        elif kind in ("template_directive", "template_if", "template_for"):
            stack.extend(reversed(child.children))


def _tokens(source: Source, node: Node, start: int, end: int, place: Location) -> list[_Literal | _Event]:
    data = source.data
    tokens: list[_Literal | _Event] = []
    at = start
    trim = False
    for event in _events(node):
        if event.start_byte > at and data[event.start_byte - 1] == data[event.start_byte]:
            continue  # the grammar does not see that `$$${` ends in the escape `$${`
        opening = data[event.start_byte + 2 : event.start_byte + 3] == b"~"
        tokens.extend(_literals(source, node, (at, event.start_byte), (trim, opening), place))
        trim = data[event.end_byte - 2 : event.end_byte - 1] == b"~"
        tokens.append(_Event(event))
        at = event.end_byte
    tokens.extend(_literals(source, node, (at, end), (trim, False), place))
    return tokens


def _literals(
    source: Source, node: Node, span: tuple[int, int], trim: tuple[bool, bool], place: Location
) -> Iterator[_Literal]:
    """Literal text, trimmed where its neighbours ask for it; outside of quotes every line is a token of its own."""
    text = source.data[span[0] : span[1]].decode()
    if not text:
        return
    parts = [unescaped(text, place)] if node.type == "quoted_template" else _LINE.findall(unescaped(text, None))
    if trim[0]:
        parts[0] = parts[0].lstrip()
    if trim[1]:
        parts[-1] = parts[-1].rstrip()
    yield from map(_Literal, parts)


def _outdent(tokens: Sequence[_Literal | _Event]) -> None:
    """Removes the indentation that all lines of an indented heredoc share; blank lines do not count."""
    fewest: int | None = None
    lines: list[_Literal] = []
    newline = True
    for token in tokens:
        literal = token.text if isinstance(token, _Literal) else ""
        if newline:
            newline = False
            trimmed = literal.lstrip()
            if trimmed or not literal.endswith("\n"):
                spaces = len(literal) - len(trimmed)
                fewest = spaces if fewest is None else min(fewest, spaces)
                if isinstance(token, _Literal):
                    lines.append(token)
        newline = newline or literal.endswith("\n")
    for line in lines:
        line.text = line.text[fewest or 0 :]


def template(reader: Reader, tokens: Sequence[_Literal | _Event], place: Location) -> Expression:
    """The expression made of tokens. Raises EvaluationError for directives that do not fit together."""
    parts, rest = _parts(reader, tokens, 0, ())
    if rest < len(tokens):
        raise EvaluationError("a template directive is out of place", place)
    if all(isinstance(part, Text) for part in parts):
        return Literal(Value("".join(part.text for part in parts if isinstance(part, Text))))
    if len(parts) == 1 and isinstance(parts[0], Interpolation):
        return parts[0].expression
    return Template(parts, place)


def _parts(
    reader: Reader, tokens: Sequence[_Literal | _Event], at: int, until: Sequence[str]
) -> tuple[list[Part], int]:
    """The parts up to a directive that ends them, and the index of that directive."""
    parts: list[Part] = []
    while at < len(tokens):
        token = tokens[at]
        if isinstance(token, _Literal):
            if token.text:
                parts.append(Text(token.text))
            at += 1
            continue
        kind = token.node.type
        if kind in until:
            return parts, at
        if kind == "template_interpolation":
            inner = _inner(token.node)
            if inner is not None:
                parts.append(Interpolation(reader.read(inner), reader.place))
            at += 1
        else:
            part, at = _directive(reader, tokens, at)
            parts.append(part)
    return parts, at


def _directive(reader: Reader, tokens: Sequence[_Literal | _Event], at: int) -> tuple[Part, int]:
    token = tokens[at]
    assert isinstance(token, _Event)
    place = reader.place
    if token.node.type == "template_for_start":
        clause = reader.clause(token.node, None)
        body, at = _parts(reader, tokens, at + 1, ("template_for_end",))
        return For(clause, body), at + 1
    condition = _inner(token.node)
    if token.node.type != "template_if_intro" or condition is None:
        raise EvaluationError("a template directive is out of place", place)
    yes, at = _parts(reader, tokens, at + 1, ("template_else_intro", "template_if_end"))
    no: list[Part] = []
    if at < len(tokens) and _is_else(tokens[at]):
        no, at = _parts(reader, tokens, at + 1, ("template_if_end",))
    return If(reader.read(condition), yes, no, place), at + 1


def _is_else(token: _Literal | _Event) -> bool:
    return isinstance(token, _Event) and token.node.type == "template_else_intro"


def _inner(node: Node) -> Node | None:
    return next((child for child in node.children if child.type == "expression"), None)
