"""Which part of a project a manifest belongs to: addresses are unique only within one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from posixpath import dirname

from scanner.model.environment import environment_root
from scanner.model.resource import Resource


def assign_roots(resources: Iterable[Resource], built_in: Mapping[int, str] | None = None) -> None:
    """Gives every resource its root: the directory that names an environment, else the whole project.

    What a kustomization built belongs where that lies (`built_in`, by id), wherever its parts are written. Where an
    address occurs again in a root, its directory becomes its root, then its file, then its place there.
    """
    taken: set[tuple[str, str]] = set()
    for resource in resources:
        for root in _candidates(resource, (built_in or {}).get(id(resource))):
            if (root, resource.address) not in taken:
                break
        resource.root = root
        taken.add((root, resource.address))


def _candidates(resource: Resource, source: str | None) -> Iterable[str]:
    place = resource.location
    path = source or (place.path if place else "")
    yield environment_root(dirname(path))
    yield dirname(path)
    yield path
    yield f"{path}:{place.line if place else 0}"
