"""`format` and `formatlist`: Go's formatting verbs over Terraform values."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal

from scanner.model.value import GAP, MAX_SHAPE, Raw, Unknown, Value
from scanner.sources.terraform.functions.base import (
    Function,
    FunctionError,
    Scope,
    derive,
    derive_shallow,
    first_unknown,
    has_no_order,
    sequence_of,
    unknown_from,
)
from scanner.sources.terraform.functions.graphemes import graphemes
from scanner.sources.terraform.functions.json_text import json_text, quoted_json
from scanner.sources.terraform.functions.string import bounded
from scanner.sources.terraform.kinds import ANY, BOOL, NUMBER, STRING, ListItems, is_sequence
from scanner.sources.terraform.number import Number, digits_of, fixed, magnitude
from scanner.sources.terraform.types import convert

_VERB = re.compile(
    r"%(?:(?P<percent>%)|(?P<flags>[0#\-+ ]*)(?P<width>[1-9]\d*)?(?:\.(?P<precision>\d*))?"
    r"(?:\[(?P<index>[1-9]\d*)\])?(?P<mode>[A-Za-z]))"
)
_PREFIXES = {"b": "0b", "o": "0", "x": "0x", "X": "0X", "d": ""}


class _Verb:
    """One verb of a format string, like `%-5.2f`."""

    __slots__ = ("flags", "index", "mode", "precision", "width")

    def __init__(self, match: re.Match[str]) -> None:
        self.flags = match["flags"]
        self.mode = match["mode"]
        self.width = int(match["width"] or 0)
        bounded(self.width)
        self.precision = int(match["precision"] or 0) if match["precision"] is not None else None
        bounded(self.precision or 0)
        self.index = int(match["index"]) if match["index"] else None

    @property
    def plain(self) -> bool:
        """Whether it writes text as it is."""
        return self.mode in "svd" and not self.flags and not self.width and self.precision is None

    def padded(self, text: str, sign: str = "", zeros: bool = True) -> str:
        """`text` at the width asked for; zeros go between sign and digits."""
        missing = self.width - len(graphemes(text)) - len(sign)
        if missing <= 0:
            return sign + text
        if "0" in self.flags and zeros:
            return sign + "0" * missing + text
        return sign + text + " " * missing if "-" in self.flags else " " * missing + sign + text


def expand(template: str, arguments: list[Value]) -> str:
    """The format string with its verbs replaced. Raises FunctionError for bad verbs and too few or many arguments."""
    result: list[str] = []
    position = highest = 0
    following = 1
    for match in re.finditer("%", template):
        if match.start() < position:
            continue
        result.append(template[position : match.start()])
        found = _VERB.match(template, match.start())
        if found is None:
            raise FunctionError(f"invalid format at {template[match.start() :][:20]!r}")
        position = found.end()
        if found["percent"]:
            result.append("%")
            continue
        verb = _Verb(found)
        at = verb.index or following
        following, highest = at + 1, max(highest, at)
        if at > len(arguments):
            raise FunctionError(f"not enough arguments for {found[0]!r}")
        result.append(_formatted(verb, arguments[at - 1]))
    if highest < len(arguments):
        raise FunctionError(f"{len(arguments)} arguments are given, {highest} used")
    return "".join((*result, template[position:]))


def _formatted(verb: _Verb, argument: Value) -> str:
    if argument.is_unknown:
        return argument.shape or GAP if verb.plain else GAP
    if verb.mode == "v":
        return verb.padded(_natural(verb, argument))
    if argument.is_absent:
        raise FunctionError("null cannot be formatted")
    if verb.mode == "t":
        return "true" if convert(argument, BOOL).raw else "false"
    if verb.mode in "sq":
        text = str(convert(argument, STRING).raw)
        if verb.precision:
            text = "".join(graphemes(text)[: verb.precision])
        return verb.padded(quoted_json(text) if verb.mode == "q" else text)
    number = convert(argument, NUMBER).raw if verb.mode in "bdoxXeEfgG" else None
    if not isinstance(number, int | Decimal):
        raise FunctionError(f"unknown verb %{verb.mode}")
    return _integer(verb, number) if verb.mode in _PREFIXES else _fraction(verb, number)


def _natural(verb: _Verb, argument: Value) -> str:
    raw = argument.raw
    if "#" not in verb.flags:
        if isinstance(raw, str):
            return raw
        if isinstance(raw, int | Decimal) and not isinstance(raw, bool):
            return ("-" if raw < 0 else "") + _general(magnitude(raw), None, "e")
    return json_text(argument)


def _sign(verb: _Verb, number: Number) -> str:
    if number < 0:
        return "-"
    return "+" if "+" in verb.flags else " " if " " in verb.flags else ""


def _integer(verb: _Verb, number: Number) -> str:
    if not isinstance(number, int):
        raise FunctionError("a whole number is required")
    digits = format(abs(number), verb.mode)
    prefix = _PREFIXES[verb.mode] if "#" in verb.flags else ""
    if verb.precision is not None:
        digits = digits.rjust(verb.precision, "0") if number or verb.precision else ""
    left = "-" in verb.flags
    return verb.padded(digits, _sign(verb, number) + prefix, zeros=verb.precision is None and not left)


def _fraction(verb: _Verb, number: Number) -> str:
    positive = magnitude(number)
    if verb.mode == "f":
        text = fixed(positive, 6 if verb.precision is None else verb.precision)
    elif verb.mode in "eE":
        text = _scientific(positive, 6 if verb.precision is None else verb.precision, verb.mode)
    else:
        text = _general(positive, verb.precision, "e" if verb.mode == "g" else "E")
    return verb.padded(text, _sign(verb, number))


def _scientific(number: Number, precision: int, letter: str) -> str:
    digits, exponent = digits_of(number, precision + 1)
    digits = digits.ljust(precision + 1, "0")
    return f"{digits[0]}{'.' if precision else ''}{digits[1:]}{letter}{'-' if exponent < 0 else '+'}{abs(exponent):02d}"


def _general(number: Number, precision: int | None, letter: str) -> str:
    """Scientific for small and large exponents, else plain; without trailing zeros."""
    digits, exponent = digits_of(number, max(precision, 1) if precision is not None else None)
    digits = digits.rstrip("0") or "0"
    limit = 6 if precision is None else max(precision, 1)
    if precision is not None and limit > len(digits) >= exponent + 1:
        limit = len(digits)
    if exponent < -4 or exponent >= limit:
        mantissa = f"{digits[0]}.{digits[1:]}" if len(digits) > 1 else digits
        return f"{mantissa}{letter}{'-' if exponent < 0 else '+'}{abs(exponent):02d}"
    if exponent < 0:
        return "0." + "0" * (-exponent - 1) + digits
    text = digits.ljust(exponent + 1, "0")
    return f"{text[: exponent + 1]}.{text[exponent + 1 :]}" if len(text) > exponent + 1 else text


def _format(_scope: Scope, arguments: list[Value]) -> Value:
    if arguments[0].is_absent:
        raise FunctionError("the format must not be null")
    if first_unknown(arguments):
        return _unknown_format(arguments)
    return derive(expand(str(arguments[0].raw), arguments[1:]), arguments)


def _unknown_format(arguments: list[Value]) -> Value:
    """The unknown result, with what is known of its text."""
    result = unknown_from(arguments)
    template = arguments[0].raw
    if isinstance(template, str) and all(item.is_unknown or not first_unknown([item]) for item in arguments[1:]):
        shape = expand(template, arguments[1:])
        result.shape = shape if len(shape) <= MAX_SHAPE else None
    return result


def _formatlist(_scope: Scope, arguments: list[Value]) -> Value:
    template, rest = arguments[0], arguments[1:]
    if template.is_absent:
        raise FunctionError("the format must not be null")
    if any(argument.is_unknown or has_no_order(argument) for argument in arguments):
        return unknown_from(arguments)
    lists = [sequence_of(argument) for argument in rest if is_sequence(argument.raw)]
    lengths = {len(items) for items in lists}
    if len(lengths) > 1:
        raise FunctionError("the lists must have the same length")
    rows = range(lengths.pop() if lengths else 1)
    at_row: list[Callable[[int], Value]] = [_column(argument) for argument in rest]
    formatted = [_format_row(template, [pick(row) for pick in at_row]) for row in rows]
    if not formatted:
        return derive_shallow(ListItems(), arguments)
    return Value(ListItems(formatted), sensitive=any(argument.sensitive for argument in arguments))


def _column(argument: Value) -> Callable[[int], Value]:
    if not is_sequence(argument.raw):
        return lambda _row: argument
    items = sequence_of(argument)
    return lambda row: items[row]


def _format_row(template: Value, row: list[Value]) -> Value:
    missing = first_unknown(row)
    raw: Raw | Unknown = missing or expand(str(template.raw), row)
    return derive(raw, [template, *row])


FUNCTIONS = (
    Function("format", _format, (STRING,), rest=ANY, nulls=True, handles_unknown=True),
    Function("formatlist", _formatlist, (STRING,), rest=ANY, nulls=True, handles_unknown=True),
)
