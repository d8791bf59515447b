"""Reading snapshots: as a stream, and only the resource types that are asked for."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable, Collection, Iterable, Iterator
from fnmatch import translate
from pathlib import Path
from typing import Any, Final, NoReturn

from scanner.model.inventory import Inventory, Level, Notification
from scanner.model.resource import Origin, Resource
from scanner.model.value import Value
from scanner.sources.snapshot.files import Damaged, lines, unpacked
from scanner.sources.snapshot.header import Header, is_list, is_texts
from scanner.sources.snapshot.kept import Attributes, Identity, Text, Unread, ValueReader
from scanner.sources.snapshot.write import snapshot_lines

_TYPE: Final = re.compile(rb'\{\s*"type"\s*:\s*"([^"\\]*)"')
_MOST_DEEP: Final = 64
_MOST_SAID: Final = 20


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
                yield from Reading(self.path.name, wanted).items(lines(file))
            except Damaged as error:
                yield _unread(self.path.name, str(error))


def matching(types: Collection[str]) -> Callable[[str], bool]:
    """A test for resource types by names and patterns (`azurerm_*`)."""
    names = frozenset(type_ for type_ in types if "*" not in type_)
    patterns = [re.compile(translate(type_)) for type_ in sorted(types) if "*" in type_]
    return lambda type_: type_ in names or any(pattern.match(type_) for pattern in patterns)


def packed(found: Iterable[Resource | Notification]) -> Iterator[Resource | Notification]:
    """What a source yields, kept as it would be stored: many accounts take no more memory than their snapshot."""
    return Reading("of this run").items(snapshot_lines(Header("", ""), found))


class Reading:
    """Reads the lines of a snapshot, or of several snapshots of one source. What of it is kept takes little memory."""

    def __init__(self, name: str, wanted: Callable[[str], bool] | None = None) -> None:
        self._name = name
        self._wanted = wanted
        self._malformed = 0
        self._unread = Unread()
        self._first: dict[bytes, bytes] = {}

    def items(self, text: Iterator[bytes]) -> Iterator[Resource | Notification]:
        """What the lines of a whole snapshot hold, and what of them cannot be read."""
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
        # Lines of one type are much alike: each is kept as what differs from the first.
        first = self._first.setdefault(start[1], line) if start else b""
        try:
            return _read(line, self._unread, first)
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


def _read(line: bytes, unread: Unread, first: bytes) -> Resource | Notification | None:
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
    text = Text(line, first, unread)
    return Resource(
        sys.intern(data["type"]),
        data["address"],
        Value(Attributes(text)),
        None,
        Origin(data["origin"]),
        sys.intern(root),
        None if undecided is None else ValueReader(unread, "").value(undecided, "undecided"),
        Identity(text),
    )


def _notification(data: Any) -> Notification:
    hides: Any = data.get("hides", []) if isinstance(data, dict) else None
    if not is_list(hides) or not is_texts({**data, "hides": ""}):
        raise ValueError("its notification is malformed")
    return Notification(Level(data.get("level", Level.ERROR)), data.get("what", ""), None, tuple(hides))
