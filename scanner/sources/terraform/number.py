"""Terraform's numbers: binary floating point of 512 bits, printed as the shortest decimal that reads back the same.

Whole numbers are `int`, others `Decimal`; a Decimal always holds the shortest decimal, so that converting it to binary
and back loses nothing. Source: github.com/zclconf/go-cty (cty.ParseNumberVal, cty.Value.Add …) and Go's math/big.
"""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction
from typing import Final, TypeAlias

Number: TypeAlias = int | Decimal

PRECISION: Final = 512
_MOST_DIGITS: Final = 160  # 512 bits need at most 155 significant digits
_LARGEST_EXPONENT: Final = 9999  # larger ones only serve to exhaust memory
_SYNTAX: Final = re.compile(r"[+-]?(?P<digits>\d+\.?\d*|\.\d+)(?:[eE](?P<exponent>[+-]?\d+))?", re.ASCII)


def parse_number(text: str) -> Number:
    """The number that `text` spells in base ten. Raises ValueError where Terraform would not take it for a number."""
    match = _SYNTAX.fullmatch(text)
    if match is None:
        raise ValueError(f"a number is required, not {text[:40]!r}")
    exponent = match["exponent"]
    if len(text) > _LARGEST_EXPONENT or (exponent is not None and abs(int(exponent[:9])) > _LARGEST_EXPONENT):
        raise ValueError("the number is too large")
    if exponent is None and "." not in text:
        return rounded(int(text))
    return rounded(Fraction(text if text[-1] != "." else text[:-1]))


def format_number(number: Number) -> str:
    """The text that Terraform prints and encodes for a number."""
    if isinstance(number, int):
        return str(number)
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def add(left: Number, right: Number) -> Number:
    """`left + right`."""
    if isinstance(left, int) and isinstance(right, int):
        return rounded(left + right)
    return rounded(_binary(left) + _binary(right))


def subtract(left: Number, right: Number) -> Number:
    """`left - right`."""
    return add(left, -right if isinstance(right, int) else right.copy_negate())


def multiply(left: Number, right: Number) -> Number:
    """`left * right`."""
    if isinstance(left, int) and isinstance(right, int):
        return rounded(left * right)
    return rounded(_binary(left) * _binary(right))


def divide(left: Number, right: Number) -> Number:
    """`left / right`. Raises ValueError for a division by zero."""
    if right == 0:
        raise ValueError("division by zero")
    return rounded(_binary(left) / _binary(right))


def modulo(left: Number, right: Number) -> Number:
    """`left % right`: the remainder has the sign of `left`. Raises ValueError for a division by zero."""
    quotient = divide(left, right)
    return subtract(left, multiply(right, int(quotient)))


def negate(number: Number) -> Number:
    """`-number`."""
    return -number if isinstance(number, int) else number.copy_negate()


def magnitude(number: Number) -> Number:
    """The number without its sign."""
    return negate(number) if number < 0 else number


def rounded(exact: int | Fraction) -> Number:
    """An exact result as Terraform stores it."""
    if isinstance(exact, int) or exact.denominator == 1:
        whole = int(exact)
        if whole.bit_length() <= PRECISION:
            return whole
    return _shortest(_to_binary(Fraction(exact)))


def _binary(number: Number) -> Fraction:
    """The binary fraction behind a decimal."""
    return Fraction(number) if isinstance(number, int) else _to_binary(Fraction(number))


def _exponent(exact: Fraction) -> int:
    """The power of two of the last bit when a positive number is held in 512 bits."""
    exponent = exact.numerator.bit_length() - exact.denominator.bit_length() - PRECISION
    return exponent if exact < Fraction(2) ** (exponent + PRECISION) else exponent + 1


def _to_binary(exact: Fraction) -> Fraction:
    """The nearest number of 512 bits, ties to even."""
    if exact == 0:
        return exact
    unit = Fraction(2) ** _exponent(abs(exact))
    return round(exact / unit) * unit


def _shortest(exact: Fraction) -> Number:
    """The shortest decimal that only `exact` is nearest to."""
    positive = abs(exact)
    unit = Fraction(2) ** _exponent(positive)
    mantissa = positive / unit
    lower = unit / 4 if mantissa == 1 << (PRECISION - 1) else unit / 2
    low, high = 1, _MOST_DIGITS
    while low < high:
        middle = (low + high) // 2
        offset = _round_to(positive, middle)[2] - positive
        inside = -lower < offset < unit / 2 or (mantissa.numerator % 2 == 0 and offset in (-lower, unit / 2))
        low, high = (low, middle) if inside else (middle + 1, high)
    digits, exponent, value = _round_to(positive, low)
    if value.denominator == 1:
        return int(value) if exact > 0 else -int(value)
    return Decimal((0 if exact > 0 else 1, tuple(int(digit) for digit in str(digits)), exponent))


def _round_to(positive: Fraction, count: int) -> tuple[int, int, Fraction]:
    """The nearest decimal of `count` significant digits: digits, exponent and value."""
    magnitude = len(str(positive.numerator)) - len(str(positive.denominator))
    if positive < Fraction(10) ** magnitude:
        magnitude -= 1
    exponent = magnitude - count + 1
    unit = Fraction(10) ** exponent
    digits = round(positive / unit)
    return digits, exponent, digits * unit


def digits_of(number: Number, count: int | None) -> tuple[str, int]:
    """The significant digits of a positive number, rounded to `count` of them, and the exponent of the first digit.

    Without `count` these are the digits that print the number exactly.
    """
    if number == 0:
        return "0", 0
    if count is None:
        _, digits, exponent = Decimal(number).as_tuple()
        assert isinstance(exponent, int)
        return "".join(map(str, digits)), exponent + len(digits) - 1
    rounded_digits, unit, _ = _round_to(_binary(number), count)
    text = str(rounded_digits)
    return text[:count], unit + len(text) - 1


def fixed(number: Number, places: int) -> str:
    """A positive number with that many decimal places."""
    scaled = str(round(_binary(number) * 10**places)).rjust(places + 1, "0")
    return f"{scaled[:-places]}.{scaled[-places:]}" if places else scaled
