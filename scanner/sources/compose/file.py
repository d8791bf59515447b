"""A Compose file (specification 3.x and without a version) as resources.

Source: https://github.com/compose-spec/compose-spec/blob/main/spec.md
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import PurePosixPath
from typing import Final

from scanner.model.location import Location
from scanner.model.resource import Origin, Resource
from scanner.model.value import Hop, Reason, Value, fields_of, unknown
from scanner.sources.compose.interpolation import interpolate
from scanner.sources.compose.services import normalised
from scanner.sources.compose.values import names, placed
from scanner.sources.env_file import read_env_file

COMPOSE_FILE: Final = "compose_file"
COMPOSE_SERVICE: Final = "compose_service"
_MAX_EXTENDS: Final = 10
_OF_A_SERVICE: Final = frozenset({"image", "build", "extends", "command", "environment", "ports", "volumes", "deploy"})

Neighbour = Callable[[str], "str | None"]
"""The text of another file, by its path relative to the scanned directory; None where it cannot be read."""
Parse = Callable[[str, str], "Value | None"]
"""A YAML text with its path as a value; None where it is none."""


def is_compose(root: Value) -> bool:
    """Whether a YAML document is a Compose file: services, each an object, at least one that says what runs."""
    services = list(fields_of(fields_of(root).get("services")).values())
    return (
        "apiVersion" not in fields_of(root)
        and bool(services)
        and all(isinstance(item.raw, Mapping) for item in services)
        and any(_OF_A_SERVICE & fields_of(item).keys() for item in services)
    )


def read_compose(root: Value, path: str, neighbour: Neighbour, parse: Parse) -> list[Resource]:
    """The file (address: its path) and its services (address: `<path>#<service>`), with long forms only.

    Variables get their value from the `.env` file beside it or their default; others make a value unknown.
    """
    return _File(path, neighbour, parse).resources(root)


class _File:
    """One Compose file while it is read."""

    def __init__(self, path: str, neighbour: Neighbour, parse: Parse) -> None:
        self._path = path
        self._neighbour = neighbour
        self._parse = parse
        self._directory = PurePosixPath(path).parent
        self._env_files: dict[str, Mapping[str, Value] | None] = {}
        self._variables = self._env_file(".env") or {}

    def resources(self, root: Value) -> list[Resource]:
        """The file's resource first, then its services in order."""
        filled = interpolate(root, self._variables)
        written = fields_of(fields_of(filled)["services"])
        services = {
            name: normalised(name, self._extended(name, written, 0, self._directory), self._env_file_of)
            for name in written
        }
        raw = dict(fields_of(filled))
        raw["services"] = placed(services, raw["services"])
        for key in ("networks", "volumes", "secrets", "configs"):
            if key in raw:
                raw[key] = placed(names(raw[key]), raw[key])
        here = root.location or Location(self._path, 1)
        raw["path"] = Value(self._path, here)
        return [
            Resource(COMPOSE_FILE, self._path, placed(raw, root), here, Origin.MANIFEST),
            *(self._service(name, item, here) for name, item in services.items()),
        ]

    def _service(self, name: str, service: Value, here: Location) -> Resource:
        address = f"{self._path}#{name}"
        raw = {**fields_of(service), "path": Value(self._path, service.location or here)}
        return Resource(COMPOSE_SERVICE, address, placed(raw, service), service.location or here, Origin.MANIFEST)

    def _env_file_of(self, name: str) -> Mapping[str, Value] | None:
        return self._env_file(name)

    def _env_file(self, name: str) -> Mapping[str, Value] | None:
        """The variables of an env file beside this one, read once."""
        if name not in self._env_files:
            path = _joined(self._directory, name)
            text = self._neighbour(path) if path is not None else None
            self._env_files[name] = None
            if text is not None and path is not None:
                resource, _ = read_env_file(text, path)
                self._env_files[name] = fields_of(fields_of(resource.attributes)["variables"])
        return self._env_files[name]

    def _extended(self, name: str, services: Mapping[str, Value], depth: int, directory: PurePosixPath) -> Value:
        """A service with what it takes over through `extends`, from the same file or another."""
        service = services[name]
        extends = fields_of(service).get("extends")
        if extends is None or depth > _MAX_EXTENDS:
            return service
        other = extends.raw if isinstance(extends.raw, str) else fields_of(extends).get("service", Value(None)).raw
        file = fields_of(extends).get("file")
        own = {key: item for key, item in fields_of(service).items() if key != "extends"}
        if file is not None and isinstance(file.raw, str):
            path = _joined(directory, file.raw)
            services = self._services_of(path)
            directory = PurePosixPath(path).parent if path else directory
        if not isinstance(other, str) or other not in services:
            detail = f"the service that {name} extends is not there"
            return Value({**own, "extends": unknown(Reason.UNREADABLE, detail, location=extends.location)},
                         service.location)  # fmt: skip
        base = self._extended(other, services, depth + 1, directory)
        inherited = {key: item.with_(hops=(Hop(f"extends {other}", extends.location),))
                     for key, item in fields_of(base).items()}  # fmt: skip
        return placed(_merged(inherited, own), service)

    def _services_of(self, path: str | None) -> Mapping[str, Value]:
        text = self._neighbour(path) if path is not None else None
        root = self._parse(text, path) if text is not None and path is not None else None
        if root is None:
            return {}
        return fields_of(fields_of(interpolate(root, self._variables)).get("services"))


def _merged(base: Mapping[str, Value], own: Mapping[str, Value]) -> dict[str, Value]:
    """Objects are merged, lists joined, anything else is the own one's."""
    merged = dict(base)
    for key, item in own.items():
        under = base.get(key)
        if under is not None and isinstance(under.raw, Mapping) and isinstance(item.raw, Mapping):
            merged[key] = placed(_merged(under.raw, item.raw), item)
        elif under is not None and isinstance(under.raw, tuple) and isinstance(item.raw, tuple):
            merged[key] = placed((*under.raw, *item.raw), item)
        else:
            merged[key] = item
    return merged


def _joined(directory: PurePosixPath, name: str) -> str | None:
    """A path beside this file, without leaving the scanned directory."""
    parts: list[str] = []
    for part in (directory / name).parts:
        if part == "..":
            if not parts:
                return None
            parts.pop()
        elif part != ".":
            parts.append(part)
    return "/".join(parts) if not name.startswith("/") else None
