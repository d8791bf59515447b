"""kustomization.yaml files: what they list, what they change, and which files they are made of.

Source: the reference of kustomization.yaml of Kustomize 5.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from posixpath import dirname, join, normpath
from typing import Final

from scanner.model.kubernetes import elements, scalar
from scanner.model.kubernetes import field as field_of
from scanner.model.value import Value
from scanner.sources.kubernetes.transforms import understood

NAMES: Final = ("kustomization.yaml", "kustomization.yml", "Kustomization")
_LISTS: Final = ("resources", "bases", "components")
_CHANGES: Final = (
    "patches",
    "patchesStrategicMerge",
    "patchesJson6902",
    "transformers",
    "components",
    "namePrefix",
    "nameSuffix",
    "commonLabels",
    "labels",
    "commonAnnotations",
    "images",
    "replicas",
    "replacements",
    "vars",
)
_ADDS: Final = (
    "configMapGenerator",
    "secretGenerator",
    "generators",
    "helmCharts",
    "helmChartInflationGenerator",
)
_CONTENT: Final = (
    "patchesStrategicMerge",
    "transformers",
    "generators",
    "validators",
    "configurations",
    "crds",
)
_CONTENT_PATHS: Final = ("patches", "patchesJson6902", "replacements", "openapi")
_REMOTE: Final = ("://", "git@", "github.com/", "bitbucket.org/", "gitlab.com/", "?ref=")


def is_kustomization(path: str) -> bool:
    """Whether a file is a kustomization, by its name."""
    return path.rpartition("/")[2] in NAMES


@dataclass(eq=False)
class Kustomization:
    """One kustomization.yaml.

    changes      the fields that change what it lists
    moves        whether it sets a namespace
    transforms   whether its images, replicas, labels and annotations are understood
    """

    path: str
    value: Value
    changes: list[str] = field(default_factory=list)
    moves: bool = False
    transforms: bool = True

    @property
    def directory(self) -> str:
        """The directory that it describes."""
        return dirname(self.path)

    def __post_init__(self) -> None:
        self.changes = [key for key in _CHANGES if _says_something(self.get(key))]
        self.moves = _says_something(self.get("namespace"))
        self.transforms = understood(self.get)

    def get(self, key: str) -> Value:
        """One of its fields."""
        return field_of(self.value, key)

    def adds(self) -> list[str]:
        """The fields that make objects which no file holds."""
        return [key for key in _ADDS if _says_something(self.get(key))]

    def listed(self) -> Iterator[tuple[str, Value]]:
        """What it builds on: paths of files and directories relative to the project, remote ones as they are."""
        for key in _LISTS:
            for value in elements(self.get(key)):
                text = scalar(value)
                if text:
                    yield (text if is_remote(text) else below(self.directory, text)), value

    def content(self) -> Iterator[str]:
        """The files that are no objects of their own: patches, transformers, values."""
        for key in _CONTENT:
            yield from self._files(elements(self.get(key)))
        for key in _CONTENT_PATHS:
            yield from self._files(field_of(entry, "path") for entry in elements(self.get(key)))
        for generator in (*elements(self.get("configMapGenerator")), *elements(self.get("secretGenerator"))):
            for name in ("files", "envs", "env"):
                yield from self._files(elements(field_of(generator, name)), assigned=True)
        for chart in elements(self.get("helmCharts")):
            yield from self._files([field_of(chart, "valuesFile"), *elements(field_of(chart, "additionalValuesFiles"))])

    def _files(self, values: Iterator[Value] | Sequence[Value], *, assigned: bool = False) -> Iterator[str]:
        for value in values:
            text = scalar(value)
            if text and "\n" not in text:
                yield below(self.directory, text.rpartition("=")[2] if assigned else text)


def is_remote(text: str) -> bool:
    """Whether an entry of `resources` lies somewhere else than in files."""
    return any(mark in text for mark in _REMOTE)


def below(directory: str, text: str) -> str:
    """A path that a file in a directory names, relative to the project."""
    return normpath(join(directory, text))


def _says_something(value: Value) -> bool:
    return not value.is_absent and value.raw not in ("", (), {})


class Kustomizations:
    """All kustomizations of a scan, and which files they are made of."""

    def __init__(self, files: Mapping[str, Value]) -> None:
        self._by_directory = {dirname(path): Kustomization(path, value) for path, value in sorted(files.items())}
        self._files_of: dict[str, tuple[str, ...]] = {}

    def content(self) -> frozenset[str]:
        """The files that kustomizations use as something else than objects."""
        return frozenset(path for item in self._by_directory.values() for path in item.content())

    def describes(self, directory: str) -> bool:
        """Whether a directory has a kustomization."""
        return directory in self._by_directory

    def files_of(self, directory: str) -> tuple[str, ...]:
        """The files that the kustomization of a directory is built from: its patches first, those of its bases last."""
        if directory not in self._files_of:
            self._files_of[directory] = tuple(dict.fromkeys(self._files(directory, set())))
        return self._files_of[directory]

    def tops(self) -> list[Kustomization]:
        """Those that no other one builds on; of those that only build on each other the first."""
        listed = {path for item in self._by_directory.values() for path, _ in item.listed()}
        tops = [item for directory, item in self._by_directory.items() if directory not in listed]
        seen = {path for item in tops for path in self.files_of(item.directory)}
        for item in self._by_directory.values():
            if item.path not in seen:
                tops.append(item)
                seen.update(self.files_of(item.directory))
        return tops

    def within(self, top: Kustomization) -> list[Kustomization]:
        """Those that one is built from, each before those that build on it, itself last."""
        paths = set(self.files_of(top.directory))
        found = [item for item in self._by_directory.values() if item.path in paths]
        return sorted(found, key=lambda item: (item is top, len(self.files_of(item.directory))))

    def _files(self, directory: str, seen: set[str]) -> Iterator[str]:
        found = self._by_directory.get(directory)
        if found is None or directory in seen:
            return
        seen.add(directory)
        yield found.path
        yield from found.content()
        for path, _ in found.listed():
            if path in self._by_directory:
                yield from self._files(path, seen)
            else:
                yield path
