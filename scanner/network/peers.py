"""Peers: the other end of a flow. Addresses are numbers on one line; groups, tags and selectors are names.

The line of addresses is IPv4 (2^32 numbers) followed by IPv6 (2^128). A name stands for addresses that only the cloud
knows: what is said of a name is kept apart from what is said of addresses (scanner.network.coverage relates the two).
"""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Final, NamedTuple

from scanner.network.intervals import EMPTY, Intervals, intersection, spans, union, union_all

V6: Final = 1 << 32
END: Final = V6 + (1 << 128)
ALL_V4: Final[Intervals] = (0, V6)
ALL_V6: Final[Intervals] = (V6, END)
ALL_ADDRESSES: Final[Intervals] = (0, END)
_MOST_NETWORKS: Final = 4


class Kind(StrEnum):
    """What a name is the name of."""

    GROUP = "group"
    PREFIX_LIST = "prefix list"
    TAG = "tag"
    PODS = "pods"


KINDS: Final = tuple(Kind)


class Name(NamedTuple):
    """A named peer: a security group (by address or id), prefix list, service tag, or selector of pods.

    `root` is the root module of a group that code defines, since addresses are unique only within one.
    """

    kind: Kind
    text: str
    root: str = ""


Label = Callable[[Name], str]
"""How a name is shown to people: a component of the baseline, or the name itself."""


def own_text(name: Name) -> str:
    """The name as it is written, for where nobody knows a better one."""
    return name.text


@dataclass(frozen=True, slots=True)
class Peers:
    """A set of peers: addresses, single names, and kinds of which every name belongs to it."""

    addresses: Intervals = EMPTY
    names: frozenset[Name] = frozenset()
    kinds: frozenset[Kind] = frozenset()

    def __or__(self, other: Peers) -> Peers:
        return Peers(union(self.addresses, other.addresses), self.names | other.names, self.kinds | other.kinds)

    def __bool__(self) -> bool:
        return bool(self.addresses or self.names or self.kinds)


NOBODY: Final = Peers()
ANY: Final = Peers(ALL_ADDRESSES, frozenset(), frozenset(KINDS))
"""Everybody: what `*` means to Azure and an empty `from` to Kubernetes."""


def named(kind: Kind, text: str, root: str = "") -> Peers:
    """One name."""
    return Peers(names=frozenset([Name(kind, text, root)]))


def any_of(*kinds: Kind) -> Peers:
    """Every name of some kinds."""
    return Peers(kinds=frozenset(kinds))


@lru_cache(maxsize=1 << 16)
def network(text: str) -> Intervals | None:
    """The addresses of a network or address in text; None for what is neither. Host bits are ignored as AWS does."""
    try:
        found = ipaddress.ip_network(text.strip(), strict=False)
    except ValueError:
        return None
    base = V6 if found.version == 6 else 0
    first = base + int(found.network_address)
    return (first, first + found.num_addresses)


def cidr(text: str) -> Peers | None:
    """The peers of a network in text; None for what is no network."""
    addresses = network(text)
    return None if addresses is None else Peers(addresses)


# RFC 1918, 6598 (shared), 3927 (link local), 1122 (this network, loopback), 5771 (multicast), 1112 (reserved);
# RFC 4193 (unique local), 4291 (unspecified, loopback, link local, multicast).
_NOT_PUBLIC: Final = (
    "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "169.254.0.0/16", "0.0.0.0/8", "127.0.0.0/8",
    "224.0.0.0/4", "240.0.0.0/4", "fc00::/7", "::/127", "fe80::/10", "ff00::/8",
)  # fmt: skip
PRIVATE: Final[Intervals] = union_all(filter(None, map(network, (*_NOT_PUBLIC[:3], "100.64.0.0/10", "fc00::/7"))))


def _complement(numbers: Intervals) -> Intervals:
    bounds = (0, *numbers, END)
    return tuple(
        bound for at in range(0, len(bounds), 2) if bounds[at] < bounds[at + 1] for bound in bounds[at : at + 2]
    )


PUBLIC: Final[Intervals] = _complement(union_all(filter(None, map(network, _NOT_PUBLIC))))
PUBLIC_V4: Final[Intervals] = intersection(PUBLIC, ALL_V4)
PUBLIC_V6: Final[Intervals] = intersection(PUBLIC, ALL_V6)


def describe_addresses(addresses: Intervals) -> str:
    """Addresses for people: networks where few are enough, else ranges."""
    if addresses == ALL_ADDRESSES:
        return "any address"
    return ", ".join(text for first, last in _by_version(addresses) for text in _networks(first, last))


def _by_version(addresses: Intervals) -> Iterable[tuple[int, int]]:
    for first, last in spans(addresses):
        if first < V6 <= last:
            yield first, V6 - 1
            yield V6, last
        else:
            yield first, last


def _networks(first: int, last: int) -> list[str]:
    """The networks that make up a range of one version, or the range where they are many."""
    low = _address(first)
    high = _address(last)
    found = [str(part) for part in ipaddress.summarize_address_range(low, high)]
    return found if len(found) <= _MOST_NETWORKS else [f"{low}-{high}"]


def _address(number: int) -> ipaddress.IPv4Address | ipaddress.IPv6Address:
    return ipaddress.IPv6Address(number - V6) if number >= V6 else ipaddress.IPv4Address(number)


def describe(peers: Peers, label: Label = own_text) -> str:
    """Peers for people."""
    if peers.kinds == frozenset(KINDS) and peers.addresses == ALL_ADDRESSES:
        return "any"
    parts = [describe_addresses(peers.addresses)] if peers.addresses else []
    parts += [f"any {kind}" for kind in sorted(peers.kinds)]
    parts += sorted(label(name) for name in peers.names if name.kind not in peers.kinds)
    return ", ".join(parts) or "nobody"
