"""JSON exports of any size: their items one after the other, however many documents follow each other in a file."""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import Any, Final

from scanner.documents import stream
from scanner.documents.stream import JsonStream
from scanner.sources.snapshot.files import Damaged, errors_of_zstandard, unpacked

MAX_ITEM: Final = 8_000_000
"""The longest item in characters: far more than any resource has."""
_HEAD: Final = 1 << 20


@contextmanager
def _opened(path: Path) -> Iterator[JsonStream]:
    """The text of a file. Whatever is wrong with it is Damaged, whoever finds it."""
    with unpacked(path) as file:
        try:
            yield JsonStream(file, MAX_ITEM)
        except stream.Damaged as error:
            raise Damaged(f"it is no JSON, or torn: {error}") from error
        except _unreadable() as error:
            raise Damaged(" ".join(str(error).split())[:120]) from error


def _unreadable() -> tuple[type[Exception], ...]:
    """What reading a file, packed or not, may raise."""
    return (OSError, EOFError, zlib.error, *errors_of_zstandard())


def items(path: Path, key: str | None = None) -> Iterator[Any]:
    """The elements of the list that every document has under `key`, or is itself; a document that is no list is one.

    Raises Damaged where the file is torn, no JSON, or beyond the bounds; what came before has been given by then.
    """
    with _opened(path) as text:
        while first := text.peek():
            if key is None and first == "{":
                yield text.value()
            elif key is None:
                yield from _elements(text)
            else:
                for name in text.members():
                    if name == key:
                        yield from _elements(text)
                    else:
                        text.skip()


def _elements(text: JsonStream) -> Iterator[Any]:
    for _ in text.elements():
        yield text.value()


def heads(path: Path, keys: Sequence[str]) -> Iterator[dict[str, Any]]:
    """What every document of the file has under some keys. Raises Damaged as `items` does."""
    with _opened(path) as text:
        while text.peek():
            found: dict[str, Any] = {}
            for name in text.members():
                if name in keys:
                    found[name] = text.value()
                else:
                    text.skip()
            yield found


def top_keys(path: Path) -> tuple[str, frozenset[str]]:
    """How the first document begins: `map` or `array` with the names of its own, or its first element's, keys.

    Nothing, and no names, where it is no JSON. Looks at the beginning only.
    """
    kind, names = "", set[str]()
    odd: tuple[type[Exception], ...] = (stream.Damaged, *_unreadable())
    try:
        with unpacked(path) as file:
            text = JsonStream(BytesIO(file.read(_HEAD)))
        kind = {"{": "map", "[": "array"}.get(text.peek(), "")
        if kind == "array":
            next(text.elements(), None)
        if kind:
            for name in text.members():
                names.add(name)
                text.skip()
    except odd:
        pass  # what was seen until then tells what it is; reading it will say that it is damaged
    return kind, frozenset(names)
