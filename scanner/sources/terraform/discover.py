"""Finding root modules."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from scanner.errors import UsageError
from scanner.model.inventory import Level
from scanner.model.location import Location
from scanner.sources.terraform.body import evaluate_attribute
from scanner.sources.terraform.code import ModuleCode
from scanner.sources.terraform.loader import CODE, Loader
from scanner.sources.terraform.nowhere import NOWHERE
from scanner.sources.terraform.root import is_local

_SKIPPED = frozenset({"node_modules"})


def find_roots(loader: Loader, paths: Sequence[Path], chosen: str | None) -> list[Path]:
    """The directories of the root modules under the paths, in order; only the chosen one if one is chosen.

    A root module is one that no other local module calls. Raises UsageError where the chosen one is not there.
    """
    if chosen is not None:
        return [_chosen(loader, chosen)]
    modules = {directory: loader.module(directory) for directory in _module_directories(loader, paths)}
    called = {target for code in modules.values() for target in local_calls(code) if target != code.directory}
    roots = [directory for directory, code in modules.items() if directory not in called and code.stands_alone]
    reached = _reached(roots, modules)
    for directory, code in modules.items():
        if directory not in reached and directory in called and code.stands_alone:
            roots.append(directory)
            reached |= _reached([directory], modules)
    return sorted(roots)


def _chosen(loader: Loader, chosen: str) -> Path:
    for candidate in (loader.base / chosen, Path(chosen)):
        directory = candidate.resolve()
        if directory.is_dir() and loader.inside(directory):
            return directory
    raise UsageError(f"there is no directory {chosen} to be the root module", hint="it must be under the scanned paths")


def local_calls(code: ModuleCode) -> Iterator[Path]:
    """The directories of the local modules that a module calls."""
    for _, attribute in code.sources():
        source = evaluate_attribute(attribute, NOWHERE).raw
        if isinstance(source, str) and is_local(source):
            yield Path(os.path.normpath(code.directory / source))


def _reached(roots: Iterable[Path], modules: dict[Path, ModuleCode]) -> set[Path]:
    reached: set[Path] = set()
    waiting = list(roots)
    while waiting:
        directory = waiting.pop()
        if directory not in reached:
            reached.add(directory)
            if directory in modules:
                waiting.extend(local_calls(modules[directory]))
    return reached


def _module_directories(loader: Loader, paths: Sequence[Path]) -> list[Path]:
    """Every directory with code under the paths, each once."""
    found: dict[Path, None] = {}
    seen: set[str] = set()
    for path in paths:
        start = path.resolve()
        for directory in _walk(loader, start if start.is_dir() else start.parent, seen, deep=start.is_dir()):
            found[directory] = None
    return list(found)


def _walk(loader: Loader, start: Path, seen: set[str], *, deep: bool) -> Iterator[Path]:
    waiting = [start]
    while waiting:
        directory = waiting.pop()
        real = os.path.realpath(directory)
        if real in seen:
            continue
        seen.add(real)
        if not loader.inside(directory):
            place = Location(loader.relative(directory), 1)
            loader.note(Level.ERROR, "the directory is a link that leads outside of the scanned directory", place)
            continue
        try:
            entries = sorted(os.scandir(directory), key=lambda entry: entry.name)
        except OSError as error:
            place = Location(loader.relative(directory), 1)
            loader.note(Level.ERROR, f"the directory cannot be read: {error.strerror}", place)
            continue
        if any(entry.name.endswith(CODE) and not _is_directory(entry) for entry in entries):
            yield directory
        if deep:
            below = [entry for entry in entries if _entered(entry)]
            waiting.extend(directory / entry.name for entry in reversed(below))


def _entered(entry: os.DirEntry[str]) -> bool:
    return not entry.name.startswith(".") and entry.name not in _SKIPPED and _is_directory(entry)


def _is_directory(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a link that leads to itself
        return False
