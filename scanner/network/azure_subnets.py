"""Which networks an Azure network security group guards: the subnets that it is associated with."""

from __future__ import annotations

from typing import Final

from scanner.model.inventory import Inventory
from scanner.model.resource import Resource
from scanner.network.intervals import EMPTY, Intervals, union
from scanner.network.peers import network
from scanner.network.reading import Index, hidden_by, item, items, text, undecided

_ASSOCIATION: Final = "azurerm_subnet_network_security_group_association"
_TO_CARD: Final = "azurerm_network_interface_security_group_association"
_SUBNET: Final = "azurerm_subnet"


class Subnets:
    """The subnets of an inventory and the groups associated with them."""

    def __init__(self, inventory: Inventory, groups: Index) -> None:
        self._subnets = Index(inventory, (_SUBNET,), ("id",))
        self._guarded: dict[int, Intervals | None] = {}
        self._links(inventory, groups, _ASSOCIATION, "subnet_id")
        self._links(inventory, groups, _TO_CARD, "")
        self._hidden = hidden_by(inventory, [_ASSOCIATION, _TO_CARD]) is not None

    def _links(self, inventory: Inventory, groups: Index, type_: str, through: str) -> None:
        for association in inventory.of_type(type_):
            guarded = groups.find(item(association.attributes, "network_security_group_id"), association.root)
            for group in groups.resources() if guarded is None else guarded:
                addresses = self._addresses(association, through) if guarded and through else None
                known = self._guarded.get(id(group), EMPTY)
                both = None if known is None or addresses is None else union(known, addresses)
                self._guarded[id(group)] = both

    def _addresses(self, association: Resource, through: str) -> Intervals | None:
        subnets = self._subnets.find(item(association.attributes, through), association.root)
        if not subnets or len(subnets) > 1 or undecided(association):
            return None
        addresses: Intervals = EMPTY
        for prefix in items(item(subnets[0].attributes, "address_prefixes")):
            written = text(prefix)
            part = network(written) if written else None
            if part is None:
                return None
            addresses = union(addresses, part)
        return addresses or None

    def of(self, group: Resource) -> Intervals | None:
        """The addresses of the subnets that the group guards; None where they are not all known, or there are none."""
        return None if self._hidden else self._guarded.get(id(group))
