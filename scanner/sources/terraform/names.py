"""Names that are written where a value is expected, and mean themselves."""

from __future__ import annotations

from scanner.model.location import Location
from scanner.sources.terraform.expressions import ListExpression, Literal
from scanner.sources.terraform.references import NameReference
from scanner.sources.terraform.scope import Expression


def static_names(expression: Expression) -> list[tuple[str, Location | None]]:
    """Names that are written instead of values: `[tags, engine_version]`, `all`, `[aws_lb.main]`, `aws.dr`."""
    if isinstance(expression, ListExpression):
        return [(text, location) for item, location in expression.elements for text, _ in static_names(item)]
    if isinstance(expression, NameReference):
        return [(expression.path(), None)]
    if isinstance(expression, Literal):
        raw = expression.value.raw
        if isinstance(raw, str):
            return [(raw, expression.value.location)]
        if isinstance(raw, tuple):
            return [(item.raw, item.location) for item in raw if isinstance(item.raw, str)]
    return []
