"""Reading files as they would be after an edit that has not been made: every reader of code gets its bytes here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path

_EDITED: ContextVar[Mapping[Path, bytes] | None] = ContextVar("edited files", default=None)


@contextmanager
def edited(files: Mapping[Path, bytes]) -> Iterator[None]:
    """While it lasts, the files (absolute, resolved paths) read as if they held these bytes."""
    token = _EDITED.set(files)
    try:
        yield
    finally:
        _EDITED.reset(token)


def pending(path: Path) -> bytes | None:
    """What a file would hold after the edit; None where it is not edited."""
    files = _EDITED.get()
    return files.get(path.resolve()) if files else None


def read_bytes(path: Path) -> bytes:
    """The bytes of a file. Raises OSError."""
    data = pending(path)
    return path.read_bytes() if data is None else data
