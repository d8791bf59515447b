"""What is tested: the table of `op`. How values are compared is the other table (scanner.policy.typed).

An operator decides about one known value and answers True, False, or an Unknown that says why it cannot tell.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypeAlias

from scanner.errors import UsageError
from scanner.model.korean import with_particle
from scanner.model.path import as_text, decoded
from scanner.model.value import Reason, Unknown, Value
from scanner.model.words import Words
from scanner.policy.structures import Mismatch, Undecided, kind_of
from scanner.policy.typed import ValueType

Answer: TypeAlias = "bool | Unknown"


@dataclass(slots=True, frozen=True)
class Operator:
    """One row of the table.

    decide      (actual, expected, value type) -> answer; both are known, `actual` is present
    needs       what `value` must be: "one", "list" or "none"
    ordered     whether the value type must have an order
    elements    whether a list as actual value is tested element by element
    """

    name: str
    decide: Callable[[Value, Value, ValueType], Answer]
    needs: str = "one"
    ordered: bool = False
    elements: bool = True


def _read(kind: ValueType, value: Value) -> Any:
    if isinstance(value.raw, Unknown) and not (kind.name == "json" and value.decoded is not None):
        raise Undecided(value.raw)
    return kind.read(value)


def _equals(actual: Value, expected: Value, kind: ValueType) -> Answer:
    return kind.equal(_read(kind, actual), _read(kind, expected))


def _in(actual: Value, expected: Value, kind: ValueType) -> Answer:
    return _any(lambda item: _equals(actual, item, kind), elements_of(expected))


def _gt(actual: Value, expected: Value, kind: ValueType) -> Answer:
    return kind.order(_read(kind, actual), _read(kind, expected)) > 0


def _gte(actual: Value, expected: Value, kind: ValueType) -> Answer:
    return kind.order(_read(kind, actual), _read(kind, expected)) >= 0


def _lt(actual: Value, expected: Value, kind: ValueType) -> Answer:
    return kind.order(_read(kind, actual), _read(kind, expected)) < 0


def _lte(actual: Value, expected: Value, kind: ValueType) -> Answer:
    return kind.order(_read(kind, actual), _read(kind, expected)) <= 0


@lru_cache(maxsize=1024)
def pattern(text: str, folded: bool = False) -> re.Pattern[str]:
    """A compiled regular expression. Raises re.error."""
    return re.compile(text, re.IGNORECASE if folded else 0)


def _matches(actual: Value, expected: Value, kind: ValueType) -> Answer:
    text, wanted = as_text(actual), as_text(expected)
    if isinstance(expected.raw, Unknown):
        return expected.raw
    if text is None or wanted is None:
        kind_ = kind_of(actual)
        raise Mismatch(Words(f"{kind_.en} is no text", f"{with_particle(kind_.ko, '은')} 문자열이 아님"))
    try:
        compiled = pattern(wanted, kind.name == "case_insensitive")
    except re.error as error:
        hint = "a pattern that is put together from parameters must be one as a whole"
        raise UsageError(f"{wanted!r} is no regular expression: {error}", hint=hint) from error
    return compiled.search(text) is not None


def _contains(actual: Value, expected: Value, kind: ValueType) -> Answer:
    structure = decoded(actual)
    if isinstance(structure.raw, str) and kind.name in ("string", "case_insensitive"):
        if isinstance(expected.raw, Unknown):
            return expected.raw
        return bool(kind.read(expected) in kind.read(actual))
    if kind.name == "ports":
        return _covers(_read(kind, structure), _read(kind, expected))
    return _any(lambda item: _equals(item, expected, kind), elements_of(actual))


def _contains_all(actual: Value, expected: Value, kind: ValueType) -> Answer:
    if kind.name == "ports":
        return _covers(_read(kind, decoded(actual)), _read(kind, expected))
    return _every(lambda item: _contains_element(actual, item, kind), elements_of(expected))


def _contains_element(actual: Value, item: Value, kind: ValueType) -> Answer:
    return _any(lambda element: _equals(element, item, kind), elements_of(actual))


def _subset(actual: Value, expected: Value, kind: ValueType) -> Answer:
    if kind.name == "ports":
        return _covers(_read(kind, expected), _read(kind, decoded(actual)))
    return _every(lambda element: _in(element, expected, kind), elements_of(actual))


def _exactly(actual: Value, expected: Value, kind: ValueType) -> Answer:
    return _both(_subset(actual, expected, kind), _contains_all(actual, expected, kind))


def _within(actual: Value, expected: Value, kind: ValueType) -> Answer:
    block = _read(kind, actual)
    return _any(lambda item: _inside(block, _read(kind, item)), elements_of(expected))


def _inside(block: Any, outer: Any) -> bool:
    return bool(block.version == outer.version and block.subnet_of(outer))


def _overlaps(actual: Value, expected: Value, kind: ValueType) -> Answer:
    block = _read(kind, actual)
    return _any(lambda item: bool(block.overlaps(_read(kind, item))), elements_of(expected))


def _disjoint(actual: Value, expected: Value, kind: ValueType) -> Answer:
    answer = _overlaps(actual, expected, kind)
    return answer if isinstance(answer, Unknown) else not answer


def _covers(outer: Sequence[tuple[int, int]], inner: Sequence[tuple[int, int]]) -> bool:
    return all(any(low <= first and last <= high for low, high in outer) for first, last in inner)


def _exists(actual: Value, expected: Value, kind: ValueType) -> Answer:  # noqa: ARG001 (one signature for the table)
    return not is_empty(actual)


def _missing(actual: Value, expected: Value, kind: ValueType) -> Answer:  # noqa: ARG001
    return is_empty(actual)


def is_empty(value: Value) -> bool:
    """Whether there is nothing to speak of: absent, null, an empty text, list or object (no block, `tags = {}`)."""
    raw = value.raw
    return value.is_absent or (isinstance(raw, str | Sequence | Mapping) and len(raw) == 0)


def elements_of(value: Value) -> list[Value]:
    """The elements of a list (also one in a JSON string), or the value itself as the only one."""
    structure = decoded(value)
    raw = structure.raw
    if isinstance(raw, Sequence) and not isinstance(raw, str):
        return list(raw)
    return [value]


def _any(test: Callable[[Value], Answer], values: Sequence[Value]) -> Answer:
    return _collect(test, values, decisive=True)


def _every(test: Callable[[Value], Answer], values: Sequence[Value]) -> Answer:
    return _collect(test, values, decisive=False)


def _collect(test: Callable[[Value], Answer], values: Sequence[Value], *, decisive: bool) -> Answer:
    """Kleene's any (`decisive` true) or all over values; a value that cannot be compared is undecided."""
    undecided: Unknown | None = None
    for value in values:
        answer = guarded(test, value)
        if isinstance(answer, Unknown):
            undecided = undecided or answer
        elif answer is decisive:
            return decisive
    return undecided or not decisive


def guarded(test: Callable[[Value], Answer], value: Value) -> Answer:
    """The answer of a test, with a mismatch of types and an undecided comparison as Unknown."""
    try:
        return test(value)
    except Undecided as error:
        return error.unknown
    except Mismatch as error:
        return Unknown(Reason.ERROR, Words(f"cannot compare: {error.words}", f"비교할 수 없음: {error.words.ko}"))


def _both(first: Answer, second: Answer) -> Answer:
    if first is False or second is False:
        return False
    return first if isinstance(first, Unknown) else second


OPERATORS: dict[str, Operator] = {
    row.name: row
    for row in (
        Operator("equals", _equals),
        Operator("in", _in, "list"),
        Operator("gt", _gt, ordered=True),
        Operator("gte", _gte, ordered=True),
        Operator("lt", _lt, ordered=True),
        Operator("lte", _lte, ordered=True),
        Operator("matches", _matches),
        Operator("exists", _exists, "none", elements=False),
        Operator("absent", _missing, "none", elements=False),
        Operator("contains", _contains, elements=False),
        Operator("contains_all", _contains_all, "list", elements=False),
        Operator("exactly", _exactly, "list", elements=False),
        Operator("subset", _subset, "list", elements=False),
        Operator("within", _within),
        Operator("disjoint", _disjoint),
        Operator("overlaps", _overlaps),
    )
}
ALWAYS_CIDR = ("within", "disjoint", "overlaps")
