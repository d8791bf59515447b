"""How values are compared: the table of `as`.

A value type reads a value into something comparable, or says that it cannot (Mismatch); operators
(scanner.policy.operators) then test it. Comparing may itself be undecidable (Undecided), never guessed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from scanner.model.path import decoded
from scanner.model.value import Value
from scanner.policy import readers
from scanner.policy.schedules import read_cron
from scanner.policy.structures import deep_equal


def _equal(left: Any, right: Any) -> bool:
    return bool(left == right)


def _order(left: Any, right: Any) -> int:
    return int(left > right) - int(left < right)


@dataclass(slots=True, frozen=True)
class ValueType:
    """One row of the table.

    `read` turns a known value into something comparable (raises Mismatch); `equal` and `order` compare two such things
    (raise Undecided); `whole` marks a type that reads a list as one value instead of element by element.
    """

    name: str
    read: Callable[[Value], Any]
    ordered: bool = False
    whole: bool = False
    equal: Callable[[Any, Any], bool] = _equal
    order: Callable[[Any, Any], int] = _order


TYPES: dict[str, ValueType] = {
    row.name: row
    for row in (
        ValueType("string", readers.read_text),
        ValueType("number", readers.read_number, ordered=True),
        ValueType("boolean", readers.read_boolean),
        ValueType("version", readers.version, True, False, readers.versions_equal, readers.version_order),
        ValueType("quantity", readers.read_quantity, ordered=True),
        ValueType("duration", readers.read_duration, ordered=True),
        ValueType("cidr", readers.read_cidr),
        ValueType("ports", readers.read_ports, whole=True),
        ValueType("region", readers.read_region),
        ValueType("case_insensitive", readers.read_folded),
        ValueType("percent", readers.read_percent, ordered=True),
        ValueType("image", readers.read_image, equal=readers.images_equal),
        ValueType("cron", read_cron),
        ValueType("json", decoded, whole=True, equal=deep_equal),
        ValueType("template", readers.read_text),
    )
}


def infer(expected: Value, op: str) -> ValueType:
    """The type that a comparison with `expected` means where none is stated."""
    if op in ("within", "disjoint", "overlaps"):
        return TYPES["cidr"]
    if op == "matches":
        return TYPES["string"]
    raw = expected.raw
    if isinstance(raw, Sequence) and not isinstance(raw, str) and op in ("in", "contains_all", "exactly", "subset"):
        kinds = {infer(item, "equals").name for item in raw if not item.is_unknown}
        return TYPES[kinds.pop()] if len(kinds) == 1 else TYPES["json" if "json" in kinds else "string"]
    if isinstance(raw, bool):
        return TYPES["boolean"]
    if isinstance(raw, int | Decimal):
        return TYPES["number"]
    if isinstance(raw, str):
        return TYPES["number" if op in ("gt", "gte", "lt", "lte") else "string"]
    return TYPES["json"]
