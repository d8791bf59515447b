"""Files as such: that they are there, and what stands in them. Read only where a rule asks for them."""

from __future__ import annotations

import stat
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

from scanner.model.location import Location
from scanner.model.resource import Origin, Resource
from scanner.model.value import Reason, Value, unknown
from scanner.sources.manifests.files import Files

TYPE: Final = "file"
MAX_SIZE: Final = 1_000_000


def read_files(paths: Sequence[Path], base: Path) -> list[Resource]:
    """Every file below the paths: `path` (its address too), `name`, `executable` (for its owner) and `content`.

    The content is read when a rule looks at it, is unknown where it is larger than a megabyte or no text, and is
    never printed.
    """
    files = Files(base, (TYPE,), every=True)
    return [_resource(files, path) for path, _ in files.find(paths)]


def _resource(files: Files, path: Path) -> Resource:
    name = files.relative(path)
    place = Location(name, 1)
    return Resource(TYPE, name, Value(_Attributes(files, path, name, place), place), place, Origin.MANIFEST)


class _Attributes(Mapping[str, Value]):
    """The attributes of one file, its content read at most once."""

    def __init__(self, files: Files, path: Path, name: str, place: Location) -> None:
        self._files = files
        self._path = path
        self._place = place
        self._known = {"path": Value(name, place), "name": Value(path.name, place)}

    def __getitem__(self, key: str) -> Value:
        if key == "content" and key not in self._known:
            self._known[key] = self._content()
        elif key == "executable" and key not in self._known:
            self._known[key] = self._executable()
        return self._known[key]

    def __iter__(self) -> Iterator[str]:
        return iter(("path", "name", "executable", "content"))

    def __len__(self) -> int:
        return 4

    def _executable(self) -> Value:
        try:
            return Value(bool(self._path.stat().st_mode & stat.S_IXUSR), self._place)
        except OSError:
            return unknown(Reason.UNREADABLE, "the file cannot be read", location=self._place)

    def _content(self) -> Value:
        data = self._files.data(self._path)
        if data is None or len(data) > MAX_SIZE:
            what = "the file cannot be read" if data is None else f"the file is larger than {MAX_SIZE} bytes"
            return unknown(Reason.UNREADABLE, what, location=self._place)
        try:
            return Value(bytes(data).decode("utf-8-sig"), self._place, sensitive=True)
        except UnicodeDecodeError:
            return unknown(Reason.UNREADABLE, "the file is no UTF-8 text", location=self._place)
