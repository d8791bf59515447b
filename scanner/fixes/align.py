"""Alignment as `terraform fmt` has it: equals signs and trailing comments of lines that follow each other.

Source of the rules: hclwrite's formatter (github.com/hashicorp/hcl, hclwrite/format.go). A line belongs to a column of
equals signs where its value ends on the line; any other line ends the column.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from tree_sitter import Node

from scanner.fixes.change import Touched
from scanner.fixes.hcl_tree import HclTree

_OPENING: Final = frozenset({"{", "[", "(", "template_interpolation_start", "template_directive_start"})
_CLOSING: Final = frozenset({"}", "]", ")", "template_interpolation_end", "template_directive_end"})


@dataclass(slots=True)
class _Line:
    """One line: where its name ends, its equals sign, where its code ends, its trailing comment (columns from 0).

    A line `within` a heredoc belongs to the line that begins it.
    """

    text: str
    lead: int = 0
    equals: int | None = None
    code: int = 0
    comment: int | None = None
    within: bool = False

    def move(self, at: int, column: int) -> None:
        """Shifts what begins at a column, the white space before it, to another column."""
        head = self.text[:at].rstrip(" \t")
        shift = column - at
        self.text = head + " " * (column - len(head)) + self.text[at:]
        if at == self.equals:
            self.equals = column
            self.code += shift
            self.comment = None if self.comment is None else self.comment + shift
        else:
            self.comment = column


def aligned(text: str, touched: Touched) -> str:
    """The text with the columns that changed lines belong to aligned again, if they were before."""
    lines = _lines(text)
    for row in sorted({*touched.made, *touched.grown, *touched.cut}):
        if row < len(lines):
            _align(lines, row, touched, lambda line: line.equals, lambda line: line.lead, moves=False)
            _align(lines, row, touched, lambda line: line.comment, lambda line: line.code, moves=True)
    return "".join(line.text for line in lines)


def _align(
    lines: list[_Line],
    row: int,
    touched: Touched,
    mark: Callable[[_Line], int | None],
    end: Callable[[_Line], int],
    *,
    moves: bool,
) -> None:
    """Puts the marks of the lines around a row below each other; `moves` where a longer value moved them."""
    rows = _column(lines, row, mark)
    old = [at for at in rows if at not in touched.made]
    growth = {at: touched.grown.get(at, 0) if moves else 0 for at in old}
    marks = {(mark(lines[at]) or 0) - growth[at] for at in old}
    ends = [end(lines[at]) - growth[at] for at in old]
    if len(marks) > 1 or (marks and touched.cut.isdisjoint(rows) and marks != {max(ends) + 1}):
        return  # they were not aligned
    column = max((end(lines[at]) for at in rows), default=0) + 1
    for at in rows:
        here = mark(lines[at])
        if here is not None and here != column:
            lines[at].move(here, column)


def _column(lines: list[_Line], row: int, mark: Callable[[_Line], int | None]) -> list[int]:
    """The lines around a row that all have a mark; none where the row has none."""
    if mark(lines[row]) is None:
        return []
    column = [row]
    for step in (-1, 1):
        at = row + step
        while 0 <= at < len(lines) and (lines[at].within or mark(lines[at]) is not None):
            if not lines[at].within:
                column.append(at)
            at += step
    return sorted(column)


def _lines(text: str) -> list[_Line]:
    tree = HclTree(text)
    lines = [_Line(line) for line in text.splitlines(keepends=True)]
    for row, tokens in _rows(tree):
        if row < len(lines):
            _read(lines[row], tree, tokens)
    for node in tree.leaves():
        if node.type == "heredoc_start" or (node.parent is not None and node.parent.type == "heredoc_start"):
            _mark_within(lines, node)
    return lines


def _mark_within(lines: list[_Line], node: Node) -> None:
    """Marks the lines of a heredoc but the first; they have no columns of their own."""
    template: Node | None = node
    while template is not None and template.type != "heredoc_template":
        template = template.parent
    if template is not None:
        for row in range(template.start_point[0] + 1, template.end_point[0] + 1):
            lines[row] = _Line(lines[row].text, within=True)


def _rows(tree: HclTree) -> Iterator[tuple[int, list[Node]]]:
    row = -1
    tokens: list[Node] = []
    for token in tree.leaves():
        if token.start_point[0] != row:
            if tokens:
                yield row, tokens
            row, tokens = token.start_point[0], []
        tokens.append(token)
    if tokens:
        yield row, tokens


def _read(line: _Line, tree: HclTree, tokens: list[Node]) -> None:
    """Finds the columns of a line."""
    comment = tokens.pop() if len(tokens) > 1 and tokens[-1].type == "comment" else None
    if tokens[0].type in ("template_literal", "comment"):
        return

    def column(token: Node, offset: int) -> int:
        start = tree.data.rfind(b"\n", 0, token.start_byte) + 1
        return len(tree.data[start:offset].decode())

    line.code = column(tokens[-1], min(tokens[-1].end_byte, _row_end(tree, tokens[-1])))
    if comment is not None:
        line.comment = column(comment, comment.start_byte)
    at = next((index for index, token in enumerate(tokens) if index and token.type == "="), None)
    if at is not None and not sum(_depth(token) for token in tokens[at:]):
        line.lead = column(tokens[at - 1], tokens[at - 1].end_byte)
        line.equals = column(tokens[at], tokens[at].start_byte)


def _row_end(tree: HclTree, token: Node) -> int:
    found = tree.data.find(b"\n", token.start_byte)
    return len(tree.data) if found < 0 else found


def _depth(token: Node) -> int:
    return (token.type in _OPENING) - (token.type in _CLOSING)
