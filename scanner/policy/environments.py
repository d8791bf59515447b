"""Which environment a root module belongs to: what its path says, else the tags of its provider."""

from __future__ import annotations

from scanner.model.environment import environment_named, environment_of_path
from scanner.model.inventory import Inventory, Notification
from scanner.model.path import as_text, lookup
from scanner.model.resource import Origin

_GIVEN = frozenset({Origin.PLAN, Origin.STATE})
"""What is read only where it is named itself: it belongs to whatever it is checked against."""


def environment_of_roots(inventory: Inventory) -> dict[str, str | None]:
    """The environment of every root module in the inventory, None where nothing tells."""
    roots: dict[str, str | None] = {}
    for resource in inventory.resources:
        if resource.origin in _GIVEN:
            roots[resource.root] = None
            continue
        if resource.root not in roots:
            roots[resource.root] = environment_of_path(resource.root)
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
