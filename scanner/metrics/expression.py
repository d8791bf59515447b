"""Expressions over metrics: sums, differences, products and quotients, the larger and the smaller of figures."""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Mapping
from decimal import Decimal, DivisionByZero, InvalidOperation, Overflow
from typing import Final

from scanner.metrics.asked import NoFigure

_OPERATORS: Final[Mapping[type[ast.operator], Callable[[Decimal, Decimal], Decimal]]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}
_CHOICES: Final[Mapping[str, Callable[..., Decimal]]] = {"max": max, "min": min}


def evaluate(text: str, figures: Mapping[str, Decimal]) -> Decimal:
    """The figure that an expression makes of named figures. Nothing but the operators above is ever run.

    Raises NoFigure where it divides by zero, names what is not given, or uses anything else.
    """
    try:
        return _value(ast.parse(text, mode="eval").body, figures)
    except (DivisionByZero, InvalidOperation) as error:
        raise NoFigure(f"{text} divides by zero") from error
    except (SyntaxError, ValueError, RecursionError, MemoryError, Overflow) as error:
        raise NoFigure(f"{text} cannot be evaluated") from error


def _value(node: ast.expr, figures: Mapping[str, Decimal]) -> Decimal:
    match node:
        case ast.Constant(value=bool()):
            pass
        case ast.Constant(value=int() | float() as number):
            return Decimal(str(number))
        case ast.Name(id=name) if name in figures:
            return figures[name]
        case ast.BinOp(left=left, op=op, right=right) if type(op) in _OPERATORS:
            return _OPERATORS[type(op)](_value(left, figures), _value(right, figures))
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return -_value(operand, figures)
        case ast.Call(func=ast.Name(id=name), args=[_, *_] as given, keywords=[]) if name in _CHOICES:
            return _CHOICES[name](*(_value(item, figures) for item in given))
    raise NoFigure(f"{ast.unparse(node)} cannot be evaluated")
