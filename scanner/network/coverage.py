"""What one peer says about another: networks, service tags and selectors of pods that lie inside each other.

Sets of flows treat every name as a peer of its own. Where two texts of the same meaning are to be compared, or an
earlier rule may decide a later one, the relations below hold as well. Source for tags: Azure's page on virtual network
service tags (Internet is everything outside the virtual network, the public addresses of Azure included).
"""

from __future__ import annotations

import re
from typing import Final

from scanner.network.flows import FlowSet, gather, product
from scanner.network.intervals import EMPTY, Intervals, difference, intersection, interval, segments, union, union_all
from scanner.network.peers import (
    ALL_ADDRESSES,
    ALL_V4,
    KINDS,
    PRIVATE,
    PUBLIC,
    Kind,
    Name,
    Peers,
)
from scanner.network.services import ALL_SERVICES

INTERNET: Final = Name(Kind.TAG, "Internet")
VIRTUAL_NETWORK: Final = Name(Kind.TAG, "VirtualNetwork")
LOAD_BALANCER: Final = Name(Kind.TAG, "AzureLoadBalancer")
_PROBE_ADDRESS: Final = (0xA83F8110, 0xA83F8111)  # 168.63.129.16, the only member of AzureLoadBalancer
_ELSEWHERE: Final = difference(PUBLIC, _PROBE_ADDRESS)
_NOT_INTERNET: Final = frozenset({VIRTUAL_NETWORK, LOAD_BALANCER})
SCOPE: Final = " @ "
JOIN: Final = " & "
EVERYTHING: Final = "*"
TAG_TEXT: Final = re.compile(r"[A-Z][A-Za-z0-9]*(\.[A-Za-z0-9]+)?")


def everywhere(flows: FlowSet, over: Intervals = ALL_ADDRESSES) -> Intervals:
    """The services that are allowed with each of these addresses."""
    if not flows.addresses:
        return EMPTY
    lacking = product(ALL_SERVICES, Peers(over)) - FlowSet(flows.addresses)
    return difference(ALL_SERVICES, lacking.services())


def anywhere(flows: FlowSet, over: Intervals = ALL_ADDRESSES) -> Intervals:
    """The services that are allowed with some of these addresses."""
    return union_all(
        value for first, last, value in segments(flows.addresses) if intersection(interval(first, last), over)
    )


def covered(flows: FlowSet) -> FlowSet:
    """The flows with everything that they certainly include: names whose addresses or wider names are in the set.

    Every address includes every name, every IPv4 address every service tag, Internet all public addresses and tags,
    and a selector of pods every narrower one that the set names (`narrower` adds those that another set names).
    """
    implied: list[tuple[Intervals, Peers]] = []
    everyone = everywhere(flows)
    if everyone:
        implied.append((everyone, Peers(kinds=frozenset(KINDS))))
    v4 = everywhere(flows, ALL_V4)
    if v4:
        implied.append((v4, Peers(kinds=frozenset({Kind.TAG}))))
    internet = flows.at(INTERNET)
    if internet:
        implied.append((internet, Peers(_ELSEWHERE)))
    base = flows | gather(implied) if implied else flows
    return base | _public_tags(internet, base) if internet else base


def _public_tags(services: Intervals, flows: FlowSet) -> FlowSet:
    """Internet's services for every tag but those that lie inside the virtual network."""
    tags = {name: flows.at(name) for name in _NOT_INTERNET}
    for name in flows.names:
        if name.kind is Kind.TAG and name not in _NOT_INTERNET:
            tags[name] = union(flows.at(name), services)
    rest = union(flows.rest.get(Kind.TAG, EMPTY), services)
    return FlowSet((), {name: value for name, value in tags.items() if value != rest}, {Kind.TAG: rest})


def narrower(flows: FlowSet, other: FlowSet) -> FlowSet:
    """What `flows` says about the selectors of pods that `other` names: those inside a selector of its own."""
    wide = [(name, value) for name, value in flows.names.items() if name.kind is Kind.PODS and value]
    pairs = [
        (value, Peers(names=frozenset([name])))
        for name in other.names
        if name.kind is Kind.PODS
        for selector, value in wide
        if selector != name and lies_within(name.text, selector.text)
    ]
    return flows | gather(pairs) if pairs else flows


def lies_within(inner: str, outer: str) -> bool:
    """Whether the pods of one selector are certainly all selected by the other: it asks for no more labels."""
    pods, namespaces = _labels(inner)
    outer_pods, outer_namespaces = _labels(outer)
    return outer_pods <= pods and outer_namespaces <= namespaces


def _labels(text: str) -> tuple[frozenset[str], frozenset[str]]:
    pods, _, namespaces = text.partition(SCOPE)
    nothing = {EVERYTHING}
    return frozenset(pods.split(JOIN)) - nothing, frozenset(namespaces.split(JOIN)) - nothing


def touching(flows: FlowSet) -> FlowSet:
    """The flows with everything that they may include, because nobody here knows the addresses of names.

    An address in the private ranges may belong to the virtual network and to application security groups, a public one
    to any tag; a group may lie in any private network. What is certainly apart stays apart.
    """
    private = anywhere(flows, PRIVATE)
    public = anywhere(flows, PUBLIC)
    groups = union(flows.rest.get(Kind.GROUP, EMPTY), _all_of(flows, Kind.GROUP))
    inside = union(groups, flows.at(VIRTUAL_NETWORK))
    tags = _all_of(flows, Kind.TAG, but=_NOT_INTERNET)
    outside = union(tags, public)
    pairs = [
        (union(private, inside), Peers(names=frozenset({VIRTUAL_NETWORK}), kinds=frozenset({Kind.GROUP}))),
        (inside, Peers(PRIVATE)),
        (tags, Peers(_ELSEWHERE)),
        (flows.at(LOAD_BALANCER), Peers(_PROBE_ADDRESS)),
        (anywhere(flows, _PROBE_ADDRESS), Peers(names=frozenset({LOAD_BALANCER}))),
    ]
    wide = covered(flows) | gather((services, peers) for services, peers in pairs if services)
    return wide | _public_tags(outside, wide) if outside else wide


def _all_of(flows: FlowSet, kind: Kind, but: frozenset[Name] = frozenset()) -> Intervals:
    services = flows.rest.get(kind, EMPTY)
    for name, value in flows.names.items():
        if name.kind is kind and name not in but:
            services = union(services, value)
    return services
