"""Attributes and blocks written where there were none, in HCL and JSON."""

from __future__ import annotations

import re
from typing import Final

from tree_sitter import Node

from scanner.fixes.change import Change
from scanner.fixes.definition import Definition, is_terraform, syntax_of
from scanner.fixes.files import SourceText
from scanner.fixes.gap import Gap, check_alone, check_writable, is_block
from scanner.fixes.hcl_tree import HclTree, parsed
from scanner.fixes.literals import hcl, hcl_key, json_text
from scanner.fixes.obstacle import NoFix, Obstacle
from scanner.model.resource_type import Block
from scanner.model.value import Plain

_LAST: Final = ("depends_on", "provider", "for_each", "count")
"""Meta-arguments, which other attributes do not follow without a blank line."""
_STEP: Final = "  "


def insertion(source: SourceText, gap: Gap, value: Plain) -> Change:
    """What fills a gap with a value. Raises NoFix."""
    syntax = syntax_of(source.path)
    if gap.body and syntax == "hcl":
        return _into_block(source, gap, value)
    if syntax == "hcl":
        return _into_object(source, gap, value)
    if syntax == "json":
        return _into_json(source, gap, value)
    raise NoFix(Obstacle.DECISION)


def _into_block(source: SourceText, gap: Gap, value: Plain) -> Change:
    tree = parsed(source.text)
    start, _ = source.span(gap.place)
    block = tree.node_at(tree.byte(source.text, start), ("block",))
    if block is None:
        raise NoFix(Obstacle.CHANGED)
    indent = source.indent(start)
    inner = _inner_indent(source, tree, block, indent)
    topic = gap.names[0]
    if len(gap.names) > 1 and is_block(gap.schema, topic):
        lines = _block_lines(gap, value, inner)
        return _behind(source, tree, block, lines, indent, topic)
    lines = [inner + _assignment(gap.names, gap.schema, value)]
    return _beside(source, tree, block, lines, indent, topic)


def _assignment(names: tuple[str, ...], schema: Block | None, value: Plain) -> str:
    """`name = value`, or `name = { inner = value }` where the name is an object."""
    name, *rest = names
    if not rest:
        return f"{name} = {hcl(check_writable(schema, name, value))}"
    attribute = schema.attributes.get(name) if schema else None
    if attribute is None or len(rest) > 1 or not attribute.type.startswith("map"):
        raise NoFix(Obstacle.DECISION)
    return f"{name} = {{ {hcl_key(rest[0])} = {hcl(value)} }}"


def _block_lines(gap: Gap, value: Plain, indent: str) -> list[str]:
    """Nested blocks around one attribute."""
    schema = gap.schema
    lines: list[str] = []
    closing: list[str] = []
    for at, name in enumerate(gap.names[:-1]):
        if not is_block(schema, name):
            raise NoFix(Obstacle.DECISION)
        assert schema is not None
        schema = schema.blocks[name]
        check_alone(schema, gap.names[at + 1])
        lines.append(f"{indent}{_STEP * at}{name} {{")
        closing.insert(0, f"{indent}{_STEP * at}}}")
    last = gap.names[-1]
    depth = _STEP * (len(gap.names) - 1)
    return [*lines, f"{indent}{depth}{last} = {hcl(check_writable(schema, last, value))}", *closing]


def _inner_indent(source: SourceText, tree: HclTree, block: Node, indent: str) -> str:
    for child in _content(block):
        start = tree.char(child.start_byte)
        if source.text[source.line_start(start) : start].strip(" \t") == "":
            return source.indent(start)
    return indent + ("\t" if indent.startswith("\t") else _STEP)


def _content(block: Node) -> list[Node]:
    body = next((child for child in block.children if child.type == "body"), None)
    return [child for child in body.children if child.type in ("attribute", "block")] if body else []


def _is_one_line(block: Node) -> bool:
    return block.start_point[0] == block.end_point[0]


def _opened(source: SourceText, tree: HclTree, block: Node, lines: list[str], indent: str, topic: str) -> Change:
    """A block on one line, spread over several."""
    opening = next(child for child in block.children if child.type == "block_start")
    closing = next(child for child in block.children if child.type == "block_end")
    start, end = tree.char(opening.end_byte), tree.char(closing.start_byte)
    inner = lines[0][: len(lines[0]) - len(lines[0].lstrip())]
    content = source.text[start:end].strip()
    every = [inner + content, *lines] if content else lines
    newline = source.newline
    return Change(source.path, start, end, newline + newline.join(every) + newline + indent, topic)


def _beside(source: SourceText, tree: HclTree, block: Node, lines: list[str], indent: str, topic: str) -> Change:
    """Lines behind the attributes that a block begins with."""
    if _is_one_line(block):
        return _opened(source, tree, block, lines, indent, topic)
    after: Node | None = None
    content = _content(block)
    for child in content:
        if child.type == "block" or _name(child) in ("depends_on", "lifecycle"):
            break
        if after is None or _name(child) not in _LAST:
            after = child
    anchor = after or next(child for child in block.children if child.type == "block_start")
    at = source.line_end(max(tree.char(anchor.end_byte) - 1, tree.char(anchor.start_byte)))
    newline = source.newline
    piece = newline.join(lines) + newline
    if after is None and content:
        piece += newline
    elif after is not None and _name(after) in _LAST:
        piece = newline + piece
    return Change(source.path, at, at, piece, topic)


def _behind(source: SourceText, tree: HclTree, block: Node, lines: list[str], indent: str, topic: str) -> Change:
    """A nested block behind everything else in a block."""
    if _is_one_line(block):
        return _opened(source, tree, block, lines, indent, topic)
    closing = next(child for child in block.children if child.type == "block_end")
    at = source.line_start(tree.char(closing.start_byte))
    newline = source.newline
    piece = newline.join(lines) + newline
    return Change(source.path, at, at, (newline if _content(block) else "") + piece, topic)


def _name(attribute: Node) -> str:
    first = attribute.children[0]
    return (first.text or b"").decode()


def _into_object(source: SourceText, gap: Gap, value: Plain) -> Change:
    """An item behind the others of an object."""
    if len(gap.names) > 1:
        raise NoFix(Obstacle.DECISION)
    definition = Definition.at(source, gap.place)
    text = definition.text
    if not (text.startswith("{") and text.endswith("}")) or re.match(r"\{\s*for\b", text):
        raise NoFix(Obstacle.EXPRESSION)
    item = f"{hcl_key(gap.names[0])} = {hcl(value)}"
    if "\n" not in text:
        inner = text[1:-1].strip()
        made = f"{{ {inner.rstrip(',')}, {item} }}" if inner else f"{{ {item} }}"
        return Change(source.path, definition.value, definition.end, made, gap.names[0])
    at = source.line_start(definition.end - 1)
    if source.text[at : definition.end - 1].strip() or "<<" in text:
        raise NoFix(Obstacle.DECISION)
    before = source.text[definition.value : at].rstrip()
    indent = source.indent(at) + _STEP
    if before.endswith(","):
        item += ","
    return Change(source.path, at, at, f"{indent}{item}{source.newline}", gap.names[0])


def _into_json(source: SourceText, gap: Gap, value: Plain) -> Change:
    """A member in front of the others of an object."""
    _, end = source.span(gap.place)
    text = source.text
    opening = end - 1 if text[end - 1 : end] == "{" else Definition.at(source, gap.place).value
    if text[opening : opening + 1] != "{":
        raise NoFix(Obstacle.EXPRESSION)
    schema = gap.schema
    made: Plain = value
    for at, name in reversed(list(enumerate(gap.names))):
        inner = _schema_of(schema, gap.names[:at])
        if at == len(gap.names) - 1:
            made = check_writable(inner, name, made) if inner else made
        elif inner is not None and name in inner.blocks:
            check_alone(inner.blocks[name], gap.names[at + 1])
        made = {name: made}
    assert isinstance(made, dict)
    rendered = json_text(made, template=is_terraform(source.path))[1:-1]
    following = re.compile(r"\s*").match(text, opening + 1)
    white = following[0] if following else ""
    rest = text[opening + 1 + len(white) : opening + 2 + len(white)]
    if rest == "}":
        return Change(source.path, opening + 1, opening + 1, rendered, gap.names[0])
    return Change(source.path, opening + 1, opening + 1, f"{white}{rendered},", gap.names[0])


def _schema_of(schema: Block | None, names: tuple[str, ...]) -> Block | None:
    for name in names:
        schema = schema.blocks.get(name) if schema else None
    return schema
