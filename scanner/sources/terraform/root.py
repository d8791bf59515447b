"""A root module: what all of its module instances share."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Sequence
from pathlib import Path

from scanner.model.inventory import Level
from scanner.model.location import Location
from scanner.sources.terraform.body import Attribute, evaluate_attribute
from scanner.sources.terraform.code import ModuleCode
from scanner.sources.terraform.loader import Loader
from scanner.sources.terraform.nowhere import NOWHERE
from scanner.sources.terraform.scope import Expression
from scanner.sources.terraform.types import Type


class Root:
    """The directory, workspace and installed modules of a root module."""

    def __init__(self, loader: Loader, directory: Path, workspace: str) -> None:
        self.loader = loader
        self.base = loader.base
        self.directory = directory
        self.workspace = workspace
        self.iterations = 0
        self._installed: dict[str, Path] | None = None

    @property
    def name(self) -> str:
        """The directory as locations name it."""
        return self.loader.relative(self.directory)

    def path_of(self, directory: Path) -> str:
        """A module's directory as `path.module` gives it: relative to the root module."""
        return Path(os.path.relpath(directory, self.directory)).as_posix()

    def type_of(self, attribute: Attribute, parse: Callable[[Expression, Location], Type]) -> Type:
        """The type that `type = …` spells, parsed once. Raises EvaluationError."""
        known = self.loader.types.get(id(attribute))
        if known is None:
            known = self.loader.types[id(attribute)] = (attribute, parse(attribute.expression, attribute.location))
        return known[1]

    def called(self, names: Sequence[str], code: ModuleCode, name: str) -> ModuleCode | None:
        """The code of a module called by the module behind `names`; None, with a notification, if it cannot be read."""
        attribute = code.calls[name].body.attributes.get("source")
        if attribute is None:
            self.loader.note(Level.ERROR, f"the module {name} has no source", code.calls[name].location)
            return None
        source = evaluate_attribute(attribute, NOWHERE).raw
        if not isinstance(source, str):
            self.loader.note(Level.ERROR, f"the source of the module {name} is not known", attribute.location)
            return None
        if is_local(source):
            directory = Path(os.path.normpath(code.directory / source))
        else:
            installed = self._manifest().get(".".join([*names, name]))
            if installed is None:
                what = f"the module {name} ({source}) is not on disk; terraform init downloads it"
                self.loader.note(Level.ERROR, what, attribute.location)
                return None
            directory = installed
        return self._read(directory, source, name, attribute.location)

    def _read(self, directory: Path, source: str, name: str, place: Location) -> ModuleCode | None:
        if not self.loader.inside(directory):
            what = f"the module {name} ({source}) is outside of the scanned directory; scan the directory above"
            self.loader.note(Level.ERROR, what, place)
            return None
        if not directory.is_dir():
            self.loader.note(Level.ERROR, f"the module {name} ({source}) is not on disk", place)
            return None
        return self.loader.module(directory)

    def _manifest(self) -> dict[str, Path]:
        """Where `terraform init` put modules, by their address in dots."""
        if self._installed is None:
            self._installed = {}
            path = self.directory / ".terraform" / "modules" / "modules.json"
            data = self.loader.read(path) if path.is_file() else None
            if data is not None:
                self._installed = self._entries(data, Location(self.loader.relative(path), 1))
        return self._installed

    def _entries(self, data: bytes, place: Location) -> dict[str, Path]:
        try:
            entries = json.loads(data)["Modules"]
            return {str(entry["Key"]): Path(os.path.normpath(self.directory / str(entry["Dir"]))) for entry in entries}
        except (ValueError, TypeError, KeyError, RecursionError):
            self.loader.note(Level.ERROR, "the list of installed modules cannot be read", place)
            return {}


def is_local(source: str) -> bool:
    """Whether a module source is a path."""
    return source.startswith(("./", "../")) or source in (".", "..")
