"""Which peers a resource is: a group by its name, a subnet or network by its addresses, a workload by its labels."""

from __future__ import annotations

from typing import Final

from scanner.model.kubernetes import WORKLOADS, label_selector, namespace_of, pod_labels
from scanner.model.kubernetes import name_of as own_name
from scanner.model.resource import Resource
from scanner.model.value import Reason, Unknown
from scanner.network.inventory import TYPES
from scanner.network.kubernetes import NAMESPACE_TYPE, POLICY_TYPE, own_selector, pods_name
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
    if resource.type in (*WORKLOADS, NAMESPACE_TYPE, POLICY_TYPE):
        return _pods(resource)
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


def _pods(resource: Resource) -> tuple[Peers, Unknown | None]:
    """The pods of a workload, those of a namespace, and those that a NetworkPolicy selects."""
    unclear = any_of(Kind.PODS), Unknown(Reason.UNSUPPORTED, f"the labels of {resource.address} are not known")
    if resource.type == NAMESPACE_TYPE:
        name = own_name(resource)
        return unclear if name is None else (Peers(names=frozenset([pods_name((), name)])), None)
    if resource.type == POLICY_TYPE:
        pods = label_selector(item(item(resource.attributes, "spec"), "podSelector"))
    else:
        labels = pod_labels(resource)
        pods = None if labels is None or None in labels.values() else own_selector(resource)
    return unclear if pods is None else (Peers(names=frozenset([pods_name(pods, namespace_of(resource))])), None)
