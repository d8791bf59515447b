"""What a source read: resources, and what it could not read."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from fnmatch import fnmatchcase

from scanner.model.location import Location
from scanner.model.resource import Resource


class Level(StrEnum):
    """How much a notification weighs: an error means that something was not read that could have been."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(slots=True, frozen=True)
class Notification:
    """Something that could not be read or is worth knowing: file, service, region, module.

    `hides` names the resource types that may be missing because of it, also as patterns (`*/*`: every Kubernetes
    type), whatever its level; empty means any type where it is an error, and none where it is less.
    """

    level: Level
    what: str
    location: Location | None = None
    hides: tuple[str, ...] = ()


def may_hide(notification: Notification, type_: str) -> bool:
    """Whether resources of a type may be missing because of it."""
    hides = notification.hides
    if not hides:
        return notification.level is Level.ERROR
    return type_ in hides or any("*" in item and fnmatchcase(type_, item) for item in hides)


@dataclass(slots=True)
class Inventory:
    """The resources that were read and the notifications about the rest."""

    resources: list[Resource] = field(default_factory=list)
    notifications: list[Notification] = field(default_factory=list)
    inputs: list[str] = field(default_factory=list)
    _by_type: dict[str, list[Resource]] = field(default_factory=dict, init=False, repr=False)
    _by_address: dict[tuple[str, str], Resource] = field(default_factory=dict, init=False, repr=False)

    @classmethod
    def gathered(cls, found: Iterable[Resource | Notification]) -> Inventory:
        """What a source delivered one by one, in an order that does not depend on how it was read."""
        inventory = cls()
        for item in found:
            if isinstance(item, Resource):
                inventory.resources.append(item)
            else:
                inventory.notifications.append(item)
        inventory.sort()
        return inventory

    def sort(self) -> None:
        """Orders resources by root, type and address, notifications by what they say."""
        self.resources.sort(key=lambda item: (item.root, item.type, item.address))
        self.notifications.sort(key=lambda item: item.what)

    def of_type(self, type_: str) -> list[Resource]:
        """All resources of a type, in order of address as read."""
        self._index()
        return self._by_type.get(type_, [])

    def at(self, address: str, root: str = "") -> Resource | None:
        """The resource with exactly this address in a root module (addresses are unique only within one)."""
        if not self._by_address:
            for resource in self.resources:
                self._by_address.setdefault((resource.root, resource.address), resource)
        return self._by_address.get((root, address))

    def types(self) -> Iterable[str]:
        """Every resource type that occurs."""
        self._index()
        return self._by_type.keys()

    def may_hide(self, type_: str) -> Notification | None:
        """The first notification because of which resources of `type_` may be missing from the inventory, if any."""
        return next((item for item in self.notifications if may_hide(item, type_)), None)

    def extend(self, other: Inventory) -> None:
        """Adds everything that another source read."""
        self.resources.extend(other.resources)
        self.notifications.extend(other.notifications)
        self.inputs.extend(other.inputs)
        self._by_type.clear()
        self._by_address.clear()

    def _index(self) -> None:
        if self._by_type or not self.resources:
            return
        for resource in self.resources:
            self._by_type.setdefault(resource.type, []).append(resource)
