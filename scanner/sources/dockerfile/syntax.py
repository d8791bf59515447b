"""The instructions of a Dockerfile, from the syntax tree of tree-sitter-containerfile (heredocs, escape directive)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from scanner.model.location import Location

if TYPE_CHECKING:
    from tree_sitter import Node, Parser

_ESCAPE = re.compile(
    r"\A(?:\s*#\s*\w+\s*=[^\n]*\n)*?\s*#\s*escape\s*=\s*(?P<character>[\\`])[ \t]*$", re.MULTILINE | re.I
)
_ONBUILD = "onbuild_instruction"
_DROPPED = ("line_continuation", "comment")
_PAIRS = ("env_pair", "arg_pair", "label_pair")
_WORDS = ("path", "expose_port", "unquoted_string", "double_quoted_string", "single_quoted_string")


@dataclass(slots=True)
class Instruction:
    """One instruction as written: quotes and variables are still in the texts, line continuations are not.

    keyword    in capitals
    text       what follows the keyword and its flags; a RUN, COPY or ADD with heredocs ends with their contents
    flags      `--from=build` as name and text; one that is repeated (`--mount`) has all texts
    exec_form  the JSON array, None for the shell form
    words      paths, ports or names; `pairs` the names and values of ENV, ARG and LABEL (None: a name alone)
    image, alias   of FROM
    inner      the instruction of ONBUILD, or the command of HEALTHCHECK
    """

    keyword: str
    location: Location
    text: str
    flags: dict[str, str] = field(default_factory=dict)
    exec_form: list[str] | None = None
    words: list[str] = field(default_factory=list)
    pairs: list[tuple[str, str | None, Location]] = field(default_factory=list)
    image: str = ""
    alias: str = ""
    inner: Instruction | None = None


@dataclass(slots=True)
class Syntax:
    """A Dockerfile as text: its instructions, the escape character, and where it is no Dockerfile."""

    instructions: list[Instruction]
    escape: str
    errors: list[Location]


def read_syntax(text: str, path: str) -> Syntax:
    """The instructions of a Dockerfile, in order; places that cannot be read are `errors`."""
    # The grammar wants a line end after the last instruction.
    written = text if text.endswith("\n") else f"{text}\n"
    tree = _parser().parse(written.encode())
    places = _Places(written, path)
    found = _ESCAPE.match(text)
    errors = [places.of(node) for node in _errors(tree.root_node)]
    instructions = [
        _instruction(node, places)
        for node in tree.root_node.children
        if node.type.endswith("_instruction") and not node.has_error and not _nested(node)
    ]
    return Syntax(instructions, found["character"] if found else "\\", errors)


def _parser() -> Parser:
    import tree_sitter_containerfile
    from tree_sitter import Language, Parser

    return Parser(Language(tree_sitter_containerfile.language()))


class _Places:
    """Turns the byte columns of the tree into characters."""

    def __init__(self, text: str, path: str) -> None:
        self._path = path
        lines = [line.encode() for line in text.split("\n")]
        self._lengths = [len(line) for line in lines]
        self._lines = [None if line.isascii() else line for line in lines]

    def of(self, node: Node) -> Location:
        """The span of a node, without the line end that some nodes have."""
        row, column = node.start_point.row, node.start_point.column
        end_row, end_column = node.end_point.row, node.end_point.column
        if end_column == 0 and end_row > 0:
            # The end of a line rather than the start of the next.
            end_row, end_column = end_row - 1, self._lengths[end_row - 1]
        if row > end_row:
            row, column = end_row, end_column
        return Location(self._path, row + 1, self._column(row, column), end_row + 1, self._column(end_row, end_column))

    def _column(self, row: int, column: int) -> int:
        line = self._lines[row]
        return column + 1 if line is None else len(line[:column].decode(errors="replace")) + 1


def _errors(root: Node) -> Iterator[Node]:
    """The broken places, in order; a trigger within a trigger is one too."""
    waiting = [root]
    while waiting:
        node = waiting.pop()
        if node.is_error or node.is_missing or _nested(node):
            yield node
        elif node.has_error or node == root:
            waiting += reversed(node.children)


def _nested(node: Node) -> bool:
    return node.type == _ONBUILD and any(child.type == _ONBUILD for child in node.children)


def _instruction(node: Node, places: _Places) -> Instruction:
    keyword = node.type.removesuffix("_instruction").upper()
    made = Instruction(keyword, places.of(node), "")
    rest: list[Node] = []
    heredocs: list[str] = []
    for child in node.children[1:]:
        if child.type in ("param", "mount_param"):
            name, _, value = _joined(child).removeprefix("--").partition("=")
            made.flags[name] = f"{made.flags[name]} {value}" if name in made.flags else value
        elif child.type == "heredoc_block":
            heredocs += [_bytes(part) for part in child.children if part.type == "heredoc_content"]
        elif child.type not in _DROPPED:
            rest.append(child)
            _take(made, child, places)
    written = b"".join(_pieces(node, rest[0].start_byte if rest else node.end_byte, rest[-1].end_byte if rest else 0))
    made.text = " ".join([written.decode(errors="replace").strip()]) + "".join(f"\n{item}" for item in heredocs)
    return made


def _take(made: Instruction, node: Node, places: _Places) -> None:
    """What a part of an instruction says."""
    if node.type == "json_string_array":
        made.exec_form = _strings(node)
        made.words += made.exec_form
    elif node.type == "image_spec":
        made.image = _joined(node)
    elif node.type == "image_alias":
        made.alias = _joined(node)
    elif node.type in _PAIRS:
        name = node.child_by_field_name("name") or node.child_by_field_name("key")
        value = node.child_by_field_name("value") or node.child_by_field_name("default")
        made.pairs.append((_joined(name) if name else "", _joined(value) if value else None, places.of(node)))
    elif node.type.endswith("_instruction"):
        made.inner = _instruction(node, places)
    elif node.type in _WORDS:
        made.words.append(_joined(node))


def _strings(node: Node) -> list[str]:
    """The strings of an exec form."""
    return [str(json.loads(_joined(child))) for child in node.children if child.type == "json_string"]


def _joined(node: Node) -> str:
    """The text of a node without line continuations and the comments between them."""
    return b"".join(_pieces(node, node.start_byte, node.end_byte)).decode(errors="replace")


def _pieces(node: Node, start: int, end: int) -> Iterator[bytes]:
    text = node.text or b""
    at = start
    for dropped in _dropped(node):
        if dropped.start_byte >= end:
            break
        if dropped.start_byte >= at:
            yield text[at - node.start_byte : dropped.start_byte - node.start_byte]
            at = dropped.end_byte
    yield text[at - node.start_byte : max(end, at) - node.start_byte]


def _dropped(node: Node) -> Iterator[Node]:
    waiting = [*reversed(node.children)]
    while waiting:
        child = waiting.pop()
        if child.type in _DROPPED:
            yield child
        else:
            waiting += reversed(child.children)


def _bytes(node: Node) -> str:
    return (node.text or b"").decode(errors="replace")
