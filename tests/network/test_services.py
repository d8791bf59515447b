from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scanner.network.intervals import interval, union, union_all
from scanner.network.services import (
    ICMP,
    ICMPV6,
    SIDE,
    TCP,
    UDP,
    Direction,
    all_services,
    describe,
    icmp,
    mirrored,
    one_way,
    ports,
    protocol_number,
)

IN = Direction.INGRESS


@pytest.mark.parametrize(
    ("text", "number"),
    [("-1", -1), ("all", -1), ("*", -1), ("TCP", 6), ("17", 17), ("icmp", 1), ("icmpv6", 58), ("50", 50)],
)
def test_protocols_by_name_and_number(text: str, number: int) -> None:
    assert protocol_number(text) == number


@pytest.mark.parametrize("text", ["", "tpc", "256", "-2"])
def test_what_is_no_protocol(text: str) -> None:
    assert protocol_number(text) is None


def test_all_ports_of_tcp_are_all_of_tcp() -> None:
    assert ports(IN, TCP, 0, 65535) == all_services(IN, TCP) == ports(IN, TCP, -1, -1)


def test_all_messages_and_all_codes() -> None:
    assert icmp(IN, ICMP, -1, -1) == all_services(IN, ICMP)
    assert union_all(icmp(IN, ICMP, 3, code) for code in range(256)) == icmp(IN, ICMP, 3, -1)
    assert union_all(icmp(IN, ICMP, type_, -1) for type_ in range(256)) == all_services(IN, ICMP)


def test_every_protocol_together_is_all_protocols() -> None:
    assert union_all(all_services(IN, protocol) for protocol in range(256)) == all_services(IN)


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(0, 2 * SIDE - 1), st.integers(0, 2 * SIDE - 1)), max_size=4))
def test_the_mirror_of_a_mirror_is_the_original(spans: list[tuple[int, int]]) -> None:
    services = union_all(interval(min(span), max(span)) for span in spans)
    assert mirrored(mirrored(services)) == services
    assert one_way(mirrored(services), Direction.EGRESS) == mirrored(one_way(services, IN))


@pytest.mark.parametrize(
    ("services", "text"),
    [
        (ports(IN, TCP, 443, 443), "tcp 443"),
        (union(ports(IN, TCP, 80, 80), ports(IN, TCP, 8000, 8002)), "tcp 80, 8000-8002"),
        (union(ports(IN, TCP, 53, 53), ports(IN, UDP, 53, 53)), "tcp 53; udp 53"),
        (all_services(IN, UDP), "udp"),
        (all_services(IN, 47), "gre"),
        (all_services(Direction.EGRESS), "all protocols"),
        (icmp(Direction.EGRESS, ICMPV6, 128, -1), "icmpv6 type 128"),
        (icmp(IN, ICMP, 3, 4), "icmp type 3 code 4"),
        (union(all_services(IN, TCP), all_services(IN, 7)), "tcp; protocols 7"),
    ],
)
def test_services_in_words(services: tuple[int, ...], text: str) -> None:
    assert describe(services) == text
