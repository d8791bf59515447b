"""What one peer says about another."""

from __future__ import annotations

import pytest

from scanner.network.coverage import INTERNET, LOAD_BALANCER, VIRTUAL_NETWORK, covered, everywhere, narrower, touching
from scanner.network.documented import parse_peer
from scanner.network.flows import FlowSet, product, union_of
from scanner.network.peers import ALL_V4, PUBLIC_V4, Kind, Name, network
from scanner.network.services import TCP, Direction, ports

HTTPS = ports(Direction.INGRESS, TCP, 443, 443)


def flows(*peers: str) -> FlowSet:
    return union_of(product(HTTPS, parse_peer(peer, lambda _: None).sure) for peer in peers)


@pytest.mark.parametrize(
    ("wide", "narrow"),
    [
        (["any"], "sg-1"),
        (["any"], "Internet"),
        (["0.0.0.0/0", "::/0"], "sg-1"),
        (["0.0.0.0/0"], "Internet"),
        (["0.0.0.0/1", "128.0.0.0/1"], "Storage"),
        (["Internet"], "AzureFrontDoor.Backend"),
        (["Internet"], "203.0.113.0/24"),
    ],
)
def test_a_wider_peer_includes_a_narrower_one(wide: list[str], narrow: str) -> None:
    assert flows(narrow) <= covered(flows(*wide))


@pytest.mark.parametrize(
    ("wide", "narrow"),
    [
        (["0.0.0.0/0"], "sg-1"),
        (["0.0.0.0/0"], "::/0"),
        (["10.0.0.0/8"], "VirtualNetwork"),
        (["VirtualNetwork"], "10.0.0.0/8"),
        (["Internet"], "VirtualNetwork"),
        (["Internet"], "AzureLoadBalancer"),
        (["Internet"], "10.0.0.0/8"),
        (["AzureFrontDoor.Backend"], "Internet"),
    ],
)
def test_what_does_not_certainly_include_another(wide: list[str], narrow: str) -> None:
    assert not flows(narrow) <= covered(flows(*wide))


@pytest.mark.parametrize(
    ("one", "other", "may"),
    [
        ("10.0.0.0/8", "VirtualNetwork", True),
        ("VirtualNetwork", "10.0.0.0/8", True),
        ("203.0.113.0/24", "Storage", True),
        ("Storage", "203.0.113.0/24", True),
        ("Storage", "Internet", True),
        ("168.63.129.16", "AzureLoadBalancer", True),
        ("Internet", "10.0.0.0/8", False),
        ("Internet", "VirtualNetwork", False),
        ("10.0.0.0/8", "AzureLoadBalancer", False),
        ("10.0.0.0/8", "11.0.0.0/8", False),
    ],
)
def test_what_may_have_something_in_common(one: str, other: str, may: bool) -> None:
    assert bool(touching(flows(one)) & flows(other)) is may


def test_covering_adds_and_never_removes() -> None:
    for peer in ("any", "0.0.0.0/0", "Internet", "10.0.0.0/8", "sg-1", "VirtualNetwork"):
        assert flows(peer) <= covered(flows(peer)) <= touching(flows(peer))


def test_everywhere_needs_every_address() -> None:
    assert everywhere(flows("0.0.0.0/0"), ALL_V4) == HTTPS
    assert everywhere(flows("0.0.0.0/1"), ALL_V4) == ()
    assert everywhere(flows("0.0.0.0/0"), PUBLIC_V4) == HTTPS
    assert everywhere(flows("0.0.0.0/0")) == ()
    assert everywhere(flows("any")) == HTTPS


def test_narrower_selectors_are_those_that_the_other_set_names() -> None:
    def pods(text: str) -> FlowSet:
        return FlowSet(names={Name(Kind.PODS, text): HTTPS})

    dns = pods("k8s-app=kube-dns @ name=kube-system")
    assert dns <= narrower(pods("* @ name=kube-system"), dns)
    assert not dns <= narrower(pods("* @ name=shop"), dns)


def test_the_names_of_azure() -> None:
    assert {INTERNET.text, VIRTUAL_NETWORK.text, LOAD_BALANCER.text} == {
        "Internet", "VirtualNetwork", "AzureLoadBalancer",
    }  # fmt: skip
    assert network("168.63.129.16") is not None
