"""Values as wholes: structural equality, the words for their sorts, and values out of rules."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from scanner.model.path import as_text, decoded
from scanner.model.rule import Text
from scanner.model.value import Unknown, Value, from_plain, shape_of
from scanner.model.words import Words


class Mismatch(ValueError):
    """A value that cannot be read as the type it is compared as; `words` name both."""

    def __init__(self, words: Words) -> None:
        super().__init__(words)
        self.words = words


class Undecided(ValueError):
    """A comparison that what is written does not decide; `unknown` says why."""

    def __init__(self, unknown: Unknown) -> None:
        super().__init__(unknown.detail)
        self.unknown = unknown


def kind_of(value: Value) -> Text:
    """What people call the sort of a value."""
    raw = value.raw
    if isinstance(raw, bool):
        return Text("a boolean", "불리언")
    if isinstance(raw, str):
        return Text("text", "문자열")
    if isinstance(raw, int | Decimal):
        return Text("a number", "숫자")
    if isinstance(raw, Mapping):
        return Text("an object", "객체")
    return Text("a list", "목록")


def deep_equal(left: Value, right: Value) -> bool:
    """Structural equality: order of fields ignored, numbers by value. Raises Undecided where unknown parts decide."""
    result = _deep(decoded(left), decoded(right))
    if isinstance(result, Unknown):
        raise Undecided(result)
    return result


def _deep(left: Value, right: Value) -> bool | Unknown:
    for side in (left, right):
        if isinstance(side.raw, Unknown):
            return side.raw
    first, second = left.raw, right.raw
    if isinstance(first, Mapping) and isinstance(second, Mapping):
        names = {name for name, item in first.items() if not item.is_absent}
        if names != {name for name, item in second.items() if not item.is_absent}:
            return False
        return _all(_deep(decoded(first[name]), decoded(second[name])) for name in names)
    if _is_list(first) and _is_list(second):
        assert isinstance(first, Sequence)
        assert isinstance(second, Sequence)
        if len(first) != len(second):
            return False
        return _all(_deep(decoded(a), decoded(b)) for a, b in zip(first, second, strict=True))  # type: ignore[arg-type]
    if left.is_absent or right.is_absent:
        return left.is_absent and right.is_absent
    if isinstance(first, bool) or isinstance(second, bool):
        return as_text(left) is not None and as_text(left) == as_text(right)
    return first == second or (as_text(left) is not None and as_text(left) == as_text(right))


def _is_list(raw: object) -> bool:
    return isinstance(raw, Sequence) and not isinstance(raw, str)


def _all(results: Iterable[bool | Unknown]) -> bool | Unknown:
    undecided: Unknown | None = None
    for result in results:
        if isinstance(result, Unknown):
            undecided = result
        elif not result:
            return False
    return undecided or True


def legible(value: Value) -> Value:
    """The value with the references that it consists of written out, for people: `${aws_kms_key.main.arn}`."""
    raw = value.raw
    if isinstance(raw, Sequence) and not isinstance(raw, str):
        items = tuple(legible(item) for item in raw if isinstance(item, Value))
        return Value(items, value.location, sensitive=value.sensitive)
    text = shape_of(value)
    return value if text is None or isinstance(raw, str) else Value(text, value.location, sensitive=value.sensitive)


def literal(data: object) -> Value:
    """A value out of a rule: JSON data in which an Unknown stands for an input that was not given."""
    if isinstance(data, Unknown):
        return Value(data)
    if isinstance(data, list | tuple):
        return Value(tuple(literal(item) for item in data))
    if isinstance(data, Mapping):
        return Value({str(key): literal(item) for key, item in data.items()})
    return from_plain(data)
