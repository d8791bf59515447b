"""From syntax nodes to expressions."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Final
from unicodedata import normalize

from tree_sitter import Node

from scanner.model.location import Location
from scanner.model.value import Value
from scanner.sources.terraform.calls import Call, Can, ForeignCall, Try
from scanner.sources.terraform.expressions import (
    Broken,
    Conditional,
    ForClause,
    ForList,
    ForObject,
    ListExpression,
    Literal,
    ObjectExpression,
    placed_literal,
)
from scanner.sources.terraform.nowhere import NOWHERE
from scanner.sources.terraform.number import parse_number
from scanner.sources.terraform.operators import Binary, Unary
from scanner.sources.terraform.references import GetAttribute, GetIndex, NameReference, Splat, Step, Traversal
from scanner.sources.terraform.scope import EvaluationError, Expression
from scanner.sources.terraform.template_parser import heredoc_tokens, read_template, template, unescaped
from scanner.sources.terraform.text import Derived, Source, parse_tree

MAX_NESTING: Final = 100
_POSTFIX: Final = frozenset({"get_attr", "index", "splat"})


_LITERAL: Final = re.compile(rb'"([^"\\$%\n]*)"|(\d{1,15})|true|false|null')
_NAME: Final = re.compile(rb"[A-Za-z_][\w-]*(?:\.[A-Za-z_][\w-]*)+")
_WORDS: Final[Mapping[bytes, bool | None]] = {b"true": True, b"false": False, b"null": None}


def parse_expression(source: Source, offsets: tuple[int, int, int], place: Location) -> Expression:
    """The right-hand side of an attribute at `place`, given the offsets of the attribute, its value and its end.

    Most attributes are literals or plain names, which need no parser.
    """
    start, value, end = offsets
    match = _LITERAL.fullmatch(source.data, value, end)
    if match is not None:
        return Literal(Value(_literal(match), place))
    match = _NAME.fullmatch(source.data, value, end)
    if match is not None:
        root, *names = match[0].decode().split(".")
        return NameReference(root, tuple([GetAttribute(name, place) for name in names]), place)
    node: Node | None = parse_tree(source.data, (start, min(end + 2, len(source.data))))
    while node is not None and node.type != "attribute":
        node = next((child for child in node.children if child.type in ("body", "attribute")), None)
    return _right_hand_side(source, node, place) if node is not None else Broken(place)


def _literal(match: re.Match[bytes]) -> str | int | bool | None:
    if match[1] is not None:
        text = match[1].decode()
        return text if text.isascii() else normalize("NFC", text)
    return int(match[2]) if match[2] is not None else _WORDS[match[0]]


def _right_hand_side(source: Source, node: Node, place: Location) -> Expression:
    """The expression of an attribute node; a broken one has an unknown value."""
    if not node.has_error:
        for child in node.children:
            if child.type == "expression":
                return placed_literal(_Reader(source, place).read(child), place)
    return Broken(place)


def parse_text(text: str, place: Location) -> Expression:
    """An expression given as text (`--var`, JSON syntax). Raises EvaluationError for broken syntax."""
    source = Derived(b"x = (" + text.encode() + b"\n)\n", place)
    root = parse_tree(source.data)
    body = root.named_child(0)
    attribute = body.named_child(0) if body is not None and body.named_child_count == 1 else None
    if root.has_error or attribute is None:
        raise EvaluationError(f"cannot read {text[:60]!r} as an expression", place)
    return _right_hand_side(source, attribute, place)


def parse_template(text: str, place: Location) -> Expression:
    """A template given as text (template file, JSON syntax). Raises EvaluationError for broken syntax."""
    if "${" not in text and "%{" not in text:
        return Literal(Value(unescaped(text, None)))
    marker = "END"
    while marker in text:
        marker += "D"
    source = Derived(f"x = <<{marker}\n{text}\n{marker}\n".encode(), place)
    node = parse_tree(source.data)
    if node.has_error:
        raise EvaluationError("the template has a syntax error", place)
    while node.type != "heredoc_template":
        child = next((child for child in node.children if child.type in _WRAPPING), None)
        if child is None:
            raise EvaluationError("cannot read the template", place)
        node = child
    return template(_Reader(source, place), heredoc_tokens(source, node), place)


_WRAPPING: Final = frozenset({"body", "attribute", "expression", "template_expr", "heredoc_template"})


class _Reader:
    """Reads the nodes of one expression.

    place   the attribute, list element or object item that is being read: errors are reported there
    depth   how deep the nodes are nested
    """

    def __init__(self, source: Source, place: Location) -> None:
        self.source = source
        self.place = place
        self.depth = 0

    def read(self, node: Node) -> Expression:
        """The expression of an `expression` or `operation` node."""
        return self.sequence([child for child in node.children if child.type != "comment"])

    def sequence(self, nodes: Sequence[Node]) -> Expression:
        """A primary expression and what follows it."""
        self.depth += 1
        if self.depth > MAX_NESTING:
            raise EvaluationError("the expression is nested too deeply", self.place)
        first = nodes[0]
        if first.type == "(":
            result, rest = self.read(nodes[1]), nodes[3:]
        else:
            reader = _PRIMARY.get(first.type)
            if reader is None:
                raise EvaluationError(f"cannot read {first.type}", self.place)
            rest = nodes[1:]
            if first.type == "variable_expr":
                self.depth -= 1
                return NameReference(self.source.text(first), self.steps(rest), self.place)
            result = reader(self, first)
        self.depth -= 1
        return Traversal(result, self.steps(rest)) if rest else result

    def steps(self, nodes: Sequence[Node]) -> tuple[Step, ...]:
        """The parts after a name or value."""
        return self._nest([flat for node in nodes for flat in self._flat(node)]) if nodes else ()

    def _flat(self, node: Node) -> list[Step | str]:
        kind = node.type
        place = self.place
        if kind == "get_attr":
            return [GetAttribute(self.source.text(node).lstrip(".").strip(), place)]
        if kind == "index":
            inner = node.children[0]
            if inner.type == "legacy_index":
                return [GetIndex(Literal(Value(int(self.source.text(inner).lstrip(".")))), place, plain=True)]
            wanted = next(child for child in inner.children if child.type == "expression")
            return [GetIndex(self.read(wanted), place)]
        if kind == "splat":
            inner = node.children[0]
            nested = [flat for child in inner.children[1:] if child.type in _POSTFIX for flat in self._flat(child)]
            return [inner.type, *nested]
        return []

    def _nest(self, flat: Sequence[Step | str]) -> tuple[Step, ...]:
        """`[*]` applies everything after it to each element, `.*` only the plain names that follow."""
        if flat.count("full_splat") > MAX_NESTING:
            raise EvaluationError("the expression is nested too deeply", self.place)
        steps: list[Step] = []
        for at, item in enumerate(flat):
            if not isinstance(item, str):
                steps.append(item)
            elif item == "full_splat":
                return (*steps, Splat(self._nest(flat[at + 1 :])))
            else:
                end = at + 1
                while end < len(flat) and _is_plain(flat[end]):
                    end += 1
                inner = [step for step in flat[at + 1 : end] if not isinstance(step, str)]
                return (*steps, Splat(inner), *self._nest(flat[end:]))
        return tuple(steps)

    def literal(self, node: Node) -> Expression:
        """A number, boolean, null or plain string."""
        inner = node.children[0]
        kind = inner.type
        if kind == "string_lit":
            return self.string(inner)
        text = self.source.text(inner)
        if kind == "numeric_lit":
            try:
                return Literal(Value(parse_number(text)))
            except ValueError as error:
                raise EvaluationError(str(error), self.place) from error
        return Literal(Value({"true": True, "false": False}.get(text)))

    def string(self, node: Node) -> Expression:
        """A quoted string without interpolation."""
        text = self.source.data[node.start_byte + 1 : node.end_byte - 1].decode()
        return Literal(Value(unescaped(text, self.place)))

    def template(self, node: Node) -> Expression:
        """A quoted string with interpolation, or a heredoc."""
        return read_template(self, node.children[0])

    def collection(self, node: Node) -> Expression:
        """A list or an object."""
        inner = node.children[0]
        if inner.type == "tuple":
            return self._list(inner)
        items = [self._item(child) for child in inner.children if child.type == "object_elem"]
        result = ObjectExpression(items)
        if all(isinstance(key, Literal) and isinstance(item, Literal) for key, item, _ in items):
            return Literal(result.evaluate(NOWHERE))
        return result

    def _list(self, node: Node) -> Expression:
        elements: list[tuple[Expression, Location]] = []
        around = self.place
        for child in node.children:
            if child.type == "expression":
                place = self.place = self.source.location(child)
                elements.append((placed_literal(self.read(child), place), place))
        self.place = around
        result = ListExpression(elements)
        if all(isinstance(element, Literal) for element, _ in elements):
            return Literal(result.evaluate(NOWHERE))
        return result

    def _item(self, node: Node) -> tuple[Expression, Expression, Location]:
        key_node, value_node = node.child_by_field_name("key"), node.child_by_field_name("val")
        assert key_node is not None
        assert value_node is not None
        key = self.read(key_node)
        if isinstance(key, NameReference) and not key.steps and key_node.child_count == 1:
            key = Literal(Value(key.root))
        elif self.source.text(key_node) == "null":
            key = Literal(Value("null"))
        around = self.place
        place = self.place = self.source.location(node)
        value = placed_literal(self.read(value_node), place)
        self.place = around
        return key, value, place

    def call(self, node: Node) -> Expression:
        """A function call."""
        name = self.source.text(node.children[0]).replace(" ", "")
        listed = next((child for child in node.children if child.type == "function_arguments"), None)
        children = listed.children if listed is not None else []
        arguments = [self.read(child) for child in children if child.type == "expression"]
        place = self.place
        if name == "try":
            return Try(arguments, place)
        if name == "can" and len(arguments) == 1:
            return Can(arguments[0])
        if name.startswith("provider::"):
            return ForeignCall(name, arguments)
        return Call(name, arguments, any(child.type == "ellipsis" for child in children), place)

    def comprehension(self, node: Node) -> Expression:
        """`[for …]` or `{for …}`."""
        inner = node.children[0]
        parts: dict[str, list[Node]] = {}
        for child in inner.children:
            parts.setdefault(child.type, []).append(child)
        condition = parts["for_cond"][0].children[-1] if "for_cond" in parts else None
        clause = self.clause(parts["for_intro"][0], self.read(condition) if condition is not None else None)
        results = [self.read(child) for child in parts["expression"]]
        if inner.type == "for_tuple_expr":
            return ForList(clause, results[0])
        return ForObject(clause, results[0], results[1], "ellipsis" in parts)

    def clause(self, intro: Node, condition: Expression | None) -> ForClause:
        """`for key, value in collection` of a comprehension or a template."""
        names = [self.source.text(child) for child in intro.children if child.type == "identifier"]
        collection = next(child for child in intro.children if child.type == "expression")
        key = names[0] if len(names) == 2 else None
        return ForClause(key, names[-1], self.read(collection), condition, self.place)

    def conditional(self, node: Node) -> Expression:
        """`a ? b : c ? d : e`, which belongs together from the right; the grammar nests it from the left."""
        parts: list[Node] = []
        while True:
            condition, yes, no = (child for child in node.children if child.type == "expression")
            parts[:0] = [yes, no]
            inner = condition.children[0]
            if inner.type != "conditional":
                parts.insert(0, condition)
                break
            node = inner
        result = self.read(parts[-1])
        for at in range(len(parts) - 3, -1, -2):
            result = Conditional(self.read(parts[at]), self.read(parts[at + 1]), result, self.place)
        return result

    def operation(self, node: Node) -> Expression:
        """An operator with its operands."""
        inner = node.children[0]
        children = [child for child in inner.children if child.type != "comment"]
        place = self.place
        if inner.type == "unary_operation":
            return Unary(children[0].type, self.sequence(children[1:]), place)
        at = next(index for index, child in enumerate(children) if index and child.type in _OPERATORS)
        left, right = self.sequence(children[:at]), self.sequence(children[at + 1 :])
        return Binary(children[at].type, left, right, place)


def _is_plain(part: Step | str) -> bool:
    """Whether `.*` applies a part to each element: names and numbers after a dot."""
    return isinstance(part, GetAttribute) or (isinstance(part, GetIndex) and part.plain)


_OPERATORS: Final = frozenset(["+", "-", "*", "/", "%", ">", ">=", "<", "<=", "==", "!=", "&&", "||"])
_PRIMARY: Final[Mapping[str, Callable[[_Reader, Node], Expression]]] = {
    "literal_value": _Reader.literal,
    "template_expr": _Reader.template,
    "collection_value": _Reader.collection,
    "function_call": _Reader.call,
    "for_expr": _Reader.comprehension,
    "conditional": _Reader.conditional,
    "operation": _Reader.operation,
    "variable_expr": _Reader.read,
    "expression": _Reader.read,
}
