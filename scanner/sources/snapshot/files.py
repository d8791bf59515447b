"""The files of snapshots: compressed by suffix, written whole or not at all, read line by line within bounds."""

from __future__ import annotations

import gzip
import io
import os
import zlib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import IO, Any, Final, cast

from scanner.errors import SourceError

GZIP: Final = ".gz"
ZSTANDARD: Final = ".zst"
MAX_LINE: Final = 16_000_000
"""The longest line that is read: far more than any resource has."""

_NAMES: Final = (".jsonl", f".jsonl{GZIP}", f".jsonl{ZSTANDARD}", f".json{GZIP}")
_BUFFER: Final = 1 << 20


class Damaged(Exception):
    """The file cannot be read on from here; the message says why."""


@contextmanager
def written(path: Path) -> Iterator[IO[bytes]]:
    """A new file: it appears under its name when all of it is on the disk, and not at all where writing fails.

    Raises SourceError where it cannot be written.
    """
    final = path.resolve()
    draft = final.with_name(f".{final.name}.{os.getpid()}.part")
    try:
        with ExitStack() as stack:
            plain = stack.enter_context(draft.open("wb"))
            packed = stack.enter_context(_packed(plain, path.suffix))
            yield packed
            packed.close()
            plain.flush()
            os.fsync(plain.fileno())
        draft.replace(final)
        _settle(final.parent)
    except OSError as error:
        raise SourceError(f"cannot write {path}: {error.strerror or error}") from error
    finally:
        with suppress(OSError):
            draft.unlink()


def _packed(plain: IO[bytes], suffix: str) -> IO[bytes]:
    if suffix == GZIP:
        # No name and no time of its own: the same content gives the same file.
        raw = gzip.GzipFile(filename="", mode="wb", compresslevel=6, fileobj=plain, mtime=0)
        return cast("IO[bytes]", io.BufferedWriter(cast("Any", raw), _BUFFER))
    if suffix == ZSTANDARD:
        return cast("IO[bytes]", _zstandard().ZstdCompressor(level=6).stream_writer(plain, closefd=False))
    return io.BufferedWriter(cast("io.RawIOBase", _Open(plain)), _BUFFER)


class _Open(io.RawIOBase):
    """A file that stays open when its buffer is closed, so that it can be put on the disk."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file

    def writable(self) -> bool:
        """It is."""
        return True

    def write(self, data: Any) -> int:
        """Writes to the file."""
        return self._file.write(data)


def _settle(directory: Path) -> None:
    """Puts the new name on the disk, where the system can do that for directories."""
    with suppress(OSError):
        handle = os.open(directory, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def stored(path: Path) -> list[Path]:
    """The files of a directory that are snapshots by their names, in the order of these; a file is itself.

    Raises SourceError for a directory without any.
    """
    if not path.is_dir():
        return [path]
    found = sorted(file for file in path.iterdir() if file.name.endswith(_NAMES) and not file.name.startswith("."))
    if not found:
        raise SourceError(f"there is no snapshot in {path}", hint=f"files ending in {', '.join(_NAMES)} are taken")
    return found


@contextmanager
def unpacked(path: Path) -> Iterator[IO[bytes]]:
    """The content of a file. Raises SourceError where it cannot be opened."""
    try:
        plain = path.open("rb")
    except OSError as error:
        raise SourceError(f"cannot read {path}: {error.strerror}") from error
    with ExitStack() as stack:
        stack.enter_context(plain)
        if path.suffix == GZIP:
            yield stack.enter_context(cast("IO[bytes]", gzip.GzipFile(fileobj=plain, mode="rb")))
        elif path.suffix == ZSTANDARD:
            stream = _zstandard().ZstdDecompressor().stream_reader(plain, read_across_frames=True)
            yield stack.enter_context(io.BufferedReader(cast("io.RawIOBase", stream), _BUFFER))
        else:
            yield plain


def lines(file: IO[bytes]) -> Iterator[bytes]:
    """The lines without their ends; the last one may lack it. Raises Damaged where the file cannot be read on."""
    errors: tuple[type[Exception], ...] = (OSError, EOFError, zlib.error, *errors_of_zstandard())
    while True:
        try:
            line = file.readline(MAX_LINE + 1)
        except errors as error:
            raise Damaged(f"it is damaged: {error}") from error
        if not line:
            return
        if len(line) > MAX_LINE:
            raise Damaged(f"a line is longer than {MAX_LINE:,} bytes")
        yield line.rstrip(b"\r\n")


def _zstandard() -> Any:
    try:
        import zstandard
    except ImportError as error:
        raise SourceError(
            f"files ending in {ZSTANDARD} need the package zstandard",
            hint="pip install 'asbuilt[zstd]', or use a name that ends in .gz",
        ) from error
    return zstandard


def errors_of_zstandard() -> tuple[type[Exception], ...]:
    """Its error, where the package is in use at all."""
    import sys

    module = sys.modules.get("zstandard")
    return (module.ZstdError,) if module is not None else ()
