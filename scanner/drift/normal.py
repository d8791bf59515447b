"""Values in a form in which two spellings of the same thing are the same data."""

from __future__ import annotations

import ipaddress
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, TypeAlias

from scanner.drift.resolve import Resolver
from scanner.model.resource import Resource
from scanner.model.value import MASK, Reason, Unknown, Value
from scanner.model.words import Words


@dataclass(frozen=True, slots=True)
class Undecided:
    """A part that is not known, and why."""

    why: Unknown


@dataclass(frozen=True, slots=True)
class Bag:
    """Items in no order."""

    items: tuple[Normal, ...]


Normal: TypeAlias = "str | Undecided | Bag | tuple[Normal, ...] | dict[str, Normal] | None"
"""Scalars are text as Terraform converts them; null is None."""

MASKED: Final = Unknown(Reason.UNSUPPORTED, Words("the value is masked", "마스킹된 값"))
_STATEMENT: Final = "Statement"
_ANYWHERE: Final = {"0.0.0.0/0", "::/0"}


@dataclass(frozen=True, slots=True)
class Side:
    """Where a value comes from: for code, what completes it and the resource that it belongs to."""

    resolver: Resolver | None = None
    home: Resource | None = None

    def complete(self, value: Value) -> Value:
        """The value as far as it can be known."""
        if self.resolver is None or self.home is None:
            return value
        return self.resolver.value(value, self.home)


ACCOUNT: Final = Side()


def normal(value: Value, side: Side, how: frozenset[str], *, unordered: bool = False) -> Normal:
    """The normal form of a value; `how` are the treatments of its attribute (noise.tsv)."""
    value = side.complete(value)
    structure = value.decoded
    raw = structure.raw if structure is not None else value.raw
    if isinstance(raw, Unknown):
        return Undecided(raw)
    if isinstance(raw, str):
        return _text(raw, how)
    if isinstance(raw, Mapping):
        return _object({key: normal(item, side, how) for key, item in raw.items()})
    if isinstance(raw, Sequence):
        return _list([normal(item, side, how) for item in raw if isinstance(item, Value)], how, unordered=unordered)
    return _scalar(raw)


def _scalar(raw: object) -> str | None:
    if isinstance(raw, bool):
        return "true" if raw else "false"
    if isinstance(raw, int | Decimal):
        return _number(Decimal(raw))
    return None


def _number(number: Decimal) -> str:
    return str(int(number)) if number == number.to_integral_value() else str(number.normalize())


def _text(text: str, how: frozenset[str]) -> Normal:
    if text == MASK:
        return Undecided(MASKED)
    stripped = text.strip()
    if stripped[:1] in ("{", "["):
        try:
            return from_json(json.loads(stripped, parse_float=Decimal), how)
        except (ValueError, RecursionError):
            return text
    if "case" in how:
        text = text.lower()
    if "spaces" in how:
        text = text.replace(" ", "").lower()
    if "domain" in how:
        text = text.rstrip(".").lower().replace("\\052", "*")
    if "ends" in how:
        text = "\n".join(line.rstrip() for line in text.strip().splitlines())
    if "stars" in how:
        text = text.removesuffix(":*")
    return text


def from_json(data: object, how: frozenset[str]) -> Normal:
    """The normal form of decoded JSON."""
    if isinstance(data, str):
        return Undecided(MASKED) if data == MASK else data.lower() if "case" in how else data
    if isinstance(data, Mapping):
        return _object({str(key): from_json(item, how) for key, item in data.items()})
    if isinstance(data, list):
        return _list([from_json(item, how) for item in data], how, unordered=False)
    return _scalar(data)


def _object(items: dict[str, Normal]) -> Normal:
    return _policy(items) if _STATEMENT in items else items


def _list(items: list[Normal], how: frozenset[str], *, unordered: bool) -> Normal:
    if unordered or "bag" in how or (items and all(isinstance(item, dict) for item in items)):
        return Bag(tuple(items))
    return tuple(items)


def _policy(items: dict[str, Normal]) -> Normal:
    """An IAM policy by its meaning: statements in no order, without their names."""
    statements = [_statement(item) if isinstance(item, dict) else item for item in _many(items[_STATEMENT])]
    return {"Version": items.get("Version") or "2008-10-17", _STATEMENT: Bag(tuple(statements))}


def _many(item: Normal) -> tuple[Normal, ...]:
    if isinstance(item, Bag):
        return item.items
    return item if isinstance(item, tuple) else (item,)


def _statement(items: dict[str, Normal]) -> Normal:
    found: dict[str, Normal] = {}
    for key, item in items.items():
        if key == "Sid" or item is None:
            continue
        if key in ("Principal", "NotPrincipal"):
            found[key] = _principal(item)
        elif key == "Condition" and isinstance(item, dict):
            found[key] = {name: _condition(part) for name, part in item.items()}
        elif key in ("Action", "NotAction"):
            found[key] = _bag(each.lower() if isinstance(each, str) else each for each in _many(item))
        elif key in ("Resource", "NotResource"):
            found[key] = _bag(_many(item))
        else:
            found[key] = item
    return found


def _condition(item: Normal) -> Normal:
    return {key.lower(): _bag(_many(values)) for key, values in item.items()} if isinstance(item, dict) else item


def _principal(item: Normal) -> Normal:
    if item == "*":
        item = {"AWS": "*"}
    if not isinstance(item, dict):
        return item
    return {kind: _bag(_whose(each) for each in _many(names)) for kind, names in item.items()}


def _whose(name: Normal) -> Normal:
    """An account is named by its number or by its root user."""
    return f"arn:aws:iam::{name}:root" if isinstance(name, str) and len(name) == 12 and name.isdigit() else name


def _bag(items: Iterable[Normal]) -> Bag:
    found: list[Normal] = []
    for item in items:
        if item not in found:
            found.append(item)
    return Bag(tuple(found))


def is_empty(value: Normal) -> bool:
    """Whether a value says no more than nothing at all would: what Terraform's older providers cannot tell apart."""
    if isinstance(value, Bag | tuple):
        items = value.items if isinstance(value, Bag) else value
        return all(is_empty(item) for item in items)
    if isinstance(value, dict):
        return all(is_empty(item) for item in value.values())
    return value in (None, "", "0", "false")


def network(text: str) -> str:
    """An address range in one spelling; any other text as it is."""
    if text in _ANYWHERE:
        return text
    try:
        return str(ipaddress.ip_network(text, strict=False))
    except ValueError:
        return text
