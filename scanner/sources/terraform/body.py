"""Bodies: what is between the braces of a block, or in a file, in whichever syntax it was written."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from scanner.model.location import Location
from scanner.model.value import Reason, Unknown, Value
from scanner.sources.terraform.scope import EvaluationError, Expression, Scope, check_size, failed


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
        """The right-hand side; one that cannot be read raises an error or is unknown when it is evaluated."""


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

    __slots__ = ("_attributes", "_blocks", "_broken", "_nested")

    def __init__(
        self,
        attributes: dict[str, Attribute] | None = None,
        blocks: tuple[Block, ...] | None = None,
        broken: bool = False,
    ) -> None:
        self._attributes = attributes
        self._blocks = blocks
        self._broken = broken
        self._nested: dict[str, list[Block]] | None = None

    @property
    def attributes(self) -> dict[str, Attribute]:
        """The attributes by name."""
        if self._attributes is None:
            self._attributes, self._blocks = self._read()
        return self._attributes

    @property
    def blocks(self) -> tuple[Block, ...]:
        """The blocks."""
        if self._blocks is None:
            self._attributes, self._blocks = self._read()
        return self._blocks

    @property
    def broken(self) -> bool:
        """Whether there is a syntax error in it."""
        return self._broken

    def find(self, name: str) -> Attribute | None:
        """The attribute of this name, if it is written."""
        return self.attributes.get(name)

    def _read(self) -> tuple[dict[str, Attribute], tuple[Block, ...]]:
        """The content, for bodies that are only read when somebody looks into them."""
        return {}, ()

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


@dataclass(slots=True, frozen=True)
class SyntaxProblem:
    """A part of a file that could not be read."""

    what: str
    location: Location


def evaluate_attribute(attribute: Attribute, scope: Scope) -> Value:
    """The value of an attribute, placed there unless it comes from elsewhere; errors become an unknown value."""
    try:
        value = attribute.expression.evaluate(scope)
        if isinstance(value.raw, str | tuple | list | dict):
            check_size(value)
    except EvaluationError as error:
        return failed(error, error.location or attribute.location)
    except RecursionError:
        return Value(Unknown(Reason.ERROR, "the expression is nested too deeply"), attribute.location)
    return value if value.location is not None else value.with_(location=attribute.location)
