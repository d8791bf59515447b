"""Which part of a project a manifest belongs to: addresses are unique only within one."""

from __future__ import annotations

from collections.abc import Iterable
from posixpath import dirname

from scanner.model.environment import environment_root
from scanner.model.resource import Resource


def assign_roots(resources: Iterable[Resource]) -> None:
    """Gives every resource its root: the directory that names an environment, else the whole project.

    Where an address occurs again in a root, its directory becomes its root, then its file, then its place there.
    """
    taken: set[tuple[str, str]] = set()
    for resource in resources:
        for root in _candidates(resource):
            if (root, resource.address) not in taken:
                break
        resource.root = root
        taken.add((root, resource.address))


def _candidates(resource: Resource) -> Iterable[str]:
    place = resource.location
    path = place.path if place else ""
    yield environment_root(dirname(path))
    yield dirname(path)
    yield path
    yield f"{path}:{place.line if place else 0}"
