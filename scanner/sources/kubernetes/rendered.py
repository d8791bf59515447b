"""Places of objects that a program rendered: those of the file that they were made from, as far as that can be told."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from scanner.model.kubernetes import elements, field, scalar
from scanner.model.location import Location
from scanner.model.value import Value
from scanner.sources.kubernetes.objects import type_of

MARK: Final = "#rendered"
"""Ends the path under which a rendered text is read: that of the kustomization or template that it comes from."""


def source_of(path: str) -> str | None:
    """The file that a rendered text comes from, None for a file of its own."""
    return path.removesuffix(MARK) if path.endswith(MARK) else None


def placed(documents: Sequence[Value], source: str, written: Iterable[Value] = ()) -> list[Value]:
    """Rendered objects at the places where they are written, else at `source`.

    `written` are the objects that they were made from, patches first: a value that one of them has too has its place
    there.
    """
    fallback = Location(source, 1)
    known: dict[tuple[str | None, str | None], list[Value]] = {}
    for document in written:
        known.setdefault(_key(document), []).append(document)
    return [_placed(document, known.get(_key(document), ()), fallback) for document in documents]


def _key(document: Value) -> tuple[str | None, str | None]:
    return type_of(document), scalar(field(document, "metadata", "name"))


def _placed(value: Value, written: Sequence[Value], fallback: Location) -> Value:
    raw = value.raw
    if isinstance(raw, Mapping):
        same = [item for item in written if isinstance(item.raw, Mapping)]
        fields = {key: _placed(item, _fields(same, key), fallback) for key, item in raw.items()}
        return Value(fields, _last(same, fallback))
    if isinstance(raw, Sequence) and not isinstance(raw, str):
        same = [item for item in written if isinstance(item.raw, Sequence) and not isinstance(item.raw, str)]
        listed = tuple(_placed(item, _same(item, at, same), fallback) for at, item in enumerate(raw))
        return Value(listed, _last(same, fallback))
    place = next((item.location for item in written if item.raw == raw), None)
    return Value(raw, place or fallback)


def _last(written: Sequence[Value], fallback: Location) -> Location:
    """The place in what everything else was applied to."""
    return written[-1].location or fallback if written else fallback


def _fields(written: Sequence[Value], key: str) -> list[Value]:
    found = [field(item, key) for item in written]
    return [item for item in found if not item.is_absent]


def _same(item: Value, at: int, written: Sequence[Value]) -> list[Value]:
    """The elements that one was made from: those of the same name, else those at the same position."""
    name = scalar(field(item, "name"))
    if name is None:
        return [elements(listed)[at] for listed in written if at < len(elements(listed))]
    return [each for listed in written for each in elements(listed) if scalar(field(each, "name")) == name]
