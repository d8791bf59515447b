"""Which environment a root module belongs to: what its path says, else the tags of its provider."""

from __future__ import annotations

import re
from typing import Final

from scanner.model.inventory import Inventory, Notification
from scanner.model.path import as_text, lookup

ENVIRONMENTS: Final = {
    "production": ("production", "prod", "prd", "live"),
    "staging": ("staging", "stage", "stg"),
    "development": ("development", "develop", "dev"),
    "test": ("test", "testing", "qa", "sandbox"),
}
"""The usual names of environments with their short forms."""

_BY_WORD = {word: name for name, words in ENVIRONMENTS.items() for word in words}
_WORD = re.compile(r"[a-z]+")


def environment_named(text: str) -> str | None:
    """The environment that a text names as a whole word (`prod-eu`), if any; the last word decides."""
    names = [_BY_WORD[word] for word in _WORD.findall(text.lower()) if word in _BY_WORD]
    return names[-1] if names else None


def environment_of_roots(inventory: Inventory) -> dict[str, str | None]:
    """The environment of every root module in the inventory, None where nothing tells."""
    roots: dict[str, str | None] = {}
    for resource in inventory.resources:
        if resource.root not in roots:
            roots[resource.root] = _by_path(resource.root)
        if roots[resource.root] is None and resource.type == "provider.aws":
            tag = as_text(lookup(resource.attributes, "default_tags.tags.Environment")[0].value)
            roots[resource.root] = environment_named(tag) if tag else None
    return roots


def of_environment(inventory: Inventory, environment: str | None) -> Inventory:
    """What belongs to one environment: without the root modules that clearly belong to another one.

    Everything, where no environment is wanted or no root module is clearly of it.
    """
    wanted = environment_named(environment) if environment else None
    roots = environment_of_roots(inventory)
    others = {root for root, name in roots.items() if name not in (None, wanted)}
    if wanted not in roots.values() or wanted is None or not others:
        return inventory
    resources = [resource for resource in inventory.resources if resource.root not in others]
    notifications = [item for item in inventory.notifications if not _lies_in(item, others)]
    return Inventory(resources, notifications, inventory.inputs)


def _lies_in(notification: Notification, roots: set[str]) -> bool:
    path = notification.location.path if notification.location else ""
    return any(path.startswith(f"{root}/") for root in roots)


def _by_path(root: str) -> str | None:
    """The innermost directory that names an environment."""
    for part in reversed(root.split("/")):
        name = environment_named(part)
        if name is not None:
            return name
    return None
