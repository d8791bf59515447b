"""Operators: arithmetic, comparison, logic, with unknown operands."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Final

from scanner.model.location import Location
from scanner.model.value import Unknown, Value
from scanner.sources.terraform import number
from scanner.sources.terraform.number import Number
from scanner.sources.terraform.scope import EvaluationError, Expression, Scope, derived
from scanner.sources.terraform.types import BOOL, NUMBER, ConversionError, convert, equal

ARITHMETIC: Final[Mapping[str, Callable[[Number, Number], Number | bool]]] = {
    "+": number.add,
    "-": number.subtract,
    "*": number.multiply,
    "/": number.divide,
    "%": number.modulo,
    ">": lambda left, right: left > right,
    ">=": lambda left, right: left >= right,
    "<": lambda left, right: left < right,
    "<=": lambda left, right: left <= right,
}
LOGIC: Final[Mapping[str, bool]] = {"&&": False, "||": True}
EQUALITY: Final = ("==", "!=")


class Binary:
    """`left operator right`."""

    __slots__ = ("left", "location", "operator", "right")

    def __init__(self, operator: str, left: Expression, right: Expression, location: Location) -> None:
        self.operator = operator
        self.left = left
        self.right = right
        self.location = location

    def evaluate(self, scope: Scope) -> Value:
        """A value derived from both operands; `&&` and `||` are decided by one of them where that suffices."""
        if self.operator in LOGIC:
            return self._logic(scope)
        left, right = self.left.evaluate(scope), self.right.evaluate(scope)
        if self.operator in EQUALITY:
            return self._equality(left, right)
        operands = (_number(left, self.location), _number(right, self.location))
        for operand in operands:
            if isinstance(operand, Unknown):
                return derived(operand, left, right)
        try:
            return derived(ARITHMETIC[self.operator](*operands), left, right)  # type: ignore[arg-type]
        except (ValueError, ArithmeticError) as error:
            raise EvaluationError(str(error), self.location) from error

    def _equality(self, left: Value, right: Value) -> Value:
        same = equal(left, right)
        if same is None:
            unknown = left.raw if isinstance(left.raw, Unknown) else right.raw
            unknown = unknown if isinstance(unknown, Unknown) else first_unknown(left) or first_unknown(right)
            return derived(unknown, left, right)
        return derived(same if self.operator == "==" else not same, left, right)

    def _logic(self, scope: Scope) -> Value:
        decisive = LOGIC[self.operator]
        left = self.left.evaluate(scope)
        first = _boolean(left, self.location)
        if first is decisive:
            return derived(first, left)
        right = self.right.evaluate(scope)
        second = _boolean(right, self.location)
        if second is decisive:
            return derived(second, right)
        for operand in (first, second):
            if isinstance(operand, Unknown):
                return derived(operand, left, right)
        return derived(not decisive, left, right)


class Unary:
    """`-operand` or `!operand`."""

    __slots__ = ("location", "operand", "operator")

    def __init__(self, operator: str, operand: Expression, location: Location) -> None:
        self.operator = operator
        self.operand = operand
        self.location = location

    def evaluate(self, scope: Scope) -> Value:
        """A value derived from the operand."""
        value = self.operand.evaluate(scope)
        if isinstance(value.raw, Unknown):
            return derived(value.raw, value)
        if self.operator == "!":
            return derived(not _boolean(value, self.location), value)
        operand = _number(value, self.location)
        assert not isinstance(operand, Unknown)
        return derived(number.negate(operand), value)


def _number(value: Value, location: Location) -> Number | Unknown:
    raw = value.raw
    if isinstance(raw, Unknown):
        return raw
    if value.is_absent:
        raise EvaluationError("an operand is null where a number is needed", location)
    try:
        result = convert(value, NUMBER).raw
    except ConversionError as error:
        raise EvaluationError(f"an operand is unsuitable: {error}", location) from error
    assert isinstance(result, int | Decimal)
    return result


def _boolean(value: Value, location: Location) -> bool | Unknown:
    raw = value.raw
    if isinstance(raw, bool | Unknown):
        return raw
    if value.is_absent:
        raise EvaluationError("an operand is null where true or false is needed", location)
    try:
        return bool(convert(value, BOOL).raw)
    except ConversionError as error:
        raise EvaluationError(f"an operand is unsuitable: {error}", location) from error


def first_unknown(value: Value) -> Unknown | None:
    """The first unknown part of a value."""
    raw = value.raw
    if isinstance(raw, Unknown):
        return raw
    if isinstance(raw, Mapping):
        items = list(raw.values())
    elif isinstance(raw, list | tuple):
        items = list(raw)
    else:
        return None
    return next((found for item in items if (found := first_unknown(item)) is not None), None)
