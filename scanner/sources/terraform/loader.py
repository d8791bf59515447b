"""Reading the files of modules, each once, within the scanned directory."""

from __future__ import annotations

import stat
from pathlib import Path
from typing import Final

from scanner.documents.edited import read_bytes
from scanner.model.inventory import Level, Notification
from scanner.model.location import Location
from scanner.sources.terraform.body import Attribute, Body, SyntaxProblem
from scanner.sources.terraform.code import ModuleCode
from scanner.sources.terraform.json_syntax import parse_json
from scanner.sources.terraform.overrides import is_override
from scanner.sources.terraform.syntax import parse
from scanner.sources.terraform.text import Source
from scanner.sources.terraform.types import Type

MAX_FILE_SIZE: Final = 10_000_000
_NATIVE: Final = (".tf", ".tofu")
_JSON: Final = (".tf.json", ".tofu.json")
CODE: Final = (*_NATIVE, *_JSON)


class Loader:
    """Reads modules under `base`; keeps `notifications` of what cannot be read, and the parsed `types` of variables."""

    def __init__(self, base: Path) -> None:
        self.base = base.resolve()
        self.notifications: list[Notification] = []
        self.types: dict[int, tuple[Attribute, Type]] = {}
        self._modules: dict[Path, ModuleCode] = {}
        self._said: set[tuple[str, str]] = set()

    def note(self, level: Level, what: str, location: Location | None) -> None:
        """Records something that could not be read, once."""
        key = (what, str(location))
        if key not in self._said:
            self._said.add(key)
            self.notifications.append(Notification(level, what, location))

    def inside(self, path: Path) -> bool:
        """Whether a path, with its symbolic links resolved, is within the scanned directory."""
        try:
            return path.resolve().is_relative_to(self.base)
        except (OSError, RuntimeError):
            return False

    def relative(self, path: Path) -> str:
        """The path as locations name it."""
        try:
            return path.relative_to(self.base).as_posix()
        except ValueError:
            return path.as_posix()

    def module(self, directory: Path) -> ModuleCode:
        """The module in a directory; empty where nothing can be read."""
        found = self._modules.get(directory)
        if found is None:
            found = self._modules[directory] = self._read_module(directory)
        return found

    def _read_module(self, directory: Path) -> ModuleCode:
        files: list[Body] = []
        overrides: list[Body] = []
        for path in self._code_files(directory):
            body = self.body(path)
            if body is not None:
                (overrides if is_override(path.name) else files).append(body)
        return ModuleCode(directory, files, overrides)

    def _code_files(self, directory: Path) -> list[Path]:
        """The files of a module in order; a .tofu file hides the .tf file of the same name."""
        try:
            names = {path.name for path in directory.iterdir() if path.name.endswith(CODE) and path.name[0] != "."}
            names = {name for name in names if not (directory / name).is_dir()}
        except OSError as error:
            place = Location(self.relative(directory), 1)
            self.note(Level.ERROR, f"the directory cannot be read: {error.strerror}", place)
            return []
        hidden = {name.replace(".tofu", ".tf") for name in names if name.endswith((".tofu", ".tofu.json"))}
        return [directory / name for name in sorted(names - hidden)]

    def body(self, path: Path) -> Body | None:
        """The top level of a file, None where it cannot be read at all."""
        data = self.read(path)
        if data is None:
            return None
        source = Source(data, self.relative(path))
        if path.name.endswith(".json"):
            body, found = parse_json(source, values=path.name.endswith(".tfvars.json"))
        else:
            body, found = parse(source)
        for problem in found:
            self._note_problem(problem)
        return body

    def _note_problem(self, problem: SyntaxProblem) -> None:
        self.note(Level.ERROR, problem.what, problem.location)

    def read(self, path: Path) -> bytes | None:
        """The bytes of a text file as UTF-8 without byte order mark, None where it cannot be read."""
        place = Location(self.relative(path), 1)
        if path.is_symlink() and not self.inside(path):
            self.note(Level.ERROR, "the file is a link that leads outside of the scanned directory", place)
            return None
        try:
            status = path.stat()
            if not stat.S_ISREG(status.st_mode):
                self.note(Level.ERROR, "this is no regular file", place)
                return None
            if status.st_size > MAX_FILE_SIZE:
                self.note(Level.ERROR, f"the file is larger than {MAX_FILE_SIZE} bytes", place)
                return None
            data = read_bytes(path)
        except OSError as error:
            self.note(Level.ERROR, f"the file cannot be read: {error.strerror}", place)
            return None
        return self._text(data, place.path)

    def _text(self, data: bytes, name: str) -> bytes | None:
        data = data.removeprefix(b"\xef\xbb\xbf")
        if b"\0" in data:
            self.note(Level.ERROR, "the file is binary", Location(name, 1))
            return None
        if not data.isascii():
            try:
                data.decode()
            except UnicodeDecodeError as error:
                line = data.count(b"\n", 0, error.start) + 1
                column = len(data[data.rfind(b"\n", 0, error.start) + 1 : error.start].decode(errors="replace")) + 1
                self.note(Level.ERROR, "the file is not valid UTF-8", Location(name, line, column))
                data = data.decode(errors="replace").encode()
        return data
