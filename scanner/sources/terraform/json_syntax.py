"""Terraform's JSON syntax: the same blocks and attributes, written as JSON.

Strings are templates, labels are nested keys, several blocks of one kind are arrays. Which keys of a resource are
nested blocks only its provider knows; an object is an object value here, and paths reach into both in the same way.
Source: https://developer.hashicorp.com/terraform/language/syntax/json
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from scanner.documents.json_nodes import JsonError, JsonNode, JsonText
from scanner.model.location import Location
from scanner.model.value import Value
from scanner.sources.terraform.body import Attribute, Block, Body, PlainBlock, SyntaxProblem
from scanner.sources.terraform.expressions import ListExpression, Literal, ObjectExpression, Refused, placed_literal
from scanner.sources.terraform.nowhere import NOWHERE
from scanner.sources.terraform.number import parse_number
from scanner.sources.terraform.parser import parse_template, parse_text
from scanner.sources.terraform.scope import EvaluationError, Expression
from scanner.sources.terraform.text import Source

_IN_RESOURCE: Final[Mapping[str, int]] = {"lifecycle": 0, "connection": 0, "provisioner": 1, "dynamic": 1}
_NESTED: Final[Mapping[str, Mapping[str, int]]] = {
    "": {
        "resource": 2,
        "data": 2,
        "ephemeral": 2,
        "provider": 1,
        "variable": 1,
        "output": 1,
        "module": 1,
        "check": 1,
        "locals": 0,
        "terraform": 0,
        "moved": 0,
        "removed": 0,
        "import": 0,
    },
    "resource": _IN_RESOURCE,
    "data": _IN_RESOURCE,
    "ephemeral": _IN_RESOURCE,
    "dynamic": {"content": 0},
    "content": {"dynamic": 1},
    "terraform": {"backend": 1, "cloud": 0, "required_providers": 0, "provider_meta": 1},
    "variable": {"validation": 0},
    "lifecycle": {"precondition": 0, "postcondition": 0},
}
"""The keys that are blocks, with the number of their labels, by the kind of block that they are in."""
_LITERAL: Final = frozenset({("variable", "default"), ("module", "source")})


class JsonAttribute:
    """An attribute in JSON syntax."""

    __slots__ = ("_document", "_expression", "_key", "_kind", "_node", "name")

    def __init__(self, document: JsonText, key: JsonNode, node: JsonNode, kind: str) -> None:
        self._document = document
        self._key = key
        self._node = node
        self._kind = kind
        self.name = str(key.value)
        self._expression: Expression | None = None

    @property
    def location(self) -> Location:
        """From the start of the key to the end of the value."""
        return self._document.location(self._key.start, self._node.end)

    @property
    def expression(self) -> Expression:
        """The value as an expression."""
        if self._expression is None:
            try:
                self._expression = self._read()
            except EvaluationError as error:
                self._expression = Refused(error)
        return self._expression

    def _read(self) -> Expression:
        place = self.location
        if (self._kind, self.name) == ("variable", "type") and isinstance(self._node.value, str):
            return parse_text(self._node.value, place)
        literal = self._kind == "values" or (self._kind, self.name) in _LITERAL
        return placed_literal(_expression(self._document, self._node, literal), place)


def _expression(document: JsonText, node: JsonNode, literal: bool) -> Expression:
    value = node.value
    if isinstance(value, str) and not literal:
        return parse_template(value, document.location(node.start, node.end))
    if not isinstance(value, list):
        return Literal(Value(value))
    made: Expression
    if node.is_object:
        items = []
        for key, item in node.members:
            if key.value == "//" and not literal:
                continue
            place = document.location(key.start, item.end)
            name = _expression(document, key, literal)
            items.append((name, placed_literal(_expression(document, item, literal), place), place))
        made = ObjectExpression(items)
    else:
        elements = []
        for element in node.elements:
            place = document.location(element.start, element.end)
            elements.append((placed_literal(_expression(document, element, literal), place), place))
        made = ListExpression(elements)
    return Literal(made.evaluate(NOWHERE)) if literal else made


def parse_json(source: Source, *, values: bool = False) -> tuple[Body, list[SyntaxProblem]]:
    """The top level of a file in JSON syntax and what is wrong with it; `values` for a variable file."""
    document = JsonText(source.data.decode(), source.path, parse_number)
    try:
        node = document.read()
        if not node.is_object and not (node.elements and not values):
            raise JsonError("an object is required", node.start)
    except JsonError as error:
        place = document.location(error.offset, min(error.offset + 1, len(document.text)))
        return Body({}, (), True), [SyntaxProblem(f"JSON syntax error: {error}", place)]
    parts = [node] if node.is_object else node.elements
    attributes: dict[str, Attribute] = {}
    blocks: list[Block] = []
    for part in parts:
        body = _body(document, part, "values" if values else "")
        attributes.update(body.attributes)
        blocks.extend(body.blocks)
    return Body(attributes, tuple(blocks)), []


def _body(document: JsonText, node: JsonNode, kind: str) -> Body:
    nested = _NESTED.get(kind, {})
    attributes: dict[str, Attribute] = {}
    blocks: list[Block] = []
    for key, value in node.members:
        name = str(key.value)
        if name in nested and isinstance(value.value, list):
            blocks.extend(_blocks(document, name, nested[name], key, value, ()))
        elif name != "//" or kind == "values":
            attributes[name] = JsonAttribute(document, key, value, kind)
    return Body(attributes, tuple(blocks))


def _blocks(
    document: JsonText, kind: str, labels: int, key: JsonNode, node: JsonNode, found: tuple[str, ...]
) -> Iterator[Block]:
    """The blocks behind a key: each further label is a level of keys, each array several blocks."""
    for part in [node] if node.is_object else node.elements:
        if not part.is_object:
            continue
        if len(found) < labels:
            for label, inner in part.members:
                if label.value != "//":
                    yield from _blocks(document, kind, labels, label, inner, (*found, str(label.value)))
        else:
            place = document.location(key.start if node.is_object else part.start, part.start + 1)
            yield PlainBlock(kind, found, place, _body(document, part, kind))
