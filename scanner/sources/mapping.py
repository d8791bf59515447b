"""What the declarative maps of AWS and Azure are made of: JMESPath expressions and nested blocks.

JMESPath comes with boto3 and with the extra `azure`; each source adds functions of its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

import jmespath
from jmespath.exceptions import JMESPathError


class ExpressionError(ValueError):
    """An answer does not have the shape that an expression needs."""


@dataclass(frozen=True, slots=True)
class Expression:
    """A compiled expression, the names that it mentions, and the functions that it may use (`options`)."""

    text: str
    parsed: Any
    names: frozenset[str]
    options: jmespath.Options

    def of(self, data: Mapping[str, Any]) -> Any:
        """What the expression gives for an answer. Raises ExpressionError where the answer has another shape."""
        try:
            return self.parsed.search(data, self.options)
        except (JMESPathError, TypeError, KeyError, AttributeError, IndexError, ValueError, RecursionError) as error:
            raise ExpressionError(f"{self.text}: {error}") from error


@dataclass(frozen=True, slots=True)
class NestedBlock:
    """A nested block: the objects that it is made for, and its fields."""

    each: Expression
    fields: Mapping[str, Field]


Field: TypeAlias = "Expression | NestedBlock"


def compiled(text: str, options: jmespath.Options) -> Expression:
    """Compiles an expression. Raises jmespath's ParseError, a ValueError."""
    parsed = jmespath.compile(text)
    return Expression(text, parsed, frozenset(_names(parsed.parsed)), options)


def _names(node: Mapping[str, Any]) -> Iterator[str]:
    if node["type"] == "field":
        yield node["value"]
    for child in node["children"]:
        if isinstance(child, Mapping):  # the bounds of a slice are numbers
            yield from _names(child)
