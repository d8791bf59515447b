"""Who reaches whom, and by which ways."""

from __future__ import annotations

from pathlib import Path

import pytest

from scanner.network.documented import parse_peer
from scanner.network.inventory import reachable_groups
from scanner.network.peers import Kind, Name
from scanner.network.reachability import INTERNET, Graph, Paths
from scanner.network.services import describe
from tests.network.world import read


def sg(name: str, *rules: str) -> str:
    """A security group with rules written `in 443 0.0.0.0/0` or `out 5432 other`."""
    blocks = []
    for rule in rules:
        side, port, peer = rule.split()
        kind = "ingress" if side == "in" else "egress"
        whom = f'cidr_blocks = ["{peer}"]' if "/" in peer else f"security_groups = [aws_security_group.{peer}.id]"
        protocol, first, last = ("-1", 0, 0) if port == "all" else ("tcp", int(port), int(port))
        blocks.append(
            f'  {kind} {{\n    protocol = "{protocol}"\n    from_port = {first}\n    to_port = {last}\n'
            f"    {whom}\n  }}\n"
        )
    return f'resource "aws_security_group" "{name}" {{\n' + "".join(blocks) + "}\n"


def short(name: Name) -> str:
    return name.text.rpartition(".")[2] if name.kind is Kind.GROUP else name.text


def ways(directory: Path, text: str, target: str, source: str = "internet", limit: int = 100) -> Paths:
    groups = reachable_groups(read(directory, text))
    graph = Graph(groups, short)
    peers = INTERNET if source == "internet" else parse_peer(source, lambda _: None).sure
    group = next(group for group in groups if short(group.name) == target)
    return graph.reach(list(graph.entries(peers))).paths(graph.node(group), limit)


def told(found: Paths) -> list[str]:
    return [
        " > ".join([path[0].source.label, *(f"{step.target.label} {describe(step.services)}" for step in path)])
        for path in found.found
    ]


THREE_TIERS = (
    sg("alb", "in 443 0.0.0.0/0", "out 80 app")
    + sg("app", "in 80 alb", "out 5432 db")
    + sg("db", "in 5432 app", "in 22 10.0.0.0/8")
)


def test_a_way_through_every_tier(tmp_path: Path) -> None:
    through = "0.0.0.0/0 > alb tcp 443 > app tcp 80 > db tcp 5432"
    assert told(ways(tmp_path, THREE_TIERS, "db")) == [through]
    beside = THREE_TIERS.replace("10.0.0.0/8", "203.0.113.0/28")
    assert told(ways(tmp_path, beside, "db")) == ["203.0.113.0/28 > db tcp 22", through]


def test_both_ends_must_agree(tmp_path: Path) -> None:
    text = sg("alb", "in 443 0.0.0.0/0", "out 80 app") + sg("app", "in 80 alb", "out 6379 db") + sg("db", "in 5432 app")
    assert told(ways(tmp_path, text, "db")) == []
    assert told(ways(tmp_path, text, "app")) == ["0.0.0.0/0 > alb tcp 443 > app tcp 80"]


@pytest.mark.parametrize(("outside", "reached"), [("0.0.0.0/0", True), ("10.0.0.0/8", True), ("8.8.8.8/32", False)])
def test_a_group_that_may_send_inside_reaches_what_admits_a_private_network(
    tmp_path: Path, outside: str, reached: bool
) -> None:
    text = sg("web", "in 443 0.0.0.0/0", f"out all {outside}") + sg("db", "in 5432 10.0.0.0/16")
    way = "0.0.0.0/0 > web tcp 443 > private addresses tcp 5432 > db tcp 5432"
    assert told(ways(tmp_path, text, "db")) == ([way] if reached else [])


def test_a_given_peer(tmp_path: Path) -> None:
    text = sg("bastion", "in 22 203.0.113.0/28", "out 5432 db") + sg("db", "in 5432 bastion")
    assert told(ways(tmp_path, text, "db", "203.0.113.7")) == ["203.0.113.0/28 > bastion tcp 22 > db tcp 5432"]
    assert told(ways(tmp_path, text, "db", "198.51.100.1")) == []


def test_every_way_is_found_once_and_rings_end(tmp_path: Path) -> None:
    text = (
        sg("a", "in 443 0.0.0.0/0", "out 80 b", "out 80 c")
        + sg("b", "in 80 a", "in 80 c", "out 80 c", "out 80 d")
        + sg("c", "in 80 a", "in 80 b", "out 80 b", "out 80 d")
        + sg("d", "in 80 b", "in 80 c", "out 80 a")
    )
    found = told(ways(tmp_path, text, "d"))
    assert [len(way.split(" > ")) for way in found] == [4, 4, 5, 5]
    assert {way.replace(" tcp 80", "").partition(" tcp 443 > ")[2] for way in found} == {
        "b > d", "c > d", "b > c > d", "c > b > d",
    }  # fmt: skip
    few = ways(tmp_path, text, "d", limit=2)
    assert (len(few.found), few.complete) == (2, False)
    assert {len(path) for path in few.found} == {3}


def test_a_longer_way_with_nothing_new_is_left_out(tmp_path: Path) -> None:
    text = sg("a", "in 443 0.0.0.0/0", "out 443 b", "out 22 b") + sg("b", "in 443 0.0.0.0/0", "in 443 a", "out 80 c")
    text += sg("c", "in 80 b")
    assert told(ways(tmp_path, text, "b")) == ["0.0.0.0/0 > b tcp 443"]
    assert told(ways(tmp_path, text, "c")) == ["0.0.0.0/0 > b tcp 443 > c tcp 80"]
    more = text.replace(sg("b", "in 443 0.0.0.0/0", "in 443 a", "out 80 c"), sg("b", "in 443 0.0.0.0/0", "in 22 a"))
    assert told(ways(tmp_path, more, "b")) == ["0.0.0.0/0 > b tcp 443", "0.0.0.0/0 > a tcp 443 > b tcp 22, 443"]


def test_a_narrow_entrance_does_not_hide_a_way_from_everywhere(tmp_path: Path) -> None:
    text = sg("a", "in 443 0.0.0.0/0", "out 80 b") + sg("b", "in 80 a", "in 80 203.0.113.0/28", "out 5432 c")
    text += sg("c", "in 5432 b")
    assert told(ways(tmp_path, text, "c")) == [
        "203.0.113.0/28 > b tcp 80 > c tcp 5432",
        "0.0.0.0/0 > a tcp 443 > b tcp 80 > c tcp 5432",
    ]


def test_what_is_not_known_may_be_a_way(tmp_path: Path) -> None:
    text = 'variable "clients" { type = list(string) }\n' + sg("a", "in 443 1.1.1.0/24").replace(
        '["1.1.1.0/24"]', "var.clients"
    )
    assert told(ways(tmp_path, text, "a")) == ["any address > a tcp 443"]


AZURE = """
resource "azurerm_subnet" "{0}" {{
  name             = "{0}"
  address_prefixes = ["{1}"]
}}
resource "azurerm_subnet_network_security_group_association" "{0}" {{
  subnet_id                 = azurerm_subnet.{0}.id
  network_security_group_id = azurerm_network_security_group.{0}.id
}}
resource "azurerm_network_security_group" "{0}" {{
  name = "{0}"
  {2}
}}
"""


def nsg_rule(name: str, priority: int, access: str, port: str, source: str) -> str:
    return f"""security_rule {{
    name                       = "{name}"
    priority                   = {priority}
    direction                  = "Inbound"
    access                     = "{access}"
    protocol                   = "Tcp"
    source_port_range          = "*"
    destination_port_range     = "{port}"
    source_address_prefix      = "{source}"
    destination_address_prefix = "*"
  }}"""


@pytest.mark.parametrize(
    ("closed", "services"),
    [("", "all protocols"), (nsg_rule("no", 4000, "Deny", "*", "VirtualNetwork"), "all protocols but tcp")],
)
def test_azure_lets_the_virtual_network_in_unless_it_is_denied(tmp_path: Path, closed: str, services: str) -> None:
    text = AZURE.format("gateway", "10.0.4.0/24", nsg_rule("https", 100, "Allow", "443", "Internet"))
    text += AZURE.format("db", "10.0.2.0/24", closed)
    assert told(ways(tmp_path, text, "db")) == [f"Internet > gateway tcp 443 > db {services}"]
