"""Reads Kubernetes NetworkPolicies. Policies add up: what any policy of a pod allows is allowed.

A pod that some policy selects for a direction gets only what policies allow; one that none selects gets everything.
Source: the Kubernetes documentation of NetworkPolicy.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Final

from scanner.model.environment import environment_root
from scanner.model.inventory import Inventory
from scanner.model.kubernetes import (
    NAMESPACE_LABEL,
    WORKLOADS,
    Requirement,
    Selector,
    apart,
    label_selector,
    name_of,
    namespace_of,
    pod_labels,
    pod_template,
    selects,
)
from scanner.model.resource import Resource
from scanner.model.value import Reason, Unknown, Value
from scanner.network.intervals import Intervals, difference, union
from scanner.network.peers import ANY, Kind, Name, Peers, network
from scanner.network.pods import Pods, pods_of, selector_text
from scanner.network.reading import (
    each_peer,
    first_of,
    hidden_by,
    item,
    items,
    number,
    text,
    undecided,
    unreadable,
    why,
)
from scanner.network.rules import Group, Rule
from scanner.network.services import ANY_PROTOCOL, TCP, Direction, all_services, ports, protocol_number

POLICY_TYPE: Final = "networking.k8s.io/v1/NetworkPolicy"
NAMESPACE_TYPE: Final = "v1/Namespace"
ISOLATED_TYPES: Final = (*WORKLOADS, NAMESPACE_TYPE)
"""The types whose flows NetworkPolicies decide without being written in them."""
_SIDES: Final = {Direction.INGRESS: ("Ingress", "from"), Direction.EGRESS: ("Egress", "to")}


@dataclass(eq=False, slots=True)
class _Policy:
    resource: Resource
    namespace: str
    pods: Selector | None
    spec: Value

    def directions(self) -> list[Direction]:
        """The directions that it isolates: those listed, else inbound, and outbound where it has such rules."""
        listed = [text(value) for value in items(item(self.spec, "policyTypes"))]
        if listed:
            return [direction for direction in Direction if _SIDES[direction][0] in listed]
        egress = items(item(self.spec, "egress"))
        return [Direction.INGRESS, Direction.EGRESS] if egress else [Direction.INGRESS]


Shared = Callable[[_Policy], "tuple[bool | None, Unknown | None]"]
"""Whether a policy speaks of the pods in question: of all, of some (False), of none (None); and why that is open."""


def network_policies(inventory: Inventory) -> list[Group]:
    """A group for every NetworkPolicy: what all policies together allow to the pods that it selects."""
    reader = _Reader(inventory)
    return [
        reader.group(policy.resource, partial(reader.shared, policy), policy.namespace, policy.pods or ())
        for policy in reader.policies
    ]


class Isolation:
    """What NetworkPolicies leave to the pods of workloads and namespaces."""

    def __init__(self, inventory: Inventory) -> None:
        self._reader = _Reader(inventory)

    def group(self, resource: Resource) -> Group:
        """What the pods of a workload may do; for a namespace: what policies for all its pods leave."""
        if resource.type == NAMESPACE_TYPE:
            return self._reader.group(resource, _of_any, name_of(resource) or "", ())
        own = own_selector(resource)
        return self._reader.group(resource, partial(_of_pods, resource), namespace_of(resource), own)


def own_selector(workload: Resource) -> Selector:
    """The labels of a workload's own pods as a selector, as far as they are known."""
    labels = pod_labels(workload) or {}
    pairs = [Requirement(label, "In", (value,)) for label, value in labels.items() if value is not None]
    return tuple(sorted(pairs, key=str))


def pods_name(pods: Selector, namespace: str) -> Name:
    """The name by which flows speak of the pods that a selector chooses in a namespace."""
    return Name(Kind.PODS, selector_text(pods, in_namespace(namespace)))


def in_namespace(name: str) -> Selector:
    """The selector of the namespace of this name."""
    return (Requirement(NAMESPACE_LABEL, "In", (name,)),)


def _policy(resource: Resource) -> _Policy:
    spec = item(resource.attributes, "spec")
    return _Policy(resource, namespace_of(resource), label_selector(item(spec, "podSelector")), spec)


def _of_pods(workload: Resource, policy: _Policy) -> tuple[bool | None, Unknown | None]:
    """Pods in the network of their node escape policies (see "NetworkPolicy and hostNetwork pods")."""
    if text(item(item(pod_template(workload), "spec"), "hostNetwork")) == "true":
        return None, None
    selected = selects(policy.pods, pod_labels(workload))
    if selected is None:
        return True, _overlap(policy)
    return (True, None) if selected else (None, None)


def _of_any(policy: _Policy) -> tuple[bool | None, Unknown | None]:
    if policy.pods is None:
        return True, _overlap(policy)
    return (None, None) if policy.pods else (True, None)


class _Reader:
    """Reads policies against the pods of one inventory."""

    def __init__(self, inventory: Inventory) -> None:
        self._pods: dict[tuple[str, str], list[Pods]] = {}
        for pods in pods_of(inventory):
            self._pods.setdefault((pods.workload.root, pods.namespace), []).append(pods)
        self._chosen: dict[int, list[Pods]] = {}
        self._hidden = hidden_by(inventory, [POLICY_TYPE])
        self.policies = [_policy(resource) for resource in inventory.of_type(POLICY_TYPE)]
        self._by_namespace: dict[tuple[str, str], list[_Policy]] = {}
        for policy in self.policies:
            self._by_namespace.setdefault((policy.resource.root, policy.namespace), []).append(policy)

    def group(self, resource: Resource, shared: Shared, namespace: str, pods: Selector) -> Group:
        """What the policies of a namespace allow together to the pods that a resource stands for."""
        others = self._by_namespace.get((resource.root, namespace), [])
        if environment_root(resource.root):  # what belongs to no environment holds in every one
            others = [*others, *self._by_namespace.get(("", namespace), ())]
        return Group(resource, pods_name(pods, namespace), tuple(self.union(resource, shared, others)), self._hidden)

    def chosen(self, policy: _Policy) -> list[Pods]:
        """The pods that a policy certainly selects."""
        if id(policy) not in self._chosen:
            near = self._pods.get((policy.resource.root, policy.namespace), ())
            known = policy.pods is not None
            self._chosen[id(policy)] = [pods for pods in near if known and selects(policy.pods, pods.labels)]
        return self._chosen[id(policy)]

    def union(self, resource: Resource, shared: Shared, others: list[_Policy]) -> Iterator[Rule]:
        """The rules of every policy that selects the pods in question, and full access where nobody isolates them."""
        isolated: set[Direction] = set()
        limits: dict[Direction, tuple[bool, Unknown | None]] = {}
        for other in others:
            whole, reason = shared(other)
            if whole is None:
                continue
            reason = first_of(reason, undecided(other.resource))
            for direction in other.directions():
                if whole and reason is None:
                    isolated.add(direction)
                limits.setdefault(direction, (whole, reason))
            for rule in self.rules(other):
                rule.whole = rule.whole and whole
                rule.unknown = first_of(rule.unknown, reason)
                yield rule
        for direction in Direction:
            if direction not in isolated:
                whole, reason = limits.get(direction, (True, None))
                yield Rule(
                    resource, "", direction, all_services(direction), ANY, resource.location,
                    reason, whole, built_in=True,
                )  # fmt: skip

    def shared(self, policy: _Policy, other: _Policy) -> tuple[bool | None, Unknown | None]:
        """Whether another policy also speaks of the pods that a policy selects."""
        if other is policy:
            return True, None
        if policy.pods is None or other.pods is None:
            return True, Unknown(Reason.ERROR, f"the pods of {other.resource.address} are not known")
        chosen = self.chosen(policy)
        if chosen:
            results = [selects(other.pods, pods.labels) for pods in chosen]
            if True in results:
                return all(results), None
            return (None, None) if None not in results else (True, _overlap(other))
        if set(other.pods) <= set(policy.pods):
            return True, None
        return (None, None) if apart(policy.pods, other.pods) else (True, _overlap(other))

    def rules(self, policy: _Policy) -> Iterator[Rule]:
        """The lines of one policy: one for each peer of each rule."""
        for direction in policy.directions():
            side, peers_key = _SIDES[direction]
            for at, rule in enumerate(items(item(policy.spec, side.lower()))):
                services, parts, unclear = self._services(policy, direction, rule)
                path = f"spec.{side.lower()}[{at}]"
                line = Rule(
                    policy.resource, path, direction, services, ANY, rule.location or policy.resource.location,
                    first_of(why(rule), unclear), parts=parts,
                )  # fmt: skip
                yield from _each_peer(line, rule, peers_key, policy.namespace)

    def _services(
        self, policy: _Policy, direction: Direction, rule: Value
    ) -> tuple[Intervals, tuple[Value, ...], Unknown | None]:
        listed = items(item(rule, "ports"))
        if not listed:
            return all_services(direction), (), None
        services: Intervals = ()
        reason = None
        for port in listed:
            part, unclear = self._port(policy, direction, port)
            services, reason = union(services, part), first_of(reason, unclear)
        return services, tuple(item(port, "port") for port in listed), reason

    def _port(self, policy: _Policy, direction: Direction, port: Value) -> tuple[Intervals, Unknown | None]:
        protocol_value, first, last = (item(port, name) for name in ("protocol", "port", "endPort"))
        protocol = TCP if protocol_value.is_absent else protocol_number(text(protocol_value) or "")
        if protocol is None or protocol == ANY_PROTOCOL:
            return all_services(direction), unreadable(protocol_value, "protocol")
        if first.is_absent:
            return all_services(direction, protocol), why(port)
        low = number(first)
        if low is None:
            named = self._named(policy, direction, text(first), protocol)
            return (named, None) if named else (all_services(direction, protocol), unreadable(first, "known port"))
        high = low if last.is_absent else number(last)
        return ports(direction, protocol, low, 65535 if high is None else high), why(last)

    def _named(self, policy: _Policy, direction: Direction, name: str | None, protocol: int) -> Intervals | None:
        """The numbers of a named port at the pods that the policy selects; outbound nobody knows whose name it is."""
        if name is None or direction is Direction.EGRESS:
            return None
        services: Intervals = ()
        for pods in self.chosen(policy):
            where, written = pods.ports.get(name, (None, ""))
            if where is not None and protocol_number(written) == protocol:
                services = union(services, ports(direction, protocol, where, where))
        return services or None


def _overlap(other: _Policy) -> Unknown:
    return Unknown(Reason.ERROR, f"whether {other.resource.address} selects the same pods is not known")


def _each_peer(line: Rule, rule: Value, key: str, namespace: str) -> Iterator[Rule]:
    if not items(item(rule, key)):
        yield replace(line, peer=item(rule, key), peer_path=key)
    for peer in each_peer(rule, key, partial(_peer, namespace=namespace)):
        reason = first_of(line.unknown, peer.unknown)
        yield replace(line, peers=peer.peers, unknown=reason, peer=peer.value, peer_path=peer.path)


def _peer(peer: Value, namespace: str) -> tuple[Peers, Unknown | None]:
    if not isinstance(peer.raw, Mapping):
        return ANY, unreadable(peer, "peer")
    block = item(peer, "ipBlock")
    if not block.is_absent:
        return _block(block)
    pods_value, namespaces_value = item(peer, "podSelector"), item(peer, "namespaceSelector")
    pods = label_selector(pods_value)
    namespaces = in_namespace(namespace) if namespaces_value.is_absent else label_selector(namespaces_value)
    if pods is None or namespaces is None:
        # Unknown labels may choose any pods, but never addresses outside the cluster.
        return Peers(kinds=frozenset({Kind.PODS})), unreadable(
            pods_value if pods is None else namespaces_value, "label"
        )
    return Peers(names=frozenset([Name(Kind.PODS, selector_text(pods, namespaces))])), None


def _block(block: Value) -> tuple[Peers, Unknown | None]:
    value = item(block, "cidr")
    addresses = network(text(value) or "")
    if addresses is None:
        return Peers(ANY.addresses), unreadable(value, "network")
    for exception in items(item(block, "except")):
        hole = network(text(exception) or "")
        if hole is None:
            return Peers(addresses), unreadable(exception, "network")
        addresses = difference(addresses, hole)
    return Peers(addresses), None
