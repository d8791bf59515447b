"""Sets of flows against a brute-force model: a Python set of (service, peer) over a few services and peers."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product as pairs

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scanner.network.flows import NO_FLOWS, FlowSet, gather, product, union_of
from scanner.network.intervals import Intervals, union_all
from scanner.network.peers import ANY, KINDS, V6, Kind, Name, Peers, cidr
from scanner.network.services import SIDE, TCP, Direction, all_services, icmp, ports

# Sets are cut at these bounds; the first member of each piece stands for all of it.
PORTS = (0, 1, 2, 3, 65534, 65535)
ENDS = [side + protocol * 65536 + port for side in (0, SIDE) for protocol in (0, 6, 255) for port in PORTS]
SERVICES = sorted({end + more for end in ENDS for more in (0, 1)})
ADDRESSES = (0, 1, 2, 3, V6 - 1, V6, V6 + 1, V6 + 2)
NAMES = [Name(kind, text) for kind in KINDS for text in ("a", "b")]
UNWRITTEN = [Name(kind, "never written") for kind in KINDS]
POINTS = [*ADDRESSES, *NAMES, *UNWRITTEN]
relaxed = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
Model = frozenset[tuple[int, "int | Name"]]


@st.composite
def service_sets(draw: st.DrawFn) -> Intervals:
    bounds = st.sampled_from(SERVICES)
    spans = draw(st.lists(st.tuples(bounds, bounds), max_size=3))
    return union_all((min(span), max(span)) for span in spans if span[0] != span[1])


@st.composite
def peer_sets(draw: st.DrawFn) -> Peers:
    bounds = st.sampled_from(ADDRESSES)
    spans = draw(st.lists(st.tuples(bounds, bounds), max_size=2))
    return Peers(
        union_all((min(span), max(span)) for span in spans if span[0] != span[1]),
        draw(st.frozensets(st.sampled_from(NAMES), max_size=3)),
        draw(st.frozensets(st.sampled_from(KINDS), max_size=1)),
    )


PAIRS = st.lists(st.tuples(service_sets(), peer_sets()), max_size=4)


def holds(numbers: Intervals, number: int) -> bool:
    return any(numbers[at] <= number < numbers[at + 1] for at in range(0, len(numbers), 2))


def member(peers: Peers, point: int | Name) -> bool:
    if isinstance(point, Name):
        return point in peers.names or point.kind in peers.kinds
    return holds(peers.addresses, point)


def model_of(written: list[tuple[Intervals, Peers]]) -> Model:
    return frozenset(
        (service, point)
        for services, peers in written
        for service, point in pairs(SERVICES, POINTS)
        if holds(services, service) and member(peers, point)
    )


def model(flows: FlowSet) -> Model:
    found = set()
    for point in POINTS:
        if isinstance(point, Name):
            services = flows.at(point)
        else:
            services = next((value for start, value in reversed(flows.addresses) if start <= point), ())
        found |= {(service, point) for service in SERVICES if holds(services, service)}
    return frozenset(found)


@relaxed
@given(PAIRS)
def test_a_set_is_what_was_written(written: list[tuple[Intervals, Peers]]) -> None:
    made = gather(written)
    assert model(made) == model_of(written)
    assert made == union_of(product(*pair) for pair in written)


@pytest.mark.parametrize(
    ("ours", "pythons"),
    [
        (FlowSet.__or__, frozenset.__or__),
        (FlowSet.__and__, frozenset.__and__),
        (FlowSet.__sub__, frozenset.__sub__),
    ],
)
@relaxed
@given(one=PAIRS, other=PAIRS)
def test_operations_are_those_of_sets(
    ours: Callable[[FlowSet, FlowSet], FlowSet],
    pythons: Callable[[Model, Model], Model],
    one: list[tuple[Intervals, Peers]],
    other: list[tuple[Intervals, Peers]],
) -> None:
    assert model(ours(gather(one), gather(other))) == pythons(model_of(one), model_of(other))


@relaxed
@given(PAIRS, PAIRS)
def test_subset_and_equality_follow_the_sets(
    one: list[tuple[Intervals, Peers]], other: list[tuple[Intervals, Peers]]
) -> None:
    first, second = gather(one), gather(other)
    assert (first <= second) == (model_of(one) <= model_of(other))
    assert (first == second) == (model_of(one) == model_of(other))


@relaxed
@given(PAIRS, PAIRS)
def test_the_form_is_canonical(one: list[tuple[Intervals, Peers]], other: list[tuple[Intervals, Peers]]) -> None:
    first, second = gather(one), gather(other)
    assert (first | second) - (second - first) == first
    assert first - first == NO_FLOWS == first & NO_FLOWS
    assert not first - first


@relaxed
@given(PAIRS)
def test_rectangles_are_the_whole_set_and_do_not_overlap(written: list[tuple[Intervals, Peers]]) -> None:
    flows = gather(written)
    parts = [product(flow.services, flow.peers) for flow in flows.flows() if not _cofinite(flows)]
    if not _cofinite(flows):
        assert union_of(parts) == flows
        for at, part in enumerate(parts):
            assert not union_of(parts[:at]) & part


def _cofinite(flows: FlowSet) -> bool:
    """Whether a name is an exception from its kind, which no rectangle can say."""
    return any(kind in {name.kind for name in flows.names} for kind in flows.rest)


@relaxed
@given(PAIRS)
def test_one_way_splits_a_set(written: list[tuple[Intervals, Peers]]) -> None:
    flows = gather(written)
    inward, outward = (flows.one_way(direction) for direction in Direction)
    assert inward | outward == flows
    assert not inward & outward


def test_flows_read_as_people_write_them() -> None:
    office = cidr("203.0.113.0/28")
    assert office is not None
    ssh = product(ports(Direction.INGRESS, TCP, 22, 22), office)
    web = product(ports(Direction.EGRESS, TCP, 443, 444), Peers(names=frozenset([Name(Kind.GROUP, "sg-web")])))
    ping = product(icmp(Direction.INGRESS, 1, 8, 0), office)
    everything = product(all_services(Direction.EGRESS), ANY)
    assert [flow.text() for flow in (ssh | web | ping).flows()] == [
        "icmp type 8 code 0; tcp 22 from 203.0.113.0/28",
        "tcp 443-444 to sg-web",
    ]
    assert [flow.text() for flow in everything.flows()] == ["all protocols to any"]
