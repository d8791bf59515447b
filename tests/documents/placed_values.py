"""Values with their places, in a form that tests can compare."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal

from scanner.model.location import Location
from scanner.model.value import Unknown, Value


def plain(value: Value) -> object:
    """The data alone; a value that is not known is its reason's detail in a tuple."""
    raw = value.raw
    if isinstance(raw, Mapping):
        return {key: plain(item) for key, item in raw.items()}
    if isinstance(raw, tuple):
        return [plain(item) for item in raw]
    if isinstance(raw, Unknown):
        return (raw.detail,)
    assert raw is None or isinstance(raw, str | bool | int | Decimal)
    return raw


def span(location: Location | None) -> str:
    """A place without its file: `1:1-1:5`."""
    assert location is not None
    return f"{location.line}:{location.column}-{location.end_line}:{location.end_column}"


def places(value: Value, path: str = "") -> dict[str, str]:
    """The span of every value below one, by its path; the root's path is empty."""
    return dict(_places(value, path))


def _places(value: Value, path: str) -> Iterator[tuple[str, str]]:
    yield path, span(value.location)
    raw = value.raw
    if isinstance(raw, Mapping):
        for key, item in raw.items():
            yield from _places(item, f"{path}.{key}" if path else key)
    elif isinstance(raw, tuple):
        for at, item in enumerate(raw):
            yield from _places(item, f"{path}[{at}]")


def cut(text: str, location: Location) -> str:
    """The text of a span, moved to the column where it begins, so that its lines still line up."""
    lines = text.split("\n")[location.line - 1 : location.end_line]
    lines[-1] = lines[-1][: location.end_column - 1]
    return " " * (location.column - 1) + "\n".join([lines[0][location.column - 1 :], *lines[1:]])
