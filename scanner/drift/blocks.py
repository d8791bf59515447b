"""Which nested block of code is which of the account, where there are several."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Final

from scanner.model.path import as_text
from scanner.model.value import Value, fields_of

_KEYS: Final = (
    "name", "id", "key", "sid", "priority", "index", "rule_number", "type", "device_name", "domain_name", "origin_id",
    "container_name", "path_pattern", "capacity_provider", "metric_name", "attribute_name", "field", "rule_name",
    "address", "action",
)  # fmt: skip
"""What tells blocks of one kind apart, in order of preference."""


def matched(
    code: Sequence[Value], live: Sequence[Value], path: str, differs: Callable[[Value, Value], bool]
) -> Iterator[tuple[Value | None, Value | None, str]]:
    """The blocks of both sides that belong together and are not the same, with their paths.

    Equal blocks belong together, then those with the same key, then the last one of each side.
    """
    rest = list(live)
    left: list[Value] = []
    for block in code:
        twin = next((at for at, other in enumerate(rest) if not differs(block, other)), None)
        if twin is None:
            left.append(block)
        else:
            del rest[twin]
    key = _key([*left, *rest])
    if key is None and len(left) == len(rest) == 1:
        yield left[0], rest[0], path
        return
    others = {_name(block, key): block for block in rest} if key else {}
    for number, block in enumerate(left):
        name = _name(block, key)
        yield block, others.pop(name, None) if key else None, _label(path, key, name, number)
    unmatched = list(others.values()) if key else rest
    for number, block in enumerate(unmatched):
        yield None, block, _label(path, key, _name(block, key), number + len(left))


def _key(blocks: Sequence[Value]) -> str | None:
    """A field that every block has, differently on each side."""
    for key in _KEYS:
        names = [_name(block, key) for block in blocks]
        if names and all(names) and max(names.count(name) for name in names) <= 2:
            return key
    return None


def _name(block: Value, key: str | None) -> str:
    item = fields_of(block).get(key) if key else None
    return (as_text(item) or "") if item is not None else ""


def _label(path: str, key: str | None, name: str, number: int) -> str:
    return f"{path}[{key}={name}]" if key else f"{path}[{number}]"
