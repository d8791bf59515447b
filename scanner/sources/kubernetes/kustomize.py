"""What kustomization.yaml files say about the manifests beside them, where they are read without kustomize.

A kustomization that only lists resources changes nothing. One that changes what it lists (patches, images, names …)
makes these objects undecided: what is applied is not what is written. A namespace alone is understood and filled in.
Source: the reference of kustomization.yaml of Kustomize 5.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from posixpath import dirname, join, normpath
from typing import Final

from scanner.model.inventory import Inventory, Level, Notification
from scanner.model.kubernetes import elements, scalar
from scanner.model.kubernetes import field as field_of
from scanner.model.resource import Resource
from scanner.model.value import Hop, Reason, Unknown, Value
from scanner.sources.kubernetes.amend import amend, replaced
from scanner.sources.kubernetes.kinds import BUILT_IN_TYPES, is_cluster_scoped

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
    """One kustomization.yaml."""

    path: str
    value: Value
    changes: list[str] = field(default_factory=list)

    @property
    def directory(self) -> str:
        """The directory that it describes."""
        return dirname(self.path)

    def __post_init__(self) -> None:
        self.changes = [key for key in _CHANGES if _says_something(self.get(key))]

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
                    yield (text if is_remote(text) else _below(self.directory, text)), value

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
                yield _below(self.directory, text.rpartition("=")[2] if assigned else text)


def is_remote(text: str) -> bool:
    """Whether an entry of `resources` lies somewhere else than in files."""
    return any(mark in text for mark in _REMOTE)


def _below(directory: str, text: str) -> str:
    return normpath(join(directory, text))


def _says_something(value: Value) -> bool:
    return not value.is_absent and value.raw not in ("", (), {})


class Kustomizations:
    """All kustomizations of a scan, and which files they are made of."""

    def __init__(self, files: Mapping[str, Value]) -> None:
        self._by_directory = {dirname(path): Kustomization(path, value) for path, value in sorted(files.items())}

    def content(self) -> frozenset[str]:
        """The files that kustomizations use as something else than objects."""
        return frozenset(path for item in self._by_directory.values() for path in item.content())

    def files_of(self, directory: str) -> tuple[str, ...]:
        """The files that the kustomization of a directory is built from: its patches first, those of its bases last."""
        return tuple(dict.fromkeys(self._files(directory, set())))

    def without(self, files: Set[str]) -> None:
        """Forgets the kustomizations in some files, because they were built."""
        self._by_directory = {key: item for key, item in self._by_directory.items() if item.path not in files}

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

    def apply(self, inventory: Inventory) -> None:
        """Fills in namespaces, makes undecided what is changed otherwise, and says so."""
        by_file: dict[str, list[Resource]] = {}
        for resource in inventory.resources:
            if resource.location:
                by_file.setdefault(resource.location.path, []).append(resource)
        hides = tuple(sorted({*BUILT_IN_TYPES, *(resource.type for resource in inventory.resources)}))
        placed: set[int] = set()
        for found in self._by_directory.values():
            inventory.notifications += _remarks(found, hides)
            members = [item for path in sorted(self.files_of(found.directory)) for item in by_file.get(path, [])]
            if found.changes:
                _undecide(found, members, ", ".join(found.changes))
            elif _says_something(found.get("namespace")):
                again = [item for item in members if id(item) in placed and _moves(found, item)]
                _undecide(found, again, "namespace")
                _place(found, [item for item in members if id(item) not in placed])
                placed.update(map(id, members))


def _remarks(found: Kustomization, hides: tuple[str, ...]) -> Iterator[Notification]:
    hint = f"scan with --kustomize {found.directory or '.'}"
    for what, keys in (("changes what it lists", found.changes), ("makes further objects", found.adds())):
        if keys:
            place = found.get(keys[0]).location or found.value.location
            yield Notification(Level.ERROR, f"the kustomization {what} ({', '.join(keys)}): {hint}", place, hides)
    for text, value in found.listed():
        if is_remote(text):
            what = f"the kustomization builds on {text}, which is not in the code: {hint}"
            yield Notification(Level.ERROR, what, value.location, hides)


def _undecide(found: Kustomization, members: Sequence[Resource], keys: str) -> None:
    detail = f"{found.path} changes it ({keys}); scan with --kustomize {found.directory or '.'}"
    for resource in members:
        if resource.undecided is None:
            place = resource.location or found.value.location
            resource.undecided = Value(Unknown(Reason.UNSUPPORTED, detail), place)


def _moves(found: Kustomization, resource: Resource) -> bool:
    """Whether a namespace differs from the one that an object has."""
    written = scalar(field_of(resource.attributes, "metadata", "namespace"))
    return not is_cluster_scoped(resource.type) and written != scalar(found.get("namespace"))


def _place(found: Kustomization, members: Sequence[Resource]) -> None:
    """Puts objects into the namespace of their kustomization, and the service accounts of bindings with them."""
    namespace = found.get("namespace")
    namespace = Value(namespace.raw, namespace.location, (Hop("namespace", namespace.location),))
    accounts = {scalar(field_of(item.attributes, "metadata", "name")) for item in members
                if item.type == "v1/ServiceAccount"}  # fmt: skip
    for resource in members:
        if _moves(found, resource):
            resource.attributes = amend(resource.attributes, ("metadata",), lambda here: _with(here, namespace))
            _rename(resource, scalar(namespace) or "")
        if resource.type.startswith("rbac.authorization.k8s.io/"):
            resource.attributes = amend(
                resource.attributes, ("subjects", "*"), lambda here: _subject(here, namespace, accounts)
            )


def _with(value: Value, namespace: Value) -> Value:
    raw = value.raw if isinstance(value.raw, Mapping) else {}
    return replaced(value, {**raw, "namespace": namespace})


def _subject(value: Value, namespace: Value, accounts: set[str | None]) -> Value:
    """A subject that is a service account of the same kustomization, or the default one, moves with it."""
    name = scalar(field_of(value, "name"))
    own = scalar(field_of(value, "kind")) == "ServiceAccount" and (name in accounts or name == "default")
    return _with(value, namespace) if own else value


def _rename(resource: Resource, namespace: str) -> None:
    name = resource.address.rpartition("/")[2]
    resource.address = f"{resource.type}/{namespace}/{name}"
