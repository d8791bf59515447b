"""Where reports go: standard output or a file, which is written whole or not at all."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from scanner.cli.streams import emit
from scanner.errors import UsageError

FORMATS: Final = ("text", "json", "sarif", "html", "junit", "gitlab", "csv", "markdown", "github")
"""As in scanner.reports.formats, which is not imported before a report is written."""
_MAX_WIDTH: Final = 110


@dataclass(frozen=True, slots=True)
class Target:
    """A report to write: its format, and its file unless it goes to standard output."""

    format: str
    path: Path | None = None


def targets(formats: Sequence[str], output: str | None) -> list[Target]:
    """Reads `--format FORMAT[=FILE]` and `--output`; at most one report may go to standard output.

    Raises UsageError for what is no format, two reports for one place, or a directory that does not exist.
    """
    made = [_target(text) for text in formats or ("text",)]
    if output is not None:
        free = [at for at, target in enumerate(made) if target.path is None]
        if len(free) != 1:
            raise UsageError("--output needs exactly one --format without a file of its own")
        made[free[0]] = Target(made[free[0]].format, _file(output))
    places = [target.path for target in made]
    if places.count(None) > 1:
        raise UsageError(
            "only one report can go to standard output", hint="give the others a file: --format sarif=report.sarif"
        )
    for place in places:
        if place is not None and places.count(place) > 1:
            raise UsageError(f"two reports for one file: {place}")
    return made


def _target(text: str) -> Target:
    name, equals, file = text.partition("=")
    if name not in FORMATS:
        from scanner.policy.yaml_nodes import nearest

        raise UsageError(f"there is no format {name!r}", hint=nearest(name, FORMATS))
    if equals and not file:
        raise UsageError(f"--format {text}: the file name is missing")
    return Target(name, _file(file) if file and file != "-" else None)


def _file(name: str) -> Path:
    path = Path(name)
    if path.is_dir():
        raise UsageError(f"{name} is a directory, not a file to write to")
    if not path.parent.is_dir():
        raise UsageError(f"the directory {path.parent} does not exist", hint=f"it should take the file {path.name}")
    return path


def write(target: Target, text: str | Iterable[str]) -> None:
    """Puts a report, or its pieces, where it belongs, in UTF-8. Raises UsageError where the file cannot be written."""
    pieces = (text,) if isinstance(text, str) else text
    if target.path is None:
        for piece in pieces:
            emit(piece)
        return
    try:
        replace_file(target.path, b"".join(piece.encode("utf-8", "backslashreplace") for piece in pieces))
    except OSError as error:
        raise UsageError(f"cannot write {target.path}: {error.strerror}") from error


def replace_file(path: Path, data: bytes) -> None:
    """Readers see the old content or the new, never a part; what is no regular file (a pipe) is written directly."""
    if path.exists() and not path.is_file():
        path.write_bytes(data)
        return
    final = path.resolve()
    draft = final.with_name(f".{final.name}.{os.getpid()}.part")
    try:
        draft.write_bytes(data)
        if final.exists():
            draft.chmod(stat.S_IMODE(final.stat().st_mode))
        draft.replace(final)
    except OSError:
        with suppress(OSError):
            draft.unlink()
        raise


def use_color(*, wanted: bool) -> bool:
    """Whether standard output takes colour: a terminal, unless `--no-color`, NO_COLOR or TERM=dumb say otherwise."""
    plain = os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb"
    return wanted and not plain and sys.stdout.isatty()


def terminal_width() -> int:
    """Cells to write in: the terminal's or COLUMNS, 80 where neither is known, never too many to read well."""
    from shutil import get_terminal_size

    return min(get_terminal_size((80, 24)).columns, _MAX_WIDTH)
