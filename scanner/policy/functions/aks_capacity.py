"""Whether a subnet has addresses for every AKS node pool in it at its largest."""

from __future__ import annotations

import ipaddress
import math
from dataclasses import dataclass, field
from typing import Final

from scanner.model.finding import Verdict
from scanner.model.path import as_text, lookup
from scanner.model.resource import Resource
from scanner.model.rule import Text
from scanner.model.value import Reason, Unknown, Value
from scanner.model.words import Words
from scanner.policy.evidence import HOLDS, Outcome
from scanner.policy.functions.base import Arguments, Function, missing, said, text, undecided
from scanner.policy.functions.linked import Doubt, referred, referring
from scanner.policy.world import Subject

_CLUSTERS: Final = ("azurerm_kubernetes_cluster",)
_POOLS: Final = ("azurerm_kubernetes_cluster_node_pool",)
_ENDPOINTS: Final = ("azurerm_private_endpoint",)
_RESERVED: Final = 5
"""Addresses that Azure keeps of every prefix of a subnet."""


@dataclass(slots=True)
class _Demand:
    """Addresses that are certainly needed, and what may need more."""

    addresses: int = 0
    doubts: list[Doubt] = field(default_factory=list)

    def doubt(self, owner: Resource, path: str, value: Value) -> None:
        """Remembers a figure that is not known."""
        words = Words(f"{path} of {owner.address} is not known", f"{owner.address} 리소스의 {path} 값을 알 수 없음")
        unknown = value.raw if isinstance(value.raw, Unknown) else Unknown(Reason.UNSUPPORTED, words)
        self.doubts.append(Doubt(unknown, value))


def _decide(subject: Subject, arguments: Arguments) -> Outcome:
    subnet = subject.resource
    unknown = missing(arguments)
    if subnet is None or unknown is not None:
        return undecided(subject, unknown or _NO_PREFIX)
    prefixes = lookup(subnet.attributes, "address_prefixes")[0].value
    room = _room(prefixes)
    if isinstance(room, Unknown):
        return undecided(subject, room, prefixes, "address_prefixes")
    demand = _demand(subject, subnet, arguments)
    if demand.addresses > room:
        words = Text(
            f"the nodes at their largest need {demand.addresses} addresses, the subnet has {room}",
            f"노드가 최대로 늘면 주소 {demand.addresses}개가 필요한데 서브넷에는 {room}개만 있음",
        )
        path = "address_prefixes"
        return said(Verdict.FAIL, subject, words, path=path, at=prefixes, expected=demand.addresses, actual=room)
    if demand.doubts:
        doubt = demand.doubts[0]
        return undecided(subject, doubt.unknown, doubt.value)
    return HOLDS


_NO_PREFIX = Unknown(Reason.UNSUPPORTED, Words("the subnet has no readable prefix", "서브넷 대역을 읽을 수 없음"))


def _room(prefixes: Value) -> int | Unknown:
    if isinstance(prefixes.raw, Unknown):
        return prefixes.raw
    room = 0
    for found in lookup(prefixes, "[*]") if not prefixes.is_absent else []:
        if isinstance(found.value.raw, Unknown):
            return found.value.raw
        try:
            network = ipaddress.ip_network(as_text(found.value) or "", strict=False)
        except ValueError:
            return _NO_PREFIX
        if network.version == 4:
            room += network.num_addresses - _RESERVED
    return room or _NO_PREFIX


def _demand(subject: Subject, subnet: Resource, arguments: Arguments) -> _Demand:
    demand = _Demand()
    clusters = referring(subject.world, _CLUSTERS, "default_node_pool.vnet_subnet_id", subnet)
    pools = referring(subject.world, _POOLS, "vnet_subnet_id", subnet)
    endpoints = referring(subject.world, _ENDPOINTS, "subnet_id", subnet)
    for linked in (clusters, pools, endpoints):
        demand.doubts += linked.doubts
    demand.addresses += len(endpoints.certain)
    for cluster, _ in clusters.certain:
        _add_pool(demand, cluster, "default_node_pool[0].", cluster, arguments)
        private = lookup(cluster.attributes, "private_cluster_enabled")[0].value
        if isinstance(private.raw, Unknown):
            demand.doubt(cluster, "private_cluster_enabled", private)
        demand.addresses += private.raw is True
    for pool, _ in pools.certain:
        owners = referred(subject.world, pool, "kubernetes_cluster_id", _CLUSTERS).certain
        _add_pool(demand, pool, "", owners[0][0] if owners else None, arguments)
    return demand


def _add_pool(demand: _Demand, owner: Resource, prefix: str, cluster: Resource | None, arguments: Arguments) -> None:
    nodes = _largest(demand, owner, prefix)
    each = _addresses_of_a_node(demand, owner, prefix, cluster, arguments)
    surge = _surge(demand, owner, prefix, nodes, arguments)
    demand.addresses += (nodes + surge) * each


def _largest(demand: _Demand, owner: Resource, prefix: str) -> int:
    """The largest number of nodes of a pool."""
    scaling = lookup(owner.attributes, f"{prefix}auto_scaling_enabled|{prefix}enable_auto_scaling")[0].value
    if isinstance(scaling.raw, Unknown):
        demand.doubt(owner, f"{prefix}auto_scaling_enabled", scaling)
        return 0
    name = "max_count" if scaling.raw is True or as_text(scaling) == "true" else "node_count"
    value = lookup(owner.attributes, prefix + name)[0].value
    if value.is_absent and name == "node_count":
        return 1
    return _figure(demand, owner, prefix + name, value)


def _addresses_of_a_node(
    demand: _Demand, owner: Resource, prefix: str, cluster: Resource | None, arguments: Arguments
) -> int:
    """One for the node, and one for each pod where pods take theirs from the same subnet."""
    own = lookup(owner.attributes, f"{prefix}pod_subnet_id")[0].value
    if not own.is_absent and own.raw != "":
        return 1
    if cluster is None:
        demand.doubt(owner, "kubernetes_cluster_id", lookup(owner.attributes, "kubernetes_cluster_id")[0].value)
        return 1
    for path, elsewhere in (("network_plugin_mode", "overlay"), ("network_plugin", "kubenet")):
        value = lookup(cluster.attributes, f"network_profile[0].{path}")[0].value
        if isinstance(value.raw, Unknown):
            demand.doubt(cluster, f"network_profile.{path}", value)
            return 1
        if (as_text(value) or "").lower() == elsewhere:
            return 1
    pods = lookup(owner.attributes, f"{prefix}max_pods")[0].value
    default = _whole(arguments["default_max_pods"]) or 0
    return 1 + (default if pods.is_absent else _figure(demand, owner, f"{prefix}max_pods", pods))


def _surge(demand: _Demand, owner: Resource, prefix: str, nodes: int, arguments: Arguments) -> int:
    """Nodes that an upgrade adds: a number, or a share of the pool rounded up."""
    path = f"{prefix}upgrade_settings[0].max_surge"
    value = lookup(owner.attributes, path)[0].value
    written = text(arguments, "default_surge") if value.is_absent else as_text(value)
    if written is not None and not isinstance(value.raw, Unknown):
        if written.endswith("%") and written[:-1].isdigit():
            return math.ceil(nodes * int(written[:-1]) / 100)
        if written.isdigit():
            return int(written)
    demand.doubt(owner, path, value)
    return 0


def _figure(demand: _Demand, owner: Resource, path: str, value: Value) -> int:
    figure = _whole(value)
    if figure is None:
        demand.doubt(owner, path, value)
    return figure or 0


def _whole(value: Value) -> int | None:
    written = None if value.is_unknown or value.is_absent else as_text(value)
    return int(written) if written is not None and written.isdigit() else None


FUNCTIONS = (
    Function(
        "aks_subnet_capacity",
        "Whether a subnet has addresses for the nodes and pods of its AKS pools at their largest and its endpoints",
        ("default_max_pods", "default_surge"),
        _decide,
    ),
)
