"""Where policies and baselines are: beside the package in a checkout, inside it once installed."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent.parent


def directory(name: str) -> Path:
    """The directory `policies` or `baselines` of this installation."""
    installed = _PACKAGE / "_data" / name
    return installed if installed.is_dir() else _PACKAGE.parent / name


def shown(path: Path) -> str:
    """A file as messages name it: relative to the working directory where it lies below."""
    working = Path.cwd()
    absolute = path.absolute()
    return absolute.relative_to(working).as_posix() if absolute.is_relative_to(working) else str(path)
