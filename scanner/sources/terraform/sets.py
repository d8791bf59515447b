"""Equality of values, and the elements of sets in Terraform's order."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import TypeAlias

from scanner.model.value import ABSENT, SetItems, Unknown, Value
from scanner.sources.terraform.kinds import ListItems, MapItems, is_sequence
from scanner.sources.terraform.number import format_number

SortKey: TypeAlias = "tuple[int, bool | int | Decimal, str]"


def equal(left: Value, right: Value) -> bool | None:
    """Whether two values are equal; None where an unknown part decides. Values of different types never are."""
    first, second = left.raw, right.raw
    if isinstance(first, Unknown) or isinstance(second, Unknown):
        return None
    if first is None or first is ABSENT or second is None or second is ABSENT:
        return left.is_absent and right.is_absent
    if isinstance(first, Mapping):
        if not isinstance(second, Mapping) or first.keys() != second.keys() or _kind(first) is not _kind(second):
            return False
        return _all_equal(first.values(), (second[key] for key in first))
    if not is_sequence(first):
        return isinstance(first, bool) == isinstance(second, bool) and first == second
    if not is_sequence(second) or _kind(first) is not _kind(second):
        return False
    if len(first) != len(second):
        return None if isinstance(first, SetItems) and _any_unknown((*first, *second)) else False
    if isinstance(first, SetItems) and _any_unknown((*first, *second)):
        return None
    return _all_equal(first, second)


def _kind(raw: Sequence[Value] | Mapping[str, Value]) -> type:
    for kind in (ListItems, SetItems, MapItems, Mapping):
        if isinstance(raw, kind):
            return kind
    return tuple


def _all_equal(left: Iterable[Value], right: Iterable[Value]) -> bool | None:
    result: bool | None = True
    for first, second in zip(left, right, strict=True):
        same = equal(first, second)
        if same is False:
            return False
        result = result and same
    return result


def _any_unknown(items: Iterable[Value]) -> bool:
    return any(has_unknown(item) for item in items)


def has_unknown(value: Value) -> bool:
    """Whether the value or any part of it is unknown."""
    raw = value.raw
    if isinstance(raw, Unknown):
        return True
    if isinstance(raw, Mapping):
        return _any_unknown(raw.values())
    return is_sequence(raw) and _any_unknown(raw)


def make_set(items: Iterable[Value]) -> SetItems:
    """The distinct values of `items`, all of one type, in Terraform's order: the first of equal ones stays.

    Strings, numbers and booleans are in their natural order, null after them, unknown elements last and never merged.
    """
    distinct: dict[tuple[bool, str], Value] = {}
    unknown: list[Value] = []
    for item in items:
        if has_unknown(item):
            unknown.append(item)
        else:
            distinct.setdefault((isinstance(item.raw, str), fingerprint(item)), item)
    return SetItems((*sorted(distinct.values(), key=_sort_key), *unknown))


def _sort_key(value: Value) -> SortKey:
    raw = value.raw
    if raw is None or raw is ABSENT:
        return (1, 0, "")
    if isinstance(raw, bool | int | Decimal):
        return (0, raw, "")
    return (0, 0, raw if isinstance(raw, str) else fingerprint(value, digits=10))


def fingerprint(value: Value, digits: int = 0) -> str:
    """A text that is the same for equal values of one type, and by which sets of structures are ordered.

    With `digits` numbers are written as Terraform does when it orders: that many significant digits.
    """
    raw = value.raw
    if isinstance(raw, Unknown):
        return "?"
    if raw is None or raw is ABSENT:
        return "~"
    if isinstance(raw, bool):
        return "T" if raw else "F"
    if isinstance(raw, int | Decimal):
        return _short_number(raw, digits) if digits else format_number(raw)
    if isinstance(raw, str):
        return quoted(raw)
    if isinstance(raw, MapItems):
        pairs = sorted(raw.items(), key=lambda item: item[0].encode())
        return "{" + "".join(f"{quoted(key)}:{fingerprint(item, digits)};" for key, item in pairs) + "}"
    if isinstance(raw, Mapping):
        names = sorted(raw, key=str.encode)
        return "<" + "".join(f"{fingerprint(raw[name], digits)};" for name in names) + ">"
    assert is_sequence(raw)
    text = "".join(f"{fingerprint(item, digits)};" for item in raw)
    return f"[{text}]" if isinstance(raw, ListItems | SetItems) else f"<{text}>"


def _short_number(number: int | Decimal, digits: int) -> str:
    text = format(Decimal(number), f".{digits}g")
    mantissa, _, exponent = text.partition("e")
    if "." in mantissa:
        mantissa = mantissa.rstrip("0").rstrip(".")
    return f"{mantissa}e{exponent[0]}{exponent[1:].rjust(2, '0')}" if exponent else mantissa


_ESCAPES = {"\a": "\\a", "\b": "\\b", "\f": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\v": "\\v"}
_ESCAPES |= {'"': '\\"', "\\": "\\\\"}


def quoted(text: str) -> str:
    """The text in double quotes with Go's escapes (what `%q` prints)."""
    return '"' + "".join(_escaped(character) for character in text) + '"'


def _escaped(character: str) -> str:
    if character in _ESCAPES:
        return _ESCAPES[character]
    if character.isprintable():
        return character
    code = ord(character)
    if code < 0x80:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
