"""Writing snapshots."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from math import isfinite
from pathlib import Path
from typing import Any, Final, TypeAlias

from scanner.model.inventory import Notification
from scanner.model.resource import Resource
from scanner.model.secrets import has_credentials
from scanner.model.value import ABSENT, MASK, Unknown, Value
from scanner.model.words import both
from scanner.sources.snapshot.files import written
from scanner.sources.snapshot.header import Header

UNKNOWN: Final = "(unknown)"
SENSITIVE: Final = {MASK: True}
"""What is stored for a sensitive value. A text `(sensitive)` is one that its source made, and stays a text."""
_Place: TypeAlias = tuple[str, str]
"""A resource type and the path of an object in it."""


def write_snapshot(path: Path, header: Header, items: Iterable[Resource | Notification]) -> int:
    """Stores what a source yields while it yields, and gives the number of resources.

    The file appears under its name when it is whole. Sensitive values, and texts with a password in a URL, are
    masked. Raises SourceError where the file cannot be written.
    """
    resources = 0

    def counted() -> Iterator[Resource | Notification]:
        nonlocal resources
        for item in items:
            resources += isinstance(item, Resource)
            yield item

    with written(path) as file:
        for line in snapshot_lines(header, counted()):
            file.write(line + b"\n")
    return resources


def snapshot_lines(header: Header, items: Iterable[Resource | Notification]) -> Iterator[bytes]:
    """The lines of a snapshot, without their ends, while a source yields what is in it."""
    lines = 0
    unread: dict[_Place, frozenset[str]] = {}
    yield _line(header.as_data())
    for item in items:
        if isinstance(item, Resource):
            for said in _news(item, unread):
                lines += 1
                yield _line({"unread": said})
            yield _line(resource_data(item))
        else:
            yield _line({"notification": {"level": item.level.value, "what": item.what, "hides": list(item.hides)}})
        lines += 1
    yield _line({"end": lines})


def _news(resource: Resource, said: dict[_Place, frozenset[str]]) -> Iterator[dict[str, object]]:
    """What was not read of objects of this type and was not said before: it is the same for all of a type."""
    for path, names in _unread(resource.attributes, ""):
        place = (resource.type, path)
        if place not in said or not names <= said[place]:
            said[place] = said.get(place, frozenset()) | names
            yield {"type": resource.type, "path": path, "names": sorted(names)}


def _unread(value: Value, path: str) -> Iterator[tuple[str, frozenset[str]]]:
    raw = value.raw
    if isinstance(raw, Mapping):
        names: frozenset[str] | None = getattr(raw, "unread", None)  # of what a source observed, or is stored of it
        if names is not None:
            yield path, names
        for name, item in raw.items():
            yield from _unread(item, f"{path}.{name}" if path else name)
    elif isinstance(raw, tuple | list):
        for item in raw:
            yield from _unread(item, path)


def _line(data: object) -> bytes:
    return json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "backslashreplace")


def resource_data(resource: Resource) -> dict[str, object]:
    """A resource as it is stored."""
    data: dict[str, object] = {
        "type": resource.type,
        "address": resource.address,
        "root": resource.root,
        "origin": resource.origin.value,
        "identity": dict(resource.identity),
        "attributes": _stored(resource.attributes),
    }
    if resource.undecided is not None:
        data["undecided"] = _stored(resource.undecided)
    return data


def _stored(value: Value) -> Any:
    """A value as JSON data: masked where it is sensitive, with the reason where it is unknown."""
    raw = value.raw
    if value.sensitive:
        return SENSITIVE
    if isinstance(raw, Unknown):
        words = both(raw.detail)
        return {UNKNOWN: [raw.reason.value, words.en, words.ko]}
    if raw is None or raw is ABSENT or isinstance(raw, bool | int):
        return None if raw is ABSENT else raw
    if isinstance(raw, str):
        return SENSITIVE if has_credentials(raw) else raw
    if isinstance(raw, Decimal):
        return float(raw) if isfinite(raw) else str(raw)
    if isinstance(raw, Mapping):
        return {key: _stored(item) for key, item in raw.items() if item.raw is not ABSENT}
    assert isinstance(raw, Sequence)
    return [_stored(item) for item in raw if isinstance(item, Value)]
