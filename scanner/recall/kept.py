"""Results of earlier runs by the state that they were made from; none is given out unless every input is the same.

A file of JSON in the cache directory: safe to delete, written whole or not at all, the last of two writers wins.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, NamedTuple

from scanner.documents.whole import keep
from scanner.recall.tree import Tree, reverted, tree_id

_MOST: Final = 4
"""So many states are kept: that of the last commit, and those on the way to the next."""


class Content(NamedTuple):
    """What identifies a file's bytes: by a hash that nobody can forge, and as git names them (SHA-1 repositories)."""

    id: str
    blob: str


class Contents:
    """The content of files, each read at most once."""

    def __init__(self) -> None:
        self._known: dict[str, Content | None] = {}

    def of(self, path: str) -> Content | None:
        """What identifies the bytes of a file now; None where it cannot be read."""
        if path not in self._known:
            self._known[path] = _content(path)
        return self._known[path]


@dataclass(slots=True)
class Entry:
    """One result and what it was made from.

    day     the day of the run; waivers, sign-offs and supported versions end on one
    tree    id of the repository's tree (scanner.recall.tree)
    files   every file that was opened, by absolute path; None for one that could not be read
    rules   those of them that say what is checked, not what is checked against
    result  what the run decided, as JSON data
    """

    day: str
    tree: str
    files: dict[str, list[str] | None]
    rules: list[str]
    result: Any


class Kept:
    """The entries of one question: program, settings and place; without a directory nothing is remembered."""

    def __init__(self, directory: Path | None, question: Iterable[str]) -> None:
        name = hashlib.blake2b("\0".join(question).encode("utf-8", "surrogateescape"), digest_size=10).hexdigest()
        self._file = directory / f"hook-{name}.json" if directory is not None else None
        self._changed = False
        self._entries, self._noted = _read(self._file) if self._file is not None else ([], {})

    def same(self, day: str, tree: str, contents: Contents) -> Entry | None:
        """The entry that was made from exactly this state."""
        for entry in self._entries:
            if entry.day == day and entry.tree == tree and _unchanged(entry, {}, contents):
                return entry
        return None

    def same_but(
        self, day: str, tree: Tree, words: Mapping[str, str], objects: Mapping[str, str], contents: Contents
    ) -> Entry | None:
        """The entry that was made from this state with some files as they were.

        `words` are theirs in the tree, empty for a file that was not there; `objects` are git's, by absolute path.
        None also where those do not tell it for certain.
        """
        id_ = tree_id(reverted(tree, words))
        for entry in self._entries:
            if entry.day == day and entry.tree == id_ and _unchanged(entry, objects, contents):
                self.put(entry)
                return entry
        return None

    def put(self, entry: Entry) -> None:
        """Keeps an entry; those that were not used for longest give way."""
        others = [other for other in self._entries if other.day == entry.day and other is not entry]
        self._changed = self._changed or all(other is not entry for other in self._entries)
        self._entries = [entry, *others][:_MOST]

    def noted(self, key: str) -> Any:
        """What was noted under a key that stands for all that it was made from; None where nothing was."""
        return self._noted.get(key)

    def note(self, key: str, what: Any) -> None:
        """Notes something; the oldest notes give way."""
        self._changed = True
        self._noted[key] = what
        self._noted = dict(list(self._noted.items())[-_MOST:])

    def save(self) -> None:
        """Writes what is new."""
        if self._file is not None and self._changed:
            keep(self._file, json.dumps([*map(_dumped, self._entries), self._noted], separators=(",", ":")))


def _unchanged(entry: Entry, earlier: Mapping[str, str], contents: Contents) -> bool:
    """Whether every opened file holds what it held; those in `earlier` (absolute paths) are taken by git's object."""
    for path, known in entry.files.items():
        if path in earlier:
            if known is None or known[1] != earlier[path]:
                return False
        elif (list(found) if (found := contents.of(path)) else None) != known:
            return False
    return True


def _content(path: str) -> Content | None:
    try:
        data = Path(path).read_bytes()
    except (OSError, ValueError):
        return None
    blob = hashlib.sha1(b"blob %d\0" % len(data), usedforsecurity=False)
    blob.update(data)
    return Content(hashlib.blake2b(data, digest_size=16).hexdigest(), blob.hexdigest())


def _dumped(entry: Entry) -> list[Any]:
    return [entry.day, entry.tree, entry.files, entry.rules, entry.result]


def _read(file: Path) -> tuple[list[Entry], dict[str, Any]]:
    try:
        *entries, noted = json.loads(file.read_bytes())
        return [_entry(item) for item in entries], {**noted}
    except (OSError, ValueError, TypeError, RecursionError):
        return [], {}


def _entry(item: Sequence[Any]) -> Entry:
    """Raises TypeError or ValueError for what was not written here."""
    day, tree, files, rules, result = item
    if not isinstance(files, dict) or not isinstance(rules, list) or not isinstance(result, dict):
        raise TypeError("no entry")
    return Entry(day, tree, files, rules, result)
