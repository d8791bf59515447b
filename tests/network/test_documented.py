"""The flows of a document as a baseline writes them."""

from __future__ import annotations

import pytest

from scanner.model.value import Plain
from scanner.network.documented import NOT_BOUND, FlowError, Resolved, parse_flows
from scanner.network.flows import union_of
from scanner.network.peers import Kind, named
from scanner.network.services import Direction

WEB = named(Kind.GROUP, "web")


def resolve(text: str) -> Resolved | None:
    return {"sg-web": Resolved(WEB, WEB), "sg-gone": NOT_BOUND}.get(text)


def texts(*flows: Plain) -> list[str]:
    parsed = parse_flows(Direction.INGRESS, list(flows), resolve)
    return [flow.text() for flow in union_of(flow.sure for flow in parsed).flows()]


@pytest.mark.parametrize(
    ("flow", "text"),
    [
        ({"port": 443, "peer": "sg-web"}, "tcp 443 from web"),
        ({"port": "8000-8002", "peer": "10.0.0.0/8"}, "tcp 8000-8002 from 10.0.0.0/8"),
        ({"port": [80, 443, "8000-8001"], "peer": "any"}, "tcp 80, 443, 8000-8001 from any"),
        ({"port": "all", "peer": "Internet"}, "tcp from Internet"),
        ({"peer": "sg-0123"}, "tcp from sg-0123"),
        ({"protocol": "udp", "port": 53, "peer": "pl-1"}, "udp 53 from pl-1"),
        ({"protocol": "all", "peer": "any"}, "all protocols from any"),
        ({"protocol": "icmp", "peer": "10.0.0.0/8"}, "icmp from 10.0.0.0/8"),
        ({"protocol": "icmp", "icmp_type": 8, "icmp_code": 0, "peer": "any"}, "icmp type 8 code 0 from any"),
        ({"port": 1, "peer": ["10.0.0.0/9", "10.128.0.0/9"]}, "tcp 1 from 10.0.0.0/8"),
        ({"port": 1, "peer": {"pods": {"a": "b"}, "namespaces": {"c": "d"}}}, "tcp 1 from a=b @ c=d"),
        ({"port": 1, "peer": {"namespaces": {"c": "d"}}}, "tcp 1 from * @ c=d"),
        ({"port": 1, "peer": {"tag": "Sql.KoreaCentral"}}, "tcp 1 from Sql.KoreaCentral"),
    ],
)
def test_flows(flow: Plain, text: str) -> None:
    assert texts(flow) == [text]


def test_a_component_that_is_not_there_is_nobody() -> None:
    (flow,) = parse_flows(Direction.EGRESS, [{"port": 1, "peer": "sg-gone"}], resolve)
    assert not flow.sure
    assert flow.text() == "tcp 1 to sg-gone"


@pytest.mark.parametrize(
    "flow",
    [
        "443",
        {"port": 443},
        {"port": 443, "peer": "nobody-knows-this"},
        {"port": 443, "peer": 7},
        {"port": 443, "peer": {"unheard": "of"}},
        {"port": 70000, "peer": "any"},
        {"port": "9-8", "peer": "any"},
        {"port": "https", "peer": "any"},
        {"protocol": "tpc", "port": 443, "peer": "any"},
        {"protocol": "all", "port": 443, "peer": "any"},
        {"port": 443, "peer": "any", "prot": "udp"},
        {"port": 443, "peer": "any", "severity": "worst"},
    ],
)
def test_what_makes_no_sense(flow: Plain) -> None:
    with pytest.raises(FlowError):
        parse_flows(Direction.INGRESS, [flow], resolve)


def test_flows_are_a_list() -> None:
    with pytest.raises(FlowError):
        parse_flows(Direction.INGRESS, "any", resolve)
