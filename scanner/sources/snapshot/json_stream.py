"""Large JSON files as streams: their items one after the other, within bounds.

ijson reads in C and holds one item at a time. Its input is watched on the way: an item without an end cannot fill the
memory, and neither can nesting, for each level of which ijson keeps the whole path.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from itertools import accumulate
from pathlib import Path
from typing import IO, Any, Final

import ijson

from scanner.sources.snapshot.files import Damaged, errors_of_zstandard, unpacked

MOST_DEEP: Final = 64
MAX_ITEM: Final = 8_000_000
"""The longest item in bytes: far more than any resource has."""

_PART: Final = 1 << 16
_STRING: Final = re.compile(rb'"(?:[^"\\]++|\\.)*+"', re.DOTALL)
_NO_BRACKETS: Final = bytes(set(range(256)) - set(b'[]{}"'))
_STEPS: Final = [-1 if code in b"]}" else code in b"[{" for code in range(256)]
_MOST_KEYS: Final = 2_000


class Bounded:
    """A file that refuses to be read on where an item grows too long, or is nested too deeply."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._since = 0
        self._depth = 0
        self._open = b""
        self._errors: tuple[type[Exception], ...] = (OSError, EOFError, zlib.error, *errors_of_zstandard())

    def read(self, size: int = -1) -> bytes:
        """The next bytes. Raises Damaged where the file cannot be read on."""
        try:
            data = self._file.read(size)
        except self._errors as error:
            raise Damaged(f"it is damaged: {error}") from error
        self._since += len(data)
        if self._since > MAX_ITEM + 2 * _PART:  # a part may end one item and begin another
            raise Damaged(f"an item is longer than {MAX_ITEM:,} bytes")
        self._measure(data)
        return data

    def begin(self) -> None:
        """Counts the bytes anew."""
        self._since = 0

    def _measure(self, data: bytes) -> None:
        """Follows the depth through the brackets that stand outside of strings."""
        bare = _STRING.sub(b"", self._open + data).partition(b'"')
        self._open = b""
        if bare[1]:  # the string goes on in the next part, perhaps in the middle of an escape
            text = bare[2] or data
            self._open = b'"' + (b"\\" if (len(text) - len(text.rstrip(b"\\"))) % 2 else b"")
        steps = map(_STEPS.__getitem__, bare[0].translate(None, _NO_BRACKETS))
        levels = list(accumulate(steps, initial=self._depth))
        if max(levels) > MOST_DEEP:
            raise Damaged("it is nested too deeply")
        self._depth = levels[-1]


def items(path: Path, prefix: str) -> Iterator[Any]:
    """What stands at a prefix of ijson (`configurationItems.item`), in every document of the file.

    Raises Damaged where the file is torn, no JSON, or beyond the bounds; what came before has been given by then.
    """
    with unpacked(path) as file:
        bounded = Bounded(file)
        found = ijson.items(bounded, prefix, multiple_values=True, use_float=True, buf_size=_PART)
        while True:
            try:
                item = next(found, _END)
            except (ijson.JSONError, ValueError, RecursionError, OverflowError) as error:
                raise Damaged(f"it is no JSON, or torn: {_short(error)}") from error
            if item is _END:
                return
            bounded.begin()
            yield item


_END: Final = object()


def events(path: Path) -> Iterator[tuple[str, str, Any]]:
    """The events of ijson: prefix, event, value. Raises Damaged as `items` does."""
    with unpacked(path) as file:
        bounded = Bounded(file)
        found = ijson.parse(bounded, multiple_values=True, use_float=True, buf_size=_PART)
        while True:
            try:
                event = next(found, None)
            except (ijson.JSONError, ValueError, RecursionError, OverflowError) as error:
                raise Damaged(f"it is no JSON, or torn: {_short(error)}") from error
            if event is None:
                return
            bounded.begin()
            yield event


def top_keys(path: Path) -> tuple[str, frozenset[str]]:
    """How the first document begins: `map` or `array` with the names of its own, or its first element's, keys.

    Nothing, and no names, where it is no JSON. Looks at the beginning only.
    """
    kind, names, own = "", set[str](), ""
    try:
        for count, (prefix, event, value) in enumerate(events(path)):
            if count == 0:
                kind = {"start_map": "map", "start_array": "array"}.get(event, "")
                own = "" if kind == "map" else "item"
            elif event == "map_key" and prefix == own:
                names.add(value)
            elif prefix == own and event == "end_map":
                break
            if not kind or count > _MOST_KEYS:
                break
    except Damaged:
        pass  # what was seen until then tells what it is; reading it will say that it is damaged
    return kind, frozenset(names)


def _short(error: Exception) -> str:
    return " ".join(str(error).split())[:120]
