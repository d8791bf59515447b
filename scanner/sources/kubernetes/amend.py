"""Changes values deep inside an object; everything on the way is copied, the rest is shared, all places stay."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final

from scanner.model.value import Reference, Value, merge_refs

EACH: Final = "*"
"""In a path: every element of a list."""
Change = Callable[[Value], Value]


def amend(value: Value, path: Sequence[str], change: Change) -> Value:
    """`value` with what lies at `path` replaced by what `change` makes of it; nothing happens where nothing is written.

    The same object comes back where nothing changed.
    """
    if not path:
        return value if value.is_absent else change(value)
    raw = value.raw
    step, rest = path[0], path[1:]
    if step == EACH:
        if not isinstance(raw, Sequence) or isinstance(raw, str):
            return value
        elements = tuple(amend(element, rest, change) for element in raw)
        return value if all(a is b for a, b in zip(elements, raw, strict=True)) else replaced(value, elements)
    if not isinstance(raw, Mapping):
        return value
    child = raw.get(step)
    if child is None:
        return value
    changed = amend(child, rest, change)
    return value if changed is child else replaced(value, {**raw, step: changed})


def replaced(value: Value, raw: Mapping[str, Value] | tuple[Value, ...]) -> Value:
    """A value with other content, at the same place."""
    return Value(raw, value.location, value.hops, value.refs, value.sensitive)


def referring(value: Value, refs: Iterable[Reference]) -> Value:
    """The value with further references; the same object where there are none."""
    found = tuple(refs)
    if not found:
        return value
    merged = merge_refs(value.refs, found)
    return Value(value.raw, value.location, value.hops, merged, value.sensitive, value.decoded, value.shape)
