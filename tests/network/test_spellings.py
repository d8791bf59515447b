"""One documented set of flows, in every way in which AWS and Azure let it be written."""

from __future__ import annotations

from pathlib import Path

import pytest

from scanner.network.compare import Expectation, Mode, compare
from scanner.network.documented import Documented, Resolved, parse_flows
from scanner.network.peers import Kind, Peers
from scanner.network.reading import name_of
from scanner.network.rules import Group
from scanner.network.services import Direction
from tests.network.world import groups

DOCUMENTED = {
    Direction.INGRESS: [
        {"port": 443, "peer": ["0.0.0.0/0", "2001:db8::/32"]},
        {"port": ["8000-8001", 8002], "peer": "app"},
        {"port": 22, "peer": ["203.0.113.0/28", "198.51.100.0/29"]},
        {"protocol": "icmp", "peer": "10.0.0.0/16"},
    ],
    Direction.EGRESS: [{"port": 53, "protocol": "udp", "peer": "10.0.0.2/32"}],
}

AWS_HEAD = """
resource "aws_security_group" "app" {
  name = "app"
}
"""

AWS = {
    "inline blocks": """
resource "aws_security_group" "web" {
  ingress {
    protocol         = "tcp"
    from_port        = 443
    to_port          = 443
    cidr_blocks      = ["0.0.0.0/0"]
    ipv6_cidr_blocks = ["2001:db8::/32"]
  }
  ingress {
    protocol        = "6"
    from_port       = "8000"
    to_port         = "8002"
    security_groups = [aws_security_group.app.id]
  }
  ingress {
    protocol    = "tcp"
    from_port   = 22
    to_port     = 22
    cidr_blocks = ["203.0.113.0/28", "198.51.100.0/29"]
  }
  ingress {
    protocol    = "icmp"
    from_port   = -1
    to_port     = -1
    cidr_blocks = ["10.0.0.0/16"]
  }
  egress {
    protocol    = "udp"
    from_port   = 53
    to_port     = 53
    cidr_blocks = ["10.0.0.2/32"]
  }
}
""",
    "dynamic blocks over a map": """
locals {
  inbound = {
    https  = { protocol = "tcp", first = 443, last = 443, v4 = ["0.0.0.0/0"], v6 = ["2001:db8::/32"], from = [] }
    app    = { protocol = "tcp", first = 8000, last = 8002, v4 = [], v6 = [], from = [aws_security_group.app.id] }
    ssh_a  = { protocol = "tcp", first = 22, last = 22, v4 = ["203.0.113.0/28"], v6 = [], from = [] }
    ssh_b  = { protocol = "tcp", first = 22, last = 22, v4 = ["198.51.100.0/29"], v6 = [], from = [] }
    ping   = { protocol = "icmp", first = -1, last = -1, v4 = ["10.0.0.0/16"], v6 = [], from = [] }
  }
}
resource "aws_security_group" "web" {
  dynamic "ingress" {
    for_each = local.inbound
    content {
      protocol         = ingress.value.protocol
      from_port        = ingress.value.first
      to_port          = ingress.value.last
      cidr_blocks      = ingress.value.v4
      ipv6_cidr_blocks = ingress.value.v6
      security_groups  = ingress.value.from
    }
  }
  dynamic "egress" {
    for_each = ["10.0.0.2/32"]
    content {
      protocol    = "udp"
      from_port   = 53
      to_port     = 53
      cidr_blocks = [egress.value]
    }
  }
}
""",
    "attributes as blocks": """
resource "aws_security_group" "web" {
  ingress = [
    { protocol = "tcp", from_port = 443, to_port = 443, cidr_blocks = ["0.0.0.0/0"], self = false,
      ipv6_cidr_blocks = ["2001:db8::/32"], prefix_list_ids = [], security_groups = [], description = "web" },
    { protocol = "tcp", from_port = 8000, to_port = 8002, cidr_blocks = [], self = false,
      ipv6_cidr_blocks = [], prefix_list_ids = [], security_groups = [aws_security_group.app.id], description = "" },
    { protocol = "tcp", from_port = 22, to_port = 22, cidr_blocks = ["198.51.100.0/29", "203.0.113.0/28"], self = null,
      ipv6_cidr_blocks = null, prefix_list_ids = null, security_groups = null, description = null },
    { protocol = "icmp", from_port = -1, to_port = -1, cidr_blocks = ["10.0.0.0/16"], self = false,
      ipv6_cidr_blocks = [], prefix_list_ids = [], security_groups = [], description = "" },
  ]
  egress = [
    { protocol = "udp", from_port = 53, to_port = 53, cidr_blocks = ["10.0.0.2/32"], self = false,
      ipv6_cidr_blocks = [], prefix_list_ids = [], security_groups = [], description = "" },
  ]
}
""",
    "classic rule resources": """
resource "aws_security_group" "web" {
  name = "web"
}
resource "aws_security_group_rule" "https" {
  type              = "ingress"
  security_group_id = aws_security_group.web.id
  protocol          = "tcp"
  from_port         = 443
  to_port           = 443
  cidr_blocks       = ["0.0.0.0/0"]
  ipv6_cidr_blocks  = ["2001:db8::/32"]
}
resource "aws_security_group_rule" "app" {
  count                    = 3
  type                     = "ingress"
  security_group_id        = aws_security_group.web.id
  protocol                 = "tcp"
  from_port                = 8000 + count.index
  to_port                  = 8000 + count.index
  source_security_group_id = aws_security_group.app.id
}
resource "aws_security_group_rule" "ssh" {
  type              = "ingress"
  security_group_id = aws_security_group.web.id
  protocol          = "tcp"
  from_port         = 22
  to_port           = 22
  cidr_blocks       = ["203.0.113.0/28", "198.51.100.0/29"]
}
resource "aws_security_group_rule" "ping" {
  type              = "ingress"
  security_group_id = aws_security_group.web.id
  protocol          = "icmp"
  from_port         = -1
  to_port           = -1
  cidr_blocks       = ["10.0.0.0/16"]
}
resource "aws_security_group_rule" "dns" {
  type              = "egress"
  security_group_id = aws_security_group.web.id
  protocol          = "17"
  from_port         = 53
  to_port           = 53
  cidr_blocks       = ["10.0.0.2/32"]
}
""",
    "rule resources of one peer": """
resource "aws_security_group" "web" {
  name = "web"
}
resource "aws_vpc_security_group_ingress_rule" "https_v4" {
  security_group_id = aws_security_group.web.id
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
  cidr_ipv4         = "0.0.0.0/0"
}
resource "aws_vpc_security_group_ingress_rule" "https_v6" {
  security_group_id = aws_security_group.web.id
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
  cidr_ipv6         = "2001:db8::/32"
}
resource "aws_vpc_security_group_ingress_rule" "app" {
  for_each                     = { a = [8000, 8000], b = [8001, 8002] }
  security_group_id            = aws_security_group.web.id
  ip_protocol                  = "tcp"
  from_port                    = each.value[0]
  to_port                      = each.value[1]
  referenced_security_group_id = aws_security_group.app.id
}
resource "aws_vpc_security_group_ingress_rule" "ssh" {
  for_each          = toset(["203.0.113.0/28", "198.51.100.0/29"])
  security_group_id = aws_security_group.web.id
  ip_protocol       = "tcp"
  from_port         = 22
  to_port           = 22
  cidr_ipv4         = each.value
}
resource "aws_vpc_security_group_ingress_rule" "ping" {
  security_group_id = aws_security_group.web.id
  ip_protocol       = "icmp"
  from_port         = -1
  to_port           = -1
  cidr_ipv4         = "10.0.0.0/16"
}
resource "aws_vpc_security_group_egress_rule" "dns" {
  security_group_id = aws_security_group.web.id
  ip_protocol       = "udp"
  from_port         = 53
  to_port           = 53
  cidr_ipv4         = "10.0.0.2/32"
}
""",
    "networks in halves and a prefix list": """
resource "aws_ec2_managed_prefix_list" "office" {
  name           = "office"
  address_family = "IPv4"
  max_entries    = 2
  entry {
    cidr = "203.0.113.0/28"
  }
}
resource "aws_ec2_managed_prefix_list_entry" "branch" {
  prefix_list_id = aws_ec2_managed_prefix_list.office.id
  cidr           = "198.51.100.0/29"
}
resource "aws_security_group" "web" {
  ingress {
    protocol         = "tcp"
    from_port        = 443
    to_port          = 443
    cidr_blocks      = ["0.0.0.0/1", "128.0.0.0/1"]
    ipv6_cidr_blocks = ["2001:db8:8000::/33", "2001:db8::/33"]
  }
  ingress {
    protocol        = "tcp"
    from_port       = 8000
    to_port         = 8001
    security_groups = [aws_security_group.app.id]
  }
  ingress {
    protocol        = "tcp"
    from_port       = 8001
    to_port         = 8002
    security_groups = [aws_security_group.app.id]
  }
  egress {
    protocol    = "udp"
    from_port   = 53
    to_port     = 53
    cidr_blocks = ["10.0.0.2/32"]
  }
}
resource "aws_security_group_rule" "ssh" {
  type              = "ingress"
  security_group_id = aws_security_group.web.id
  protocol          = "tcp"
  from_port         = 22
  to_port           = 22
  prefix_list_ids   = [aws_ec2_managed_prefix_list.office.id]
}
resource "aws_security_group_rule" "ping" {
  for_each          = toset(["10.0.0.0/17", "10.0.128.0/17"])
  type              = "ingress"
  security_group_id = aws_security_group.web.id
  protocol          = "1"
  from_port         = -1
  to_port           = -1
  cidr_blocks       = [each.key]
}
""",
}

AZURE_HEAD = """
resource "azurerm_application_security_group" "app" {
  name                = "app"
  location            = "koreacentral"
  resource_group_name = "rg"
}
"""


def azure_rule(name: str, priority: int, direction: str, protocol: str, port: str, peer: str, more: str = "") -> str:
    own = "destination" if direction == "Inbound" else "source"
    return f"""
    name                       = "{name}"
    priority                   = {priority}
    direction                  = "{direction}"
    access                     = "Allow"
    protocol                   = "{protocol}"
    source_port_range          = "*"
    {own}_address_prefix       = "*"
    {port}
    {peer}
    {more}
"""


RULES = [
    azure_rule("v4", 100, "Inbound", "Tcp", 'destination_port_range = "443"', 'source_address_prefix = "0.0.0.0/0"'),
    azure_rule("v6", 1, "Inbound", "Tcp", 'destination_port_range = "443"', 'source_address_prefix = "2001:db8::/32"'),
    azure_rule(
        "app", 110, "Inbound", "Tcp", 'destination_port_ranges = ["8000", "8001-8002"]',
        "source_application_security_group_ids = [azurerm_application_security_group.app.id]",
    ),
    azure_rule(
        "ssh", 120, "Inbound", "TCP", 'destination_port_range = "22"',
        'source_address_prefixes = ["203.0.113.0/28", "198.51.100.0/29"]',
    ),
    azure_rule("ping", 9, "Inbound", "Icmp", 'destination_port_range = "*"', 'source_address_prefix = "10.0.0.0/16"'),
    azure_rule(
        "dns", 100, "Outbound", "Udp", 'destination_port_range = "53"', 'destination_address_prefix = "10.0.0.2"'
    ),
]  # fmt: skip

NSG = 'resource "azurerm_network_security_group" "web" {\n  name = "web"\n'
AZURE = {
    "inline rules": NSG + "".join(f"  security_rule {{{rule}  }}\n" for rule in RULES) + "}\n",
    "rule resources": NSG
    + "}\n"
    + "".join(
        f'resource "azurerm_network_security_rule" "r{at}" {{'
        f"{rule}    network_security_group_name = azurerm_network_security_group.web.name\n}}\n"
        for at, rule in enumerate(RULES)
    ),
    "a denial of the rest": NSG
    + "".join(f"  security_rule {{{rule}  }}\n" for rule in RULES)
    + "  security_rule {"
    + azure_rule("rest", 4096, "Inbound", "*", 'destination_port_range = "*"', 'source_address_prefix = "*"').replace(
        "Allow", "Deny"
    )
    + "  }\n}\n",
}

SPELLINGS = [
    pytest.param(head + text, type_, id=f"{type_}: {name}")
    for head, type_, texts in (
        (AWS_HEAD, "aws_security_group", AWS),
        (AZURE_HEAD, "azurerm_network_security_group", AZURE),
    )
    for name, text in texts.items()
]  # fmt: skip


def documented(app: Peers) -> dict[Direction, list[Documented]]:
    def resolve(text: str) -> Resolved | None:
        return Resolved(app, app) if text == "app" else None

    return {direction: parse_flows(direction, flows, resolve) for direction, flows in DOCUMENTED.items()}


def named_app(found: dict[str, Group]) -> Peers:
    """The peer that the document calls app: a security group of AWS, an application security group of Azure."""
    for group in found.values():
        for rule in group.rules:
            for name in rule.peers.names:
                if name.text.endswith(".app"):
                    return Peers(names=frozenset([name]))
    raise AssertionError("no rule names app")


@pytest.mark.parametrize(("text", "type_"), SPELLINGS)
def test_every_spelling_is_exactly_the_documented_set(tmp_path: Path, text: str, type_: str) -> None:
    found = groups(tmp_path, text)
    web = found[f"{type_}.web"]
    for direction, flows in documented(named_app(found)).items():
        assert compare(web, Expectation(direction, Mode.EXACTLY, flows)) == []


@pytest.mark.parametrize(("text", "type_"), SPELLINGS)
def test_the_sets_themselves_are_equal(tmp_path: Path, text: str, type_: str) -> None:
    for name in ("reference", "tested"):
        (tmp_path / name).mkdir()
    reference = groups(tmp_path / "reference", AWS_HEAD + AWS["inline blocks"])
    app = reference["aws_security_group.app"]
    expected = reference["aws_security_group.web"].sure
    found = groups(tmp_path / "tested", text)
    actual = found[f"{type_}.web"].sure
    own = next(name for name in named_app(found).names)
    assert actual.addresses == expected.addresses
    assert actual.at(own) == expected.at(name_of(Kind.GROUP, app.resource))
    assert {name for name in actual.names if actual.at(name)} == {own}


@pytest.mark.parametrize(("text", "type_"), SPELLINGS)
def test_a_port_more_or_less_is_seen_in_every_spelling(tmp_path: Path, text: str, type_: str) -> None:
    found = groups(tmp_path, text)
    flows = documented(named_app(found))[Direction.INGRESS]
    fewer = [flow for flow in flows if flow.peer_text != "app"]
    unexpected = compare(found[f"{type_}.web"], Expectation(Direction.INGRESS, Mode.EXACTLY, fewer))
    assert unexpected
    assert all(item.certain and item.rule is not None for item in unexpected)
    more = [*flows, *parse_flows(Direction.INGRESS, [{"port": 8003, "peer": "10.9.0.0/16"}], lambda _: None)]
    missing = compare(found[f"{type_}.web"], Expectation(Direction.INGRESS, Mode.EXACTLY, more))
    assert [(item.sort, item.certain, item.documented.text() if item.documented else "") for item in missing] == [
        ("missing", True, "tcp 8003 from 10.9.0.0/16")
    ]
