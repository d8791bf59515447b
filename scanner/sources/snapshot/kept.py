"""What is kept of the lines of a snapshot, and the values that are made of them.

A resource holds the text of its line, compressed; its attributes are made of it when they are looked at, and forgotten
again. So a snapshot may be far larger than what its values would take in memory.
"""

from __future__ import annotations

import json
import zlib
from abc import abstractmethod
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any, Final, TypeVar

from scanner.model.observed import Observed
from scanner.model.value import MASK, Reason, Unknown, Value, from_plain
from scanner.model.words import Words
from scanner.sources.snapshot.header import is_list, is_texts
from scanner.sources.snapshot.write import SENSITIVE, UNKNOWN

_T = TypeVar("_T")
_KEPT: Final = 4096
_RAW: Final = -15
_LEVEL: Final = 4
_WINDOW: Final = 32_000


class Unread:
    """The names of what was not read, by resource type and path: an object there is one of an account."""

    def __init__(self) -> None:
        self._names: dict[tuple[str, str], frozenset[str]] = {}

    def add(self, data: Any) -> None:
        """Takes what a line says. Raises ValueError where it is malformed."""
        if not isinstance(data, dict) or not is_list(data.get("names")) or not is_texts({**data, "names": ""}):
            raise ValueError("its list of what was not read is malformed")
        place = (data.get("type", ""), data.get("path", ""))
        self._names[place] = self._names.get(place, frozenset()) | frozenset(data["names"])

    def object(self, items: dict[str, Value], type_: str, path: str) -> Mapping[str, Value]:
        """An object with these items."""
        names = self._names.get((type_, path))
        return items if names is None else Observed(items, names)


class Text:
    """The text of a line, compressed against another one that is much like it."""

    __slots__ = ("_first", "_packed", "unread")

    def __init__(self, line: bytes, first: bytes, unread: Unread) -> None:
        packer = zlib.compressobj(_LEVEL, wbits=_RAW, zdict=first[:_WINDOW])
        self._packed = packer.compress(line) + packer.flush()
        self._first = first
        self.unread = unread

    def line(self) -> bytes:
        """The text."""
        return zlib.decompressobj(_RAW, self._first[:_WINDOW]).decompress(self._packed)


class _OfLine(Mapping[str, _T]):
    """An object of a stored line, read when it is looked at."""

    __slots__ = ("_text",)

    def __init__(self, text: Text) -> None:
        self._text = text

    @abstractmethod
    def _data(self) -> Mapping[str, _T]: ...

    def __getitem__(self, key: str) -> _T:
        return self._data()[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._data())

    def __len__(self) -> int:
        return len(self._data())


class Attributes(_OfLine[Value]):
    """The attributes of a resource."""

    __slots__ = ()

    def _data(self) -> Mapping[str, Value]:
        return _content(self._text)[0]

    @property
    def unread(self) -> frozenset[str] | None:
        """The names of what exists but was not read; None where the source does not tell."""
        data = self._data()
        return data.unread if isinstance(data, Observed) else None

    def get(self, name: str, default: Any = None) -> Any:
        """As the object has it: what was not read is unknown, though it is not among the items."""
        return self._data().get(name, default)


class Identity(_OfLine[str]):
    """The texts by which other resources name a resource."""

    __slots__ = ()

    def _data(self) -> Mapping[str, str]:
        return _content(self._text)[1]


@lru_cache(maxsize=_KEPT)
def _content(text: Text) -> tuple[Mapping[str, Value], Mapping[str, str]]:
    """The attributes and the identity of a line that was checked when it was read."""
    data = json.loads(text.line())
    attributes = ValueReader(text.unread, data["type"]).value(data["attributes"], "").raw
    assert isinstance(attributes, Mapping)
    return attributes, data.get("identity", {})


class ValueReader:
    """Makes values of the stored data of one resource."""

    def __init__(self, unread: Unread, type_: str) -> None:
        self._unread = unread
        self._type = type_

    def value(self, data: Any, path: str) -> Value:
        """The value of the data at a path."""
        if data == SENSITIVE:
            return Value(MASK, sensitive=True)
        if isinstance(data, dict):
            if set(data) == {UNKNOWN} and path:
                return _unknown(data[UNKNOWN])
            items = {key: self.value(item, f"{path}.{key}" if path else key) for key, item in data.items()}
            return Value(self._unread.object(items, self._type, path))
        if isinstance(data, list):
            return Value(tuple(self.value(item, path) for item in data))
        return from_plain(data)


def _unknown(data: Any) -> Value:
    """An unknown value; one whose reason cannot be read is unknown all the same."""
    if not is_list(data) or len(data) != 3 or data[0] not in [item.value for item in Reason]:
        return Value(Unknown(Reason.UNREADABLE, "it was not read"))
    return Value(Unknown(Reason(data[0]), Words(data[1], data[2])))
