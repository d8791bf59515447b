"""Type constraints of variables: from the expression behind `type =` to a type."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from scanner.model.location import Location
from scanner.model.value import Value
from scanner.sources.terraform.calls import Call
from scanner.sources.terraform.expressions import ListExpression, Literal, ObjectExpression, placed
from scanner.sources.terraform.nowhere import NOWHERE
from scanner.sources.terraform.references import NameReference
from scanner.sources.terraform.scope import EvaluationError, Expression
from scanner.sources.terraform.types import (
    ANY,
    BOOL,
    NUMBER,
    STRING,
    ConversionError,
    ListType,
    MapType,
    ObjectType,
    SetType,
    TupleType,
    Type,
    convert,
)

_PRIMITIVES: Final[dict[str, Type]] = {"string": STRING, "number": NUMBER, "bool": BOOL, "any": ANY}
_SHORTHANDS: Final[dict[str, Type]] = {"list": ListType(ANY), "map": MapType(ANY), "set": SetType(ANY)}
_COLLECTIONS: Final = {"list": ListType, "set": SetType, "map": MapType}


def type_constraint(expression: Expression, place: Location) -> Type:
    """The type that an expression spells. Raises EvaluationError for anything that is no type."""
    name = _name(expression)
    if name in _PRIMITIVES:
        return _PRIMITIVES[name]
    if name in _SHORTHANDS:
        return _SHORTHANDS[name]
    if isinstance(expression, Call) and len(expression.arguments) == 1:
        argument = expression.arguments[0]
        if expression.name in _COLLECTIONS:
            return _COLLECTIONS[expression.name](type_constraint(argument, place))
        if expression.name == "tuple":
            return TupleType(tuple(type_constraint(element, place) for element in _elements(argument, place)))
        if expression.name == "object":
            return _object(argument, place)
    raise EvaluationError("this is no type", place)


def _name(expression: Expression) -> str | None:
    """A type's name, also in the quotes of old code."""
    if isinstance(expression, NameReference) and not expression.steps:
        return expression.root
    if isinstance(expression, Literal) and isinstance(expression.value.raw, str):
        return expression.value.raw
    return None


def _elements(argument: Expression, place: Location) -> Iterable[Expression]:
    if isinstance(argument, ListExpression):
        return [element for element, _ in argument.elements]
    if isinstance(argument, Literal) and argument.value.raw == ():
        return []
    raise EvaluationError("tuple needs a list of types", place)


def _object(argument: Expression, place: Location) -> ObjectType:
    if isinstance(argument, Literal) and argument.value.raw == {}:
        return ObjectType({})
    if not isinstance(argument, ObjectExpression):
        raise EvaluationError("object needs types by name", place)
    attributes: dict[str, Type] = {}
    optional: dict[str, Value | None] = {}
    for key, item, location in argument.items:
        name = key.evaluate(NOWHERE).raw
        if not isinstance(name, str):
            raise EvaluationError("the name of an attribute must be a string", location)
        if isinstance(item, Call) and item.name == "optional" and item.arguments:
            attributes[name] = type_constraint(item.arguments[0], location)
            optional[name] = _default(item, attributes[name], location)
        else:
            attributes[name] = type_constraint(item, location)
    return ObjectType(attributes, optional)


def _default(item: Call, type_: Type, location: Location) -> Value | None:
    if len(item.arguments) < 2:
        return None
    try:
        return convert(placed(item.arguments[1], location, NOWHERE), type_)
    except ConversionError as error:
        raise EvaluationError(f"the default does not fit: {error}", location) from error
