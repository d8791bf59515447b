"""Numeric functions."""

from __future__ import annotations

import math
import re
from decimal import Decimal

from scanner.model.value import Raw, Value
from scanner.sources.terraform.functions.base import Function, FunctionError, Scope, pure, whole
from scanner.sources.terraform.kinds import ANY, NUMBER
from scanner.sources.terraform.number import Number, rounded

_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"


def _ceil(number: Number) -> Raw:
    return math.ceil(number)


def _floor(number: Number) -> Raw:
    return math.floor(number)


def from_float(number: float) -> Number:
    """A number computed in double precision, printed as Terraform prints it. Raises FunctionError for no number."""
    if math.isnan(number) or math.isinf(number):
        raise FunctionError("the result is no finite number")
    return int(number) if number.is_integer() else Decimal(repr(number))


def _log(number: Number, base: Number) -> Raw:
    try:
        return from_float(math.log(number) / math.log(base))
    except (ValueError, ZeroDivisionError) as error:
        raise FunctionError("the logarithm is not a finite number") from error


def _power(number: Number, power: Number) -> Raw:
    try:
        return from_float(math.pow(number, power))
    except (ValueError, OverflowError) as error:
        raise FunctionError("the power is not a finite number") from error


def _extreme(largest: bool) -> Function:
    def implementation(_scope: Scope, arguments: list[Value]) -> Value:
        if not arguments:
            raise FunctionError("at least one number is required")
        best = arguments[0]
        for candidate in arguments[1:]:
            assert isinstance(best.raw, int | Decimal)
            assert isinstance(candidate.raw, int | Decimal)
            if candidate.raw > best.raw if largest else candidate.raw < best.raw:
                best = candidate
        secret = any(argument.sensitive for argument in arguments)
        return best.with_(sensitive=secret) if secret else best

    return Function("max" if largest else "min", implementation, rest=NUMBER)


def _parseint(_scope: Scope, arguments: list[Value]) -> Raw:
    digits, base = arguments[0].raw, whole(arguments[1], "the base")
    if not isinstance(digits, str):
        raise FunctionError("the first argument must be a string")
    if not 2 <= base <= 62:
        raise FunctionError("the base must be between 2 and 62")
    match = re.fullmatch(r"([+-]?)([0-9A-Za-z]{1,2000})", digits)
    number = 0
    for digit in match[2] if match else "~":
        place = _DIGITS.find(digit.lower() if base <= 36 else digit)
        if not 0 <= place < base:
            raise FunctionError(f"cannot read {digits[:40]!r} as a number of base {base}")
        number = number * base + place
    return rounded(-number if match and match[1] == "-" else number)


def _signum(_scope: Scope, arguments: list[Value]) -> Raw:
    number = whole(arguments[0], "the argument")
    return (number > 0) - (number < 0)


FUNCTIONS = (
    Function("abs", pure(lambda number: -number if number < 0 else number), (NUMBER,)),
    Function("ceil", pure(_ceil), (NUMBER,)),
    Function("floor", pure(_floor), (NUMBER,)),
    Function("log", pure(_log), (NUMBER, NUMBER)),
    _extreme(largest=True),
    _extreme(largest=False),
    Function("parseint", _parseint, (ANY, NUMBER)),
    Function("pow", pure(_power), (NUMBER, NUMBER)),
    Function("signum", _signum, (NUMBER,)),
)
