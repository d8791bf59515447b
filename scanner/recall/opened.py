"""Which files a piece of work opens, whoever opens them: reported by the interpreter itself, so none is missed."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, NamedTuple

_COMPILED: Final = (".pyc", ".so", ".pyd")
_PROGRAM: Final = tuple(f"{place}{os.sep}" for place in {sys.prefix, sys.base_prefix, *filter(None, sys.path)})


class Status(NamedTuple):
    """What changes with the content of a file; equal before and after the work, the content was one and the same."""

    modified: int
    size: int
    inode: int


class _Recorder:
    """The one audit hook of the process (they cannot be taken away), silent unless something is recorded."""

    def __init__(self) -> None:
        self.installed = False
        self.found: dict[str, Status | None] | None = None
        self.always = ""

    def __call__(self, event: str, arguments: tuple[Any, ...]) -> None:
        if event == "open" and self.found is not None and isinstance(arguments[0], str | bytes | os.PathLike):
            path = os.path.abspath(os.fsdecode(arguments[0]))  # noqa: PTH100 a link is a name of its own
            if path not in self.found and not self._of_the_program(path):
                self.found[path] = status_of(path)

    def _of_the_program(self, path: str) -> bool:
        if not path.startswith(_PROGRAM):
            return False
        return path.endswith(_COMPILED) or (path.endswith(".py") and not path.startswith(self.always))


_RECORDER: Final = _Recorder()


@contextmanager
def opened(below: str) -> Iterator[dict[str, Status | None]]:
    """While it lasts, takes up every file that is opened: absolute path, and its status just before (None: none).

    Modules that the interpreter loads are left out, unless their source lies in the directory `below`. Does not nest.
    """
    if not _RECORDER.installed:
        sys.addaudithook(_RECORDER)
        _RECORDER.installed = True
    found: dict[str, Status | None] = {}
    _RECORDER.found, _RECORDER.always = found, f"{below}{os.sep}"
    try:
        yield found
    finally:
        _RECORDER.found = None


def status_of(path: str) -> Status | None:
    """The status of a file now; None where there is none to be had."""
    try:
        status = Path(path).stat()
    except (OSError, ValueError):
        return None
    return Status(status.st_mtime_ns, status.st_size, status.st_ino)
