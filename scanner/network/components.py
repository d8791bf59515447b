"""Which peers a resource is: a group by its name, a subnet or network by its addresses."""

from __future__ import annotations

from typing import Final

from scanner.model.resource import Resource
from scanner.model.value import Reason, Unknown
from scanner.network.inventory import TYPES
from scanner.network.peers import NOBODY, Kind, Peers, any_of, cidr
from scanner.network.reading import item, items, name_of, text

_ADDRESSES: Final = {
    "aws_subnet": ("cidr_block", "ipv6_cidr_block"),
    "aws_vpc": ("cidr_block", "ipv6_cidr_block"),
    "azurerm_subnet": ("address_prefixes",),
    "azurerm_virtual_network": ("address_space",),
}
_NAMED: Final = (*TYPES, "azurerm_application_security_group")


def peers_of(resource: Resource) -> tuple[Peers, Unknown | None]:
    """The peers that a resource is; an unknown where its addresses are not known. Nobody for other types."""
    if resource.type in _NAMED:
        return Peers(names=frozenset([name_of(Kind.GROUP, resource)])), None
    peers = NOBODY
    for key in _ADDRESSES.get(resource.type, ()):
        for value in items(item(resource.attributes, key)):
            written = text(value)
            found = cidr(written) if written else None
            if found is None and key != "ipv6_cidr_block":
                return any_of(), Unknown(Reason.COMPUTED, f"the addresses of {resource.address} are not known")
            peers |= found or NOBODY
    return peers, None
