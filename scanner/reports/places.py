"""How people read places: relative to where they are."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

from scanner.model.location import Location
from scanner.model.report import Report

Show: TypeAlias = Callable[[Location], str]


def as_reported(place: Location) -> str:
    """`path:line:column`, the path as the report has it."""
    return str(place)


def from_directory(base: str, directory: str) -> Show:
    """Places of a report with this base, as seen from a directory (so that editors and terminals find the file)."""
    if os.path.realpath(base) == os.path.realpath(directory):
        return as_reported
    paths: dict[str, str] = {}

    def show(place: Location) -> str:
        path = paths.get(place.path)
        if path is None:
            path = os.path.relpath(Path(base, place.path), directory).replace(os.sep, "/")
            paths[place.path] = path
        return f"{path}:{place.line}:{place.column}"

    return show


def scanned(report: Report) -> str:
    """The first scanned path, relative to the base where it lies below it: a place for what has none in a file."""
    given = Path(report.base, report.inputs[0] if report.inputs else "")
    return given.relative_to(report.base).as_posix() if given.is_relative_to(report.base) else str(given)
