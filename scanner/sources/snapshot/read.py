"""Reading snapshots: as a stream, and only the resource types that are asked for.

A kept resource holds the text of its line; its attributes are made of it when they are looked at, and forgotten again.
So a snapshot may be far larger than what its values would take in memory.
"""

from __future__ import annotations

import json
import re
import sys
from abc import abstractmethod
from collections.abc import Callable, Collection, Iterator, Mapping
from fnmatch import translate
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, NoReturn, TypeVar

from scanner.model.inventory import Inventory, Level, Notification
from scanner.model.observed import Observed
from scanner.model.resource import Origin, Resource
from scanner.model.value import MASK, Reason, Unknown, Value, from_plain
from scanner.sources.snapshot.files import Damaged, lines, unpacked
from scanner.sources.snapshot.header import Header, is_list, is_texts
from scanner.sources.snapshot.write import SENSITIVE, UNKNOWN

_T = TypeVar("_T")
_TYPE: Final = re.compile(rb'\{\s*"type"\s*:\s*"([^"\\]*)"')
_MOST_DEEP: Final = 64
_MOST_SAID: Final = 20
_KEPT: Final = 4096


class Snapshot:
    """A stored snapshot. What cannot be read of it is a notification, never an exception."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def header(self) -> Header | None:
        """How it was made; None where that cannot be read. Raises SourceError where there is no such file."""
        with unpacked(self.path) as file:
            try:
                return Header.from_data(_json(next(lines(file), b"")))
            except (Damaged, ValueError):
                return None

    def collect(self) -> Inventory:
        """Everything in it."""
        return self.of_types(None)

    def of_types(self, types: Collection[str] | None) -> Inventory:
        """The resources of some types (names, or patterns such as `azurerm_*`) and every notification.

        Raises SourceError where the file cannot be opened.
        """
        inventory = Inventory(inputs=[str(self.path)])
        for item in self.stream(types):
            if isinstance(item, Resource):
                inventory.resources.append(item)
            else:
                inventory.notifications.append(item)
        return inventory

    def stream(self, types: Collection[str] | None = None) -> Iterator[Resource | Notification]:
        """What `of_types` collects, one after the other."""
        wanted = None if types is None else matching(types)
        with unpacked(self.path) as file:
            try:
                yield from _Reading(self.path.name, wanted).items(lines(file))
            except Damaged as error:
                yield _unread(self.path.name, str(error))


def matching(types: Collection[str]) -> Callable[[str], bool]:
    """A test for resource types by names and patterns (`azurerm_*`)."""
    names = frozenset(type_ for type_ in types if "*" not in type_)
    patterns = [re.compile(translate(type_)) for type_ in sorted(types) if "*" in type_]
    return lambda type_: type_ in names or any(pattern.match(type_) for pattern in patterns)


class _Reading:
    """One pass over the lines."""

    def __init__(self, name: str, wanted: Callable[[str], bool] | None) -> None:
        self._name = name
        self._wanted = wanted
        self._malformed = 0
        self._unread = _Unread()

    def items(self, text: Iterator[bytes]) -> Iterator[Resource | Notification]:
        try:
            Header.from_data(_json(next(text, b"")))
        except ValueError as error:
            yield _unread(self._name, str(error))
            return
        for count, line in enumerate(text):
            if line.startswith(b'{"end"'):
                yield from self._end(line, count, text)
                return
            item = self._item(line, count + 2)
            if item is not None:
                yield item
        yield _unread(self._name, "it is torn: its end is missing")

    def _item(self, line: bytes, number: int) -> Resource | Notification | None:
        start = _TYPE.match(line)
        if start and self._wanted and not self._wanted(start[1].decode("utf-8", "replace")):
            return None
        try:
            return _read(line, self._unread)
        except ValueError as error:
            self._malformed += 1
            if self._malformed > _MOST_SAID:
                return None
            more = " (there may be more)" if self._malformed == _MOST_SAID else ""
            return _unread(self._name, f"line {number} cannot be used: {error}{more}")

    def _end(self, line: bytes, count: int, text: Iterator[bytes]) -> Iterator[Notification]:
        try:
            end = _json(line)
        except ValueError:
            end = {}
        if end != {"end": count}:
            yield _unread(self._name, f"its end speaks of {end.get('end')} lines, there are {count}")
        elif next(text, None) is not None:
            yield _unread(self._name, "there is something behind its end")


def _unread(name: str, what: str) -> Notification:
    """Anything may be missing because of it."""
    return Notification(Level.ERROR, f"the snapshot {name} could not be read in full: {what}")


def _json(line: bytes) -> Any:
    """JSON data. Raises ValueError for anything else, also where it is nested too deeply to be handled."""
    try:
        data = json.loads(line, parse_constant=_no_number)
    except RecursionError:
        raise ValueError("it is nested too deeply") from None
    except UnicodeDecodeError:
        raise ValueError("it is not UTF-8") from None
    except json.JSONDecodeError as error:
        raise ValueError(f"it is not JSON: {error.msg}") from None
    if line.count(b"{") + line.count(b"[") > _MOST_DEEP:
        _check_depth(data, _MOST_DEEP)
    return data


def _no_number(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number")


def _check_depth(data: object, left: int) -> None:
    if not left:
        raise ValueError("it is nested too deeply")
    for item in data.values() if isinstance(data, dict) else data if isinstance(data, list) else ():
        if isinstance(item, dict | list):
            _check_depth(item, left - 1)


class _Unread:
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


def _read(line: bytes, unread: _Unread) -> Resource | Notification | None:
    """What a line says; None where it only adds to `unread`. Raises ValueError for what cannot be used."""
    data = _json(line)
    if not isinstance(data, dict):
        raise ValueError("it is no object")
    if "notification" in data:
        return _notification(data["notification"])
    if "unread" in data:
        unread.add(data["unread"])
        return None
    root, undecided = data.get("root", ""), data.get("undecided")
    if not all(isinstance(text, str) and text for text in (data.get("type"), data.get("address"), data.get("origin"))):
        raise ValueError("type, address or origin is missing")
    if not isinstance(root, str) or not is_texts(data.get("identity", {})):
        raise ValueError("root or identity is malformed")
    if not isinstance(data.get("attributes"), dict):
        raise ValueError("its attributes are missing")
    return Resource(
        sys.intern(data["type"]),
        data["address"],
        Value(_Attributes(line, unread)),
        None,
        Origin(data["origin"]),
        sys.intern(root),
        None if undecided is None else _Reader(unread, "").value(undecided, "undecided"),
        _Identity(line, unread),
    )


def _notification(data: Any) -> Notification:
    hides: Any = data.get("hides", []) if isinstance(data, dict) else None
    if not is_list(hides) or not is_texts({**data, "hides": ""}):
        raise ValueError("its notification is malformed")
    return Notification(Level(data.get("level", Level.ERROR)), data.get("what", ""), None, tuple(hides))


class _OfLine(Mapping[str, _T]):
    """An object of a stored line, read when it is looked at."""

    __slots__ = ("_line", "_unread")

    def __init__(self, line: bytes, unread: _Unread) -> None:
        self._line = line
        self._unread = unread

    @abstractmethod
    def _data(self) -> Mapping[str, _T]: ...

    def __getitem__(self, key: str) -> _T:
        return self._data()[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._data())

    def __len__(self) -> int:
        return len(self._data())


class _Attributes(_OfLine[Value]):
    __slots__ = ()

    def _data(self) -> Mapping[str, Value]:
        return _content(self._line, self._unread)[0]

    def get(self, name: str, default: Any = None) -> Any:
        """As the object has it: what was not read is unknown, though it is not among the items."""
        return self._data().get(name, default)


class _Identity(_OfLine[str]):
    __slots__ = ()

    def _data(self) -> Mapping[str, str]:
        return _content(self._line, self._unread)[1]


@lru_cache(maxsize=_KEPT)
def _content(line: bytes, unread: _Unread) -> tuple[Mapping[str, Value], Mapping[str, str]]:
    """The attributes and the identity of a line that was checked when it was read."""
    data = json.loads(line)
    attributes = _Reader(unread, data["type"]).value(data["attributes"], "").raw
    assert isinstance(attributes, Mapping)
    return attributes, data.get("identity", {})


class _Reader:
    """Makes values of the stored data of one resource."""

    def __init__(self, unread: _Unread, type_: str) -> None:
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
    reason, detail = data if isinstance(data, list) and len(data) == 2 else (Reason.UNREADABLE, "it was not read")
    known = reason in [item.value for item in Reason]
    return Value(Unknown(Reason(reason) if known else Reason.UNREADABLE, str(detail)))
