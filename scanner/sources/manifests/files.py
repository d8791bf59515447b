"""Finding and reading the files that may be manifests, within the scanned directory."""

from __future__ import annotations

import mmap
import os
import re
import stat
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final, TypeAlias

from scanner.documents.edited import read_bytes
from scanner.model.inventory import Level, Notification
from scanner.model.location import Location

Bytes: TypeAlias = "bytes | mmap.mmap"

MAX_FILE_SIZE: Final = 20_000_000
_SKIPPED: Final = frozenset(
    {".git", ".hg", ".svn", ".terraform", ".terragrunt-cache", "node_modules", "vendor", "__pycache__",
     ".venv", ".tox", ".nox", ".cache", ".pytest_cache", ".mypy_cache", ".ruff_cache", ".idea"}
)  # fmt: skip
_STRUCTURED: Final = (".yaml", ".yml", ".json")
_NOT_OURS: Final = (".tf.json", ".tofu.json", ".tfvars.json", ".tfstate.json")
_NAMES: Final = re.compile(
    r"(?i)(?:docker|container)file(?:[.\-_].*)?|.*\.(?:docker|container)file|\.env(?:\..*)?|.*\.env|kustomization"
)
_HEAD: Final = 8192
_FROM: Final = (
    rb"(?:\xef\xbb\xbf)?(?:[ \t]*(?:#[^\n]*|ARG[ \t][^\n]*)?\r?\n)*[ \t]*FROM[ \t]+(?:--platform=\S+[ \t]+)?"
    rb"[\w.${][\w./:@${}\-]*(?:[ \t]+AS[ \t]+\S+)?[ \t]*\r?(?:\n|\Z)"
)
_LOCK: Final = ".#"  # what Emacs leaves beside a file that is being edited
_NO_SUFFIX: Final = re.compile(r"[^.]+")


class Files:
    """Walks below `base` and reads files; keeps `notifications` of what cannot be read.

    hides   the resource types that any of the files may hold
    every   whether all files are found, not only those that may be manifests
    """

    def __init__(self, base: Path, hides: tuple[str, ...], *, every: bool = False) -> None:
        self.base = base.resolve()
        self._every = every
        self._hides = hides
        self.notifications: list[Notification] = []

    def note(self, what: str, path: str) -> None:
        """Records something that could not be read."""
        self.notifications.append(Notification(Level.ERROR, what, Location(path, 1), self._hides))

    def relative(self, path: Path) -> str:
        """The path as locations name it."""
        return path.relative_to(self.base).as_posix() if path.is_relative_to(self.base) else path.as_posix()

    def inside(self, path: Path) -> bool:
        """Whether a path, with its symbolic links resolved, is within the scanned directory."""
        try:
            return path.resolve().is_relative_to(self.base)
        except (OSError, RuntimeError):
            return False

    def find(self, paths: Sequence[Path]) -> Iterator[tuple[Path, bool]]:
        """The files that may be manifests, each once, and whether it was named itself."""
        seen: set[str] = set()
        for path in paths:
            if not path.is_dir():
                found = os.path.realpath(path)
                if found not in seen:
                    seen.add(found)
                    yield path, True
        for path in paths:
            if path.is_dir():
                for file in self._walk(path, seen):
                    yield file, False

    def _walk(self, start: Path, seen: set[str]) -> Iterator[Path]:
        waiting = [start]
        while waiting:
            directory = waiting.pop()
            real = os.path.realpath(directory)
            if real in seen:
                continue
            seen.add(real)
            if not self.inside(directory):
                what = "the directory is a link that leads outside of the scanned directory"
                self.note(what, self.relative(directory))
                continue
            try:
                entries = sorted(os.scandir(directory), key=lambda entry: entry.name)
            except OSError as error:
                self.note(f"the directory cannot be read: {error.strerror}", self.relative(directory))
                continue
            if directory != start and any(entry.name == "pyvenv.cfg" for entry in entries):
                continue
            waiting.extend(directory / entry.name for entry in reversed(entries) if _is_entered(entry))
            for entry in entries:
                if not _is_directory(entry) and (self._every or is_candidate(entry.name)):
                    file = directory / entry.name
                    real_file = os.path.realpath(file) if entry.is_symlink() else f"{real}/{entry.name}"
                    if real_file not in seen and (self._every or is_named_well(entry.name) or _builds(file)):
                        seen.add(real_file)
                        yield file

    def data(self, path: Path) -> Bytes | None:
        """The bytes of a file, mapped instead of read where there are too many; None where it cannot be read."""
        name = self.relative(path)
        try:
            status = path.stat()
            if path.is_symlink() and not self.inside(path):
                self.note("the file is a link that leads outside of the scanned directory", name)
                return None
            if not stat.S_ISREG(status.st_mode):
                self.note("this is no regular file", name)
                return None
            if status.st_size <= MAX_FILE_SIZE:
                return read_bytes(path)
            with path.open("rb") as file:
                return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        except OSError as error:
            self.note(f"the file cannot be read: {error.strerror}", name)
            return None

    def neighbour(self, name: str) -> str | None:
        """The text of another file below the scanned directory; None where it cannot be read."""
        path = self.base / name
        try:
            if not self.inside(path) or not path.is_file() or path.stat().st_size > MAX_FILE_SIZE:
                return None
            return read_bytes(path).decode("utf-8-sig", errors="replace")
        except OSError:
            return None


def is_candidate(name: str) -> bool:
    """Whether a file of this name is worth opening."""
    return is_named_well(name) or _NO_SUFFIX.fullmatch(name) is not None


def is_named_well(name: str) -> bool:
    """Whether the name alone says what kind of file it may be."""
    if name.endswith(_STRUCTURED):
        return not name.endswith(_NOT_OURS) and not name.startswith(_LOCK)
    return _NAMES.fullmatch(name) is not None


def _builds(path: Path) -> bool:
    """Whether a file without a telling name starts as a Dockerfile does."""
    try:
        if not path.is_file():
            return False
        with path.open("rb") as file:
            return starts_as_dockerfile(file.read(_HEAD))
    except OSError:
        return False


def starts_as_dockerfile(data: Bytes) -> bool:
    """Whether the first instruction is FROM, after comments and build arguments."""
    return re.match(_FROM, data[:_HEAD], re.IGNORECASE) is not None


def _is_entered(entry: os.DirEntry[str]) -> bool:
    return entry.name not in _SKIPPED and _is_directory(entry)


def _is_directory(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a link that leads to itself
        return False
