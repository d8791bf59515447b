"""Checked policies and baselines kept between runs, so that a warm start reads no YAML and no schema.

Entries are found by the hash of a file's content, together with the tool's version and the files that checking
depends on. They are JSON: safe to read whoever wrote them, safe to delete, written whole or not at all.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeVar

from scanner import __version__
from scanner.documents.whole import keep

T = TypeVar("T")
_PACKAGE = Path(__file__).resolve().parent.parent
_ENABLED_UNLESS = "ASBUILT_NO_CACHE"


def default_directory() -> Path | None:
    """`$XDG_CACHE_HOME/asbuilt` or `~/.cache/asbuilt`; None where ASBUILT_NO_CACHE is set or there is no home."""
    if os.environ.get(_ENABLED_UNLESS):
        return None
    configured = os.environ.get("XDG_CACHE_HOME", "")
    if configured and Path(configured).is_absolute():
        return Path(configured) / "asbuilt"
    try:
        return Path.home() / ".cache" / "asbuilt"
    except RuntimeError:
        return None


def content_hash(data: bytes) -> str:
    """What identifies a file's content."""
    return hashlib.blake2b(data, digest_size=16).hexdigest()


class Cache:
    """A bundle of entries by key (`name:content hash`) in one file; a Cache without a directory remembers nothing."""

    def __init__(self, directory: Path | None, name: str) -> None:
        self._file: Path | None = None
        self._entries: dict[str, Any] = {}
        self._changed = False
        if directory is not None:
            self._file = directory / f"{name}-{content_hash(f'{name}{_fingerprint()}'.encode())[:12]}.json"
            self._entries = _read(self._file)

    def restored(self, key: str, restore: Callable[[Any], T | None]) -> T | None:
        """What `restore` makes of the entry for a key; None without one, or where it has not the expected shape."""
        entry = self._entries.get(key)
        if entry is None:
            return None
        try:
            return restore(entry)
        except (KeyError, TypeError, ValueError, IndexError, AttributeError):
            return None

    def put(self, name: str, key: str, entry: Any) -> None:
        """Keeps an entry in place of an earlier one of the same name; `save` writes it."""
        for stale in [other for other in self._entries if other.startswith(f"{name}:")]:
            del self._entries[stale]
        self._entries[key] = entry
        self._changed = True

    def save(self) -> None:
        """Writes what is new."""
        if self._file is not None and self._changed:
            keep(self._file, json.dumps(self._entries, ensure_ascii=False, separators=(",", ":")))
            self._changed = False


def _read(file: Path) -> dict[str, Any]:
    try:
        data = json.loads(file.read_bytes())
    except (OSError, ValueError, RecursionError):
        return {}
    return data if isinstance(data, dict) else {}


def _fingerprint() -> str:
    """The version and, because a checkout keeps its version, the state of the code and data that checking uses."""
    parts = [__version__]
    for directory in ("documents", "policy", "policy/functions", "model", "facts", "facts/schemas", "facts/defaults"):
        with suppress(OSError), os.scandir(_PACKAGE / directory) as entries:
            for entry in sorted(entries, key=lambda item: item.name):
                if entry.is_file():
                    status = entry.stat()
                    parts.append(f"{entry.name}:{status.st_mtime_ns}:{status.st_size}")
    return "\n".join(parts)
