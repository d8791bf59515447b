"""Everything in an inventory that allows or denies flows, read once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Final

from scanner.model.inventory import Inventory
from scanner.model.resource import Resource
from scanner.network.acls import ACL_TYPES, network_acls
from scanner.network.aws import GROUP_TYPES, security_groups
from scanner.network.azure import GROUP_TYPE, network_security_groups
from scanner.network.kubernetes import ISOLATED_TYPES, POLICY_TYPE, Isolation, network_policies
from scanner.network.peers import Name
from scanner.network.rules import Group

READERS: Final[Mapping[tuple[str, ...], Callable[[Inventory], list[Group]]]] = {
    GROUP_TYPES: security_groups,
    ACL_TYPES: network_acls,
    (GROUP_TYPE,): network_security_groups,
    (POLICY_TYPE,): network_policies,
}
TYPES: Final = tuple(type_ for types in READERS for type_ in types)
"""The resource types that hold flows."""


@dataclass
class Groups:
    """The groups of an inventory by resource and by name; each kind is read when it is first asked for."""

    inventory: Inventory
    _by_resource: dict[int, Group] = field(default_factory=dict)
    _read: set[tuple[str, ...]] = field(default_factory=set)
    _isolation: Isolation | None = None

    def of(self, resource: Resource) -> Group | None:
        """The group that a resource stands for, None for a resource that holds no flows.

        A workload holds what NetworkPolicies leave to its pods, a namespace what they leave to any of its pods.
        """
        if resource.type in ISOLATED_TYPES:
            self._isolation = self._isolation or Isolation(self.inventory)
            return self._isolation.group(resource)
        for types, reader in READERS.items():
            if resource.type in types:
                self._load(types, reader)
                return self._by_resource.get(id(resource))
        return None

    def every(self) -> list[Group]:
        """All groups, in order of kind and as read."""
        for types, reader in READERS.items():
            self._load(types, reader)
        return list(self._by_resource.values())

    def _load(self, types: tuple[str, ...], reader: Callable[[Inventory], Iterable[Group]]) -> None:
        if types not in self._read:
            self._read.add(types)
            self._by_resource.update((id(group.resource), group) for group in reader(self.inventory))


class EffectiveGroups(Groups):
    """The groups with everything that is in force, the rules that Azure adds to every NSG included."""

    def _load(self, types: tuple[str, ...], reader: Callable[[Inventory], Iterable[Group]]) -> None:
        whole = partial(network_security_groups, built_in=True) if types == (GROUP_TYPE,) else reader
        super()._load(types, whole)


def reachable_groups(inventory: Inventory) -> list[Group]:
    """The groups that decide who reaches whom: security groups and NSGs, those with the rules that Azure adds."""
    readers = (security_groups, partial(network_security_groups, built_in=True))
    return [group for reader in readers for group in reader(inventory)]


def by_name(groups: Iterable[Group]) -> dict[Name, Group]:
    """Groups by the name that rules use for them."""
    return {group.name: group for group in groups}
