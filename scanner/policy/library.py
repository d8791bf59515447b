"""All policies by id, each read when it is first asked for."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from scanner.errors import DefinitionError, UsageError
from scanner.model.resource_type import Facts
from scanner.policy.cache import Cache, content_hash, default_directory
from scanner.policy.data import directory, shown
from scanner.policy.policy import Policy, dump_policy, load_policy
from scanner.policy.wording import nearest


class Library:
    """The policies below some directories."""

    def __init__(self, files: dict[str, Path], facts: Facts, cache: Cache) -> None:
        self._files = files
        self._facts = facts
        self._cache = cache
        self._policies: dict[str, Policy] = {}

    @classmethod
    def load(cls, directories: Sequence[Path] | None, facts: Facts, *, cache: bool = True) -> Library:
        """The library of this installation (None) or of the given directories. Files are read later.

        Raises DefinitionError where two files have the same name, UsageError for a directory that does not exist.
        """
        files: dict[str, Path] = {}
        for place in directories if directories is not None else [directory("policies")]:
            if not place.is_dir():
                raise UsageError(f"there is no directory {place}")
            for file in _yaml_files(place):
                if file.stem in files:
                    raise DefinitionError(
                        f"the policy {file.stem} exists twice, also as {shown(files[file.stem])}", path=shown(file)
                    )
                files[file.stem] = file
        return cls(files, facts, Cache(default_directory() if cache else None, "policies"))

    def ids(self) -> list[str]:
        """Every id, sorted."""
        return sorted(self._files)

    def file(self, id_: str) -> Path:
        """The file of a policy. Raises UsageError with the nearest id for an unknown one."""
        if id_ not in self._files:
            raise UsageError(f"there is no policy {id_}", hint=nearest(id_, self._files))
        return self._files[id_]

    def policy(self, id_: str) -> Policy:
        """The policy with an id. Raises UsageError for an unknown id, DefinitionError for a file that is wrong."""
        if id_ not in self._policies:
            self._policies[id_] = self._read(self.file(id_))
        return self._policies[id_]

    def policies(self) -> list[Policy]:
        """All policies, sorted by id."""
        for id_ in self.ids():
            if id_ not in self._policies:
                self._policies[id_] = self._read(self._files[id_])
        self._cache.save()
        return [self._policies[id_] for id_ in self.ids()]

    def keep(self) -> None:
        """Stores what was read and checked for the next run."""
        self._cache.save()

    def _read(self, file: Path) -> Policy:
        try:
            data = file.read_bytes()
        except OSError as error:
            raise DefinitionError(f"cannot be read: {error.strerror}", path=shown(file)) from error
        key = f"{file.stem}:{content_hash(data)}"
        kept = self._cache.restored(key, lambda entry: load_policy({**entry, "file": shown(file)}))
        if kept is not None:
            return kept
        from scanner.policy.read_policy import read_policy

        policy = read_policy(decode(data, shown(file)), shown(file), self._facts)
        self._cache.put(file.stem, key, dump_policy(policy))
        return policy


def decode(data: bytes, file: str) -> str:
    """UTF-8 text. Raises DefinitionError for anything else."""
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise DefinitionError("is not UTF-8", path=file, line=line, column=1) from error


def _yaml_files(place: Path) -> list[Path]:
    found: list[Path] = []
    for parent, directories, names in os.walk(place):
        directories.sort()
        found += [Path(parent) / name for name in sorted(names) if name.endswith((".yaml", ".yml"))]
    return found
