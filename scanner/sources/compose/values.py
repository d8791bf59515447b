"""Small steps between the short and the long spellings of Compose."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from scanner.model.value import Raw, Value


def elements(value: Value | None) -> Iterator[Value]:
    """The elements of a list; a single scalar stands for a list of one."""
    if value is None or value.is_absent:
        return
    if isinstance(value.raw, tuple | list):
        yield from value.raw
    else:
        yield value


def placed(raw: Raw, value: Value) -> Value:
    """Something that was part of `value`, at its place."""
    return Value(raw, value.location, value.hops, value.refs, value.sensitive)


def fields(like: Value, **items: Raw) -> Value:
    """An object made from a short form; fields that are None are left out."""
    return placed({name: placed(item, like) for name, item in items.items() if item is not None}, like)


def pairs(value: Value | None) -> dict[str, Value]:
    """`environment`, `labels` and the like as a map: an object, or a list of `NAME=VALUE` (None: without a value)."""
    if value is None:
        return {}
    if isinstance(value.raw, Mapping):
        return dict(value.raw)
    found: dict[str, Value] = {}
    for item in elements(value):
        if isinstance(item.raw, str):
            name, separator, text = item.raw.partition("=")
            found[name] = placed(text if separator else None, item)
        elif item.is_unknown and item.shape and "=" in item.shape:
            name, _, shape = item.shape.partition("=")
            found[name] = Value(item.raw, item.location, item.hops, item.refs, item.sensitive, None, shape)
    return found


def names(value: Value | None) -> dict[str, Value]:
    """`networks`, `depends_on`: a map, or a list of names with nothing said of each."""
    if value is None:
        return {}
    if isinstance(value.raw, Mapping):
        return dict(value.raw)
    return {item.raw: placed({}, item) for item in elements(value) if isinstance(item.raw, str)}
