"""Services: direction, protocol and port (or ICMP type and code) as one line of numbers.

A service is direction × 2^24 + protocol × 2^16 + port. Ports and ICMP type × 256 + code both need 16 bits, so every
protocol is a block of 65,536 numbers, and "all protocols" is one interval. Protocols without ports use whole blocks.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import Final

from scanner.network.intervals import Intervals, difference, interval, spans, union_all

TCP: Final = 6
UDP: Final = 17
ICMP: Final = 1
ICMPV6: Final = 58
ANY_PROTOCOL: Final = -1
BLOCK: Final = 1 << 16
LAST_PORT: Final = BLOCK - 1
SIDE: Final = 1 << 24
ALL_SERVICES: Final[Intervals] = (0, 2 * SIDE)

# Names as the clouds write them; numbers of the IANA protocol registry.
PROTOCOLS: Final = {
    "-1": ANY_PROTOCOL, "all": ANY_PROTOCOL, "any": ANY_PROTOCOL, "*": ANY_PROTOCOL,
    "tcp": TCP, "udp": UDP, "icmp": ICMP, "icmpv6": ICMPV6, "icmp6": ICMPV6, "ipv6-icmp": ICMPV6,
    "gre": 47, "esp": 50, "ah": 51, "sctp": 132,
}  # fmt: skip
_NAMES: Final = {TCP: "tcp", UDP: "udp", ICMP: "icmp", ICMPV6: "icmpv6", 47: "gre", 50: "esp", 51: "ah", 132: "sctp"}
_WITH_PORTS: Final = (TCP, UDP, 33, 132, 136)


class Direction(StrEnum):
    """Which way a connection is opened, as seen from the group."""

    INGRESS = "ingress"
    EGRESS = "egress"

    @property
    def base(self) -> int:
        """The first service of this direction."""
        return SIDE if self is Direction.EGRESS else 0

    @property
    def reverse(self) -> Direction:
        """The other one."""
        return Direction.INGRESS if self is Direction.EGRESS else Direction.EGRESS


def protocol_number(text: str) -> int | None:
    """The number of a protocol by name or number, ANY_PROTOCOL for all of them, None for what is no protocol."""
    name = text.strip().lower()
    if name in PROTOCOLS:
        return PROTOCOLS[name]
    return int(name) if name.isdecimal() and int(name) <= 255 else None


def has_ports(protocol: int) -> bool:
    """Whether a protocol has ports."""
    return protocol in _WITH_PORTS


def is_icmp(protocol: int) -> bool:
    """Whether a protocol has types and codes instead of ports."""
    return protocol in (ICMP, ICMPV6)


def all_services(direction: Direction, protocol: int = ANY_PROTOCOL) -> Intervals:
    """Everything in one direction, or everything of one protocol."""
    if protocol == ANY_PROTOCOL:
        return interval(direction.base, direction.base + SIDE - 1)
    first = direction.base + protocol * BLOCK
    return interval(first, first + LAST_PORT)


def ports(direction: Direction, protocol: int, first: int, last: int) -> Intervals:
    """A range of ports, both ends included; -1 as either end means all. Other protocols are taken as a whole."""
    if not has_ports(protocol) or first < 0 or last < 0:
        return all_services(direction, protocol)
    base = direction.base + protocol * BLOCK
    return interval(base + min(first, BLOCK), base + min(last, LAST_PORT))


def icmp(direction: Direction, protocol: int, type_: int, code: int) -> Intervals:
    """An ICMP type and code; a type of -1 means all messages, a code of -1 all of a type."""
    if not 0 <= type_ <= 255:
        return all_services(direction, protocol)
    first = direction.base + protocol * BLOCK + type_ * 256
    return interval(first + code, first + code) if 0 <= code <= 255 else interval(first, first + 255)


def mirrored(services: Intervals) -> Intervals:
    """The same services seen from the other end: ingress becomes egress and the reverse."""
    return union_all(
        (first - SIDE, last + 1 - SIDE) if first >= SIDE else (first + SIDE, last + 1 + SIDE)
        for low, high in spans(services)
        for first, last in _split(low, high, SIDE)
    )


def _split(first: int, last: int, size: int) -> Iterable[tuple[int, int]]:
    """An interval cut at the multiples of `size`."""
    while first <= last:
        end = min(last, first - first % size + size - 1)
        yield first, end
        first = end + 1


def one_way(services: Intervals, direction: Direction) -> Intervals:
    """The services of one direction."""
    base = direction.base
    return union_all(
        (max(first, base), min(last, base + SIDE - 1) + 1)
        for first, last in spans(services)
        if first < base + SIDE and last >= base
    )


def describe(services: Intervals) -> str:
    """Services for people, without their direction: `tcp 443, 8000-8002; icmp`; `all protocols` where it is so."""
    offset = SIDE if services and services[0] >= SIDE else 0
    whole = interval(offset, offset + SIDE - 1)
    rest = difference(whole, services)
    if sum(last - first for first, last in spans(rest)) < SIDE // 2:
        return f"all protocols but {describe(rest)}" if rest else "all protocols"
    parts: dict[str, list[str]] = {}
    for first, last in spans(services):
        for name, text in _pieces(first - offset, last - offset):
            parts.setdefault(name, []).append(text)
    return "; ".join(f"{name} {', '.join(filter(None, texts))}".rstrip() for name, texts in parts.items())


def _pieces(first: int, last: int) -> Iterable[tuple[str, str]]:
    """The blocks that an interval touches, whole unnamed ones taken together as `protocols 18-57`."""
    waiting: list[int] = []
    for low, high in _split(first, last, BLOCK):
        protocol = low // BLOCK
        whole = high - low == LAST_PORT
        if whole and protocol not in _NAMES:
            waiting.append(protocol)
            continue
        yield from _unnamed(waiting)
        waiting = []
        yield _NAMES.get(protocol, f"protocol {protocol}"), "" if whole else _range(protocol, low % BLOCK, high % BLOCK)
    yield from _unnamed(waiting)


def _unnamed(protocols: list[int]) -> Iterable[tuple[str, str]]:
    if protocols:
        yield "protocols", str(protocols[0]) if len(protocols) == 1 else f"{protocols[0]}-{protocols[-1]}"


def _range(protocol: int, first: int, last: int) -> str:
    if not is_icmp(protocol):
        return str(first) if first == last else f"{first}-{last}"
    if first == last:
        return f"type {first // 256} code {first % 256}"
    types = f"{first // 256}" if first // 256 == last // 256 else f"{first // 256}-{last // 256}"
    return f"type {types}" if first % 256 == 0 and last % 256 == 255 else f"type {types} in part"


def transport(direction: Direction, first: int = 0, last: int = LAST_PORT) -> Intervals:
    """A range of ports of TCP and of UDP: what Azure means by a port of any protocol."""
    return union_all([ports(direction, TCP, first, last), ports(direction, UDP, first, last)])
