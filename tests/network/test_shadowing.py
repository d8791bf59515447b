"""Prioritised rules against brute force: for every port and peer, the first rule that fits decides."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scanner.model.resource import Resource
from scanner.model.value import from_plain
from scanner.network.attachments import Attachments
from scanner.network.azure import network_security_groups
from scanner.network.coverage import INTERNET, VIRTUAL_NETWORK
from scanner.network.flows import FlowSet
from scanner.network.intervals import spans
from scanner.network.inventory import Groups
from scanner.network.overlaps import Sort, Why, remarks
from scanner.network.peers import ANY, Kind, Name, cidr, network
from scanner.network.rules import Group, Rule
from scanner.network.services import TCP, Direction, ports
from tests.network.world import groups, read, shown

PORTS = 65536
PEERS = ["*", "10.0.0.0/8", "10.1.0.0/16", "203.0.113.0/24", "0.0.0.0/1"]
POINTS = ["10.1.2.3", "10.2.0.1", "9.0.0.1", "203.0.113.9", "192.0.2.1"]  # one for each combination of peers
NSG = Resource("azurerm_network_security_group", "azurerm_network_security_group.g", from_plain({}), None)


@dataclass(frozen=True)
class Written:
    allow: bool
    first: int
    last: int
    peer: str


@st.composite
def rule_lists(draw: st.DrawFn) -> list[Written]:
    bound = st.one_of(st.integers(0, PORTS - 1), st.sampled_from([0, 22, 80, 443, 444, PORTS - 1]))
    rules = []
    for _ in range(draw(st.integers(1, 7))):
        first, last = sorted((draw(bound), draw(bound)))
        rules.append(Written(draw(st.booleans()), first, last, draw(st.sampled_from(PEERS))))
    return rules


def group_of(written: list[Written]) -> Group:
    """The rules as a group; a list position is the priority, and they are given in another order."""
    rules = [
        Rule(
            NSG, f"security_rule[{at}]", Direction.INGRESS, ports(Direction.INGRESS, TCP, rule.first, rule.last),
            ANY if rule.peer == "*" else cidr(rule.peer) or ANY, None, allow=rule.allow, priority=100 + at,
        )
        for at, rule in enumerate(written)
    ]  # fmt: skip
    return Group(NSG, Name(Kind.GROUP, NSG.address), rules[::-1])


def deciders(written: list[Written], point: str) -> list[int | None]:
    """For every port the first rule that fits, one port at a time."""
    at = (network(point) or (0,))[0]
    owner: list[int | None] = [None] * PORTS
    for number, rule in enumerate(written):
        addresses = ANY.addresses if rule.peer == "*" else network(rule.peer) or ()
        if addresses[0] <= at < addresses[1]:
            for port in range(rule.first, rule.last + 1):
                if owner[port] is None:
                    owner[port] = number
    return owner


def allowed_ports(flows: FlowSet, point: str) -> set[int]:
    at = (network(point) or (0,))[0]
    services = next((value for start, value in reversed(flows.addresses) if start <= at), ())
    base = ports(Direction.INGRESS, TCP, 0, 0)[0]
    return {port - base for first, last in spans(services) for port in range(first, last + 1)}


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(rule_lists())
def test_what_is_allowed_is_what_the_first_fitting_rule_allows(written: list[Written]) -> None:
    group = group_of(written)
    for point in POINTS:
        owner = deciders(written, point)
        expected = {port for port, number in enumerate(owner) if number is not None and written[number].allow}
        assert allowed_ports(group.sure, point) == expected
        assert allowed_ports(group.maybe, point) == expected


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(rule_lists())
def test_a_rule_is_called_shadowed_if_it_decides_nothing(written: list[Written]) -> None:
    group = group_of(written)
    decided = {number for point in POINTS for number in deciders(written, point) if number is not None}
    found = {
        int(remark.rule.path[len("security_rule[") : -1])
        for remark in remarks([group], Attachments())
        if remark.sort is Sort.SHADOWED
    }
    assert found == set(range(len(written))) - decided


def azure(*rules: str) -> str:
    blocks = []
    for at, rule in enumerate(rules):
        access, direction, protocol, port, peer = rule.split()
        end, own = ("source", "destination") if direction == "Inbound" else ("destination", "source")
        blocks.append(f"""
  security_rule {{
    name                       = "r{at}"
    priority                   = {100 + at}
    direction                  = "{direction}"
    access                     = "{access}"
    protocol                   = "{protocol}"
    source_port_range          = "*"
    destination_port_range     = "{port}"
    {end}_address_prefix       = "{peer}"
    {own}_address_prefix       = "*"
  }}""")
    return 'resource "azurerm_network_security_group" "g" {\n  name = "g"' + "".join(blocks) + "\n}\n"


ADDRESS = "azurerm_network_security_group.g"


@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        (["Deny Inbound Tcp * Internet", "Allow Inbound Tcp 443 Internet"], set()),
        (["Allow Inbound Tcp 443 Internet", "Deny Inbound Tcp * Internet"], {"ingress tcp 443 from Internet"}),
        (["Deny Inbound * * *", "Allow Inbound Tcp 443 10.0.0.0/8"], set()),
        (["Deny Inbound Tcp 80 *", "Allow Inbound Tcp 79-81 10.0.0.0/8"], {"ingress tcp 79, 81 from 10.0.0.0/8"}),
        (["Deny Inbound Udp * *", "Allow Inbound Tcp 443 10.0.0.0/8"], {"ingress tcp 443 from 10.0.0.0/8"}),
        (["Deny Outbound Tcp * *", "Allow Inbound Tcp 443 10.0.0.0/8"], {"ingress tcp 443 from 10.0.0.0/8"}),
        (["Deny Inbound Tcp * Internet", "Allow Inbound Tcp 443 AzureFrontDoor.Backend"], set()),
        (["Deny Inbound Tcp * 0.0.0.0/0", "Allow Inbound Tcp 443 Internet"], set()),
        (
            ["Deny Inbound Tcp * Internet", "Allow Inbound Tcp 443 AzureLoadBalancer"],
            {"ingress tcp 443 from AzureLoadBalancer"},
        ),
        (["Deny Inbound Tcp * Internet", "Allow Inbound Tcp 443 10.0.0.0/8"], {"ingress tcp 443 from 10.0.0.0/8"}),
    ],
)
def test_denials_and_tags(tmp_path: Path, rules: list[str], expected: set[str]) -> None:
    group = groups(tmp_path, azure(*rules))[ADDRESS]
    assert shown(group) == expected
    assert group.maybe == group.sure


@pytest.mark.parametrize(
    "rules",
    [
        ["Deny Inbound Tcp * 10.0.0.0/8", "Allow Inbound Tcp 443 VirtualNetwork"],
        ["Deny Inbound Tcp * VirtualNetwork", "Allow Inbound Tcp 443 10.0.0.0/8"],
        ["Deny Inbound Tcp * 203.0.113.0/24", "Allow Inbound Tcp 443 Storage"],
        ["Deny Inbound Tcp * Storage", "Allow Inbound Tcp 443 203.0.113.0/24"],
    ],
)
def test_what_only_azure_knows_stays_open(tmp_path: Path, rules: list[str]) -> None:
    group = groups(tmp_path, azure(*rules))[ADDRESS]
    assert not group.sure
    assert [flow.text().partition(" from")[0] for flow in group.maybe.flows()] == ["tcp 443"]


def test_the_rules_that_azure_adds_count_only_for_reachability(tmp_path: Path) -> None:
    inventory = read(tmp_path, azure("Allow Inbound Tcp 443 10.0.0.0/8"))
    (group,) = network_security_groups(inventory)
    assert VIRTUAL_NETWORK not in group.sure.names
    (with_all,) = network_security_groups(inventory, built_in=True)
    assert with_all.maybe.at(VIRTUAL_NETWORK)
    assert with_all.maybe.at(INTERNET) == with_all.maybe.one_way(Direction.EGRESS).at(INTERNET)


def test_shadowed_rules_say_what_hides_them(tmp_path: Path) -> None:
    text = azure(
        "Deny Inbound Tcp 1-100 *",
        "Allow Inbound Tcp 22 10.0.0.0/8",
        "Allow Inbound Tcp 443 10.0.0.0/8",
        "Allow Inbound Tcp 443 10.1.0.0/16",
        "Deny Inbound Tcp 443 10.1.2.0/24",
        "Deny Inbound Tcp 50-443 10.1.2.0/24",
    )
    found = Groups(read(tmp_path, text)).every()
    told = [
        (remark.rule.name, remark.why, [rule.name for rule in remark.others])
        for remark in remarks(found, Attachments())
        if remark.sort is Sort.SHADOWED
    ]
    assert told == [
        ("r1", Why.DENIED, ["r0"]),
        ("r3", Why.ALLOWED, ["r2"]),
        ("r4", Why.ALLOWED, ["r2", "r3"]),
    ]


ACL = """
resource "aws_network_acl" "a" {
  vpc_id = "vpc-1"
  ingress {
    rule_no    = 200
    action     = "allow"
    protocol   = "tcp"
    from_port  = 0
    to_port    = 1023
    cidr_block = "10.0.0.0/8"
  }
  egress {
    rule_no         = 100
    action          = "allow"
    protocol        = "-1"
    from_port       = 0
    to_port         = 0
    ipv6_cidr_block = "::/0"
  }
}
resource "aws_network_acl_rule" "no_ssh" {
  network_acl_id = aws_network_acl.a.id
  rule_number    = 100
  rule_action    = "deny"
  protocol       = "6"
  from_port      = 22
  to_port        = 22
  cidr_block     = "0.0.0.0/0"
}
resource "aws_network_acl_rule" "ping" {
  network_acl_id = aws_network_acl.a.id
  rule_number    = 300
  egress         = true
  rule_action    = "allow"
  protocol       = "icmp"
  icmp_type      = 8
  icmp_code      = -1
  cidr_block     = "10.0.0.0/8"
}
"""


def test_numbered_rules_of_a_network_acl(tmp_path: Path) -> None:
    group = groups(tmp_path, ACL)["aws_network_acl.a"]
    assert shown(group) == {
        "ingress tcp 0-21, 23-1023 from 10.0.0.0/8",
        "egress all protocols to ::/0",
        "egress icmp type 8 to 10.0.0.0/8",
    }


def test_a_rule_for_part_of_a_group_is_not_the_whole(tmp_path: Path) -> None:
    text = azure("Allow Inbound Tcp 443 Internet").replace(
        'destination_address_prefix       = "*"', 'destination_address_prefix       = "10.0.1.4"'
    )
    group = groups(tmp_path, text)[ADDRESS]
    assert not group.sure
    assert [grant.sure for grant in group.grants] == [group.maybe]


def test_the_subnets_of_a_group_are_the_whole_of_it(tmp_path: Path) -> None:
    text = azure("Allow Inbound Tcp 443 Internet").replace(
        'destination_address_prefix       = "*"', 'destination_address_prefix       = "10.0.1.0/24"'
    )
    text += """
resource "azurerm_subnet" "s" {
  name             = "s"
  address_prefixes = ["10.0.1.0/24"]
}
resource "azurerm_subnet_network_security_group_association" "s" {
  subnet_id                 = azurerm_subnet.s.id
  network_security_group_id = azurerm_network_security_group.g.id
}
"""
    group = groups(tmp_path, text)[ADDRESS]
    assert shown(group) == {"ingress tcp 443 from Internet"}
    assert group.addresses == network("10.0.1.0/24")


def test_a_denial_of_what_is_not_known_may_deny_anything(tmp_path: Path) -> None:
    text = 'variable "bad" { type = string }\n' + azure(
        "Deny Inbound Tcp 0-100 10.0.0.0/8", "Allow Inbound Tcp 80-443 10.0.0.0/8"
    ).replace('"0-100"', "var.bad")
    group = groups(tmp_path, text)[ADDRESS]
    assert not group.sure
    assert [flow.text() for flow in group.maybe.flows()] == ["tcp 80-443 from 10.0.0.0/8"]


def test_a_rule_without_a_known_priority_may_come_first_or_last(tmp_path: Path) -> None:
    text = 'variable "order" { type = number }\n' + azure(
        "Deny Inbound Tcp 443 10.0.0.0/8", "Allow Inbound Tcp 443 10.0.0.0/8"
    ).replace("= 101", "= var.order")
    group = groups(tmp_path, text)[ADDRESS]
    assert not group.sure
    assert group.maybe
