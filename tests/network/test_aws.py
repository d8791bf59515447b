"""Readers of AWS security groups: what is certain, what is open, and where it is written."""

from __future__ import annotations

from pathlib import Path

import pytest

from scanner.model.inventory import Level, Notification
from scanner.network.inventory import Groups
from scanner.network.services import Direction, all_services
from tests.network.world import groups, read, shown

SG = 'resource "aws_security_group" "g" {\n  name = "g"\n}\n'
G = "aws_security_group.g"


def rule(body: str, kind: str = "aws_vpc_security_group_ingress_rule", name: str = "r") -> str:
    return f'resource "{kind}" "{name}" {{\n  security_group_id = aws_security_group.g.id\n{body}\n}}\n'


TCP_443 = '  ip_protocol = "tcp"\n  from_port = 443\n  to_port = 443\n'


def test_a_group_without_rules_allows_nothing(tmp_path: Path) -> None:
    assert shown(groups(tmp_path, SG)[G]) == set()


def test_the_default_group_has_only_the_rules_that_it_lists(tmp_path: Path) -> None:
    text = """
resource "aws_default_security_group" "d" {
  vpc_id = "vpc-1"
  ingress {
    protocol  = -1
    self      = true
    from_port = 0
    to_port   = 0
  }
}
"""
    found = groups(tmp_path, text)["aws_default_security_group.d"]
    assert shown(found) == {"ingress all protocols from aws_default_security_group.d"}


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (TCP_443 + '  cidr_ipv4 = "10.0.0.7/8"', {"ingress tcp 443 from 10.0.0.0/8"}),
        (TCP_443 + "  referenced_security_group_id = aws_security_group.g.id", {f"ingress tcp 443 from {G}"}),
        (TCP_443 + '  referenced_security_group_id = "sg-0123"', {"ingress tcp 443 from sg-0123"}),
        (TCP_443 + '  referenced_security_group_id = "123456789012/sg-0123"', {"ingress tcp 443 from sg-0123"}),
        (TCP_443 + '  prefix_list_id = "pl-1"', {"ingress tcp 443 from pl-1"}),
        ('  ip_protocol = "-1"\n  cidr_ipv6 = "::/0"', {"ingress all protocols from ::/0"}),
        ('  ip_protocol = "icmp"\n from_port = 8\n to_port = 0\n cidr_ipv4 = "10.0.0.0/8"',
         {"ingress icmp type 8 code 0 from 10.0.0.0/8"}),
        ('  ip_protocol = "icmpv6"\n from_port = -1\n to_port = -1\n cidr_ipv6 = "::/0"', {"ingress icmpv6 from ::/0"}),
        ('  ip_protocol = "50"\n cidr_ipv4 = "10.0.0.0/8"', {"ingress esp from 10.0.0.0/8"}),
        ('  ip_protocol = "tcp"\n from_port = 0\n to_port = 65535\n cidr_ipv4 = "10.0.0.0/8"',
         {"ingress tcp from 10.0.0.0/8"}),
    ],
)  # fmt: skip
def test_rule_resources(tmp_path: Path, body: str, expected: set[str]) -> None:
    assert shown(groups(tmp_path, SG + rule(body))[G]) == expected


def test_a_prefix_list_that_aws_keeps_goes_by_its_name(tmp_path: Path) -> None:
    text = SG + 'data "aws_ec2_managed_prefix_list" "s3" {\n  name = "com.amazonaws.ap-northeast-2.s3"\n}\n'
    body = TCP_443 + "  prefix_list_id = data.aws_ec2_managed_prefix_list.s3.id"
    found = groups(tmp_path, text + rule(body, "aws_vpc_security_group_egress_rule"))[G]
    assert shown(found) == {"egress tcp 443 to com.amazonaws.ap-northeast-2.s3"}


@pytest.mark.parametrize(
    "body",
    [
        TCP_443 + "  cidr_ipv4 = var.nothing",
        TCP_443 + "  referenced_security_group_id = var.nothing",
        TCP_443 + "  referenced_security_group_id = data.aws_security_group.x.id",
        TCP_443 + "  prefix_list_id = var.nothing",
        '  ip_protocol = var.nothing\n from_port = 1\n to_port = 2\n cidr_ipv4 = "10.0.0.0/8"',
        '  ip_protocol = "tcp"\n from_port = var.nothing\n to_port = 443\n cidr_ipv4 = "10.0.0.0/8"',
        '  count = var.nothing\n  ip_protocol = "tcp"\n from_port = 1\n to_port = 443\n cidr_ipv4 = "10.0.0.0/8"',
        '  ip_protocol = "tpc"\n from_port = 1\n to_port = 443\n cidr_ipv4 = "10.0.0.0/8"',
        TCP_443 + '  cidr_ipv4 = "10.0.0"',
    ],
)
def test_what_is_not_known_is_allowed_perhaps(tmp_path: Path, body: str) -> None:
    text = 'variable "nothing" {}\ndata "aws_security_group" "x" {\n  name = "x"\n}\n' + SG
    found = groups(tmp_path, text + rule(body))[G]
    (line,) = found.rules
    assert line.unknown is not None
    assert not found.sure
    assert found.maybe


def test_an_unknown_group_is_no_address(tmp_path: Path) -> None:
    text = 'variable "nothing" {}\n' + SG + rule(TCP_443 + "  referenced_security_group_id = var.nothing")
    assert groups(tmp_path, text)[G].maybe.addresses == ()


def test_a_rule_whose_group_is_not_known_may_belong_to_any(tmp_path: Path) -> None:
    text = 'variable "nothing" {}\n' + SG + SG.replace('"g"', '"h"')
    text += rule(TCP_443 + '  cidr_ipv4 = "10.0.0.0/8"').replace("aws_security_group.g.id", "var.nothing")
    found = groups(tmp_path, text)
    assert all(not group.sure and group.maybe for group in found.values())


def test_a_rule_of_a_group_outside_this_code_belongs_to_none(tmp_path: Path) -> None:
    text = SG + rule(TCP_443 + '  cidr_ipv4 = "10.0.0.0/8"').replace("aws_security_group.g.id", '"sg-0123"')
    assert groups(tmp_path, text)[G].rules == ()


def test_a_list_that_is_not_known_is_a_rule_that_is_not_known(tmp_path: Path) -> None:
    text = 'variable "rules" {}\nresource "aws_security_group" "g" {\n  ingress = var.rules\n}\n'
    found = groups(tmp_path, text)[G]
    assert found.maybe.services() == all_services(Direction.INGRESS)
    assert not found.sure


def test_dynamic_blocks_over_something_unknown_are_open(tmp_path: Path) -> None:
    text = """
variable "ports" { type = list(number) }
resource "aws_security_group" "g" {
  dynamic "ingress" {
    for_each = var.ports
    content {
      protocol    = "tcp"
      from_port   = ingress.value
      to_port     = ingress.value
      cidr_blocks = ["10.0.0.0/8"]
    }
  }
}
"""
    found = groups(tmp_path, text)[G]
    assert not found.sure
    assert found.maybe


def test_groups_by_count_are_told_apart(tmp_path: Path) -> None:
    text = """
resource "aws_security_group" "g" {
  count = 2
  name  = "g-${count.index}"
}
resource "aws_vpc_security_group_ingress_rule" "r" {
  security_group_id            = aws_security_group.g[0].id
  referenced_security_group_id = aws_security_group.g[1].id
  ip_protocol                  = "tcp"
  from_port                    = 443
  to_port                      = 443
}
"""
    found = groups(tmp_path, text)
    assert shown(found["aws_security_group.g[0]"]) == {"ingress tcp 443 from aws_security_group.g[1]"}
    assert shown(found["aws_security_group.g[1]"]) == set()


def test_all_groups_of_a_splat_are_peers(tmp_path: Path) -> None:
    text = """
resource "aws_security_group" "apps" {
  count = 2
  name  = "g-${count.index}"
}
resource "aws_security_group" "g" {
  ingress {
    protocol        = "tcp"
    from_port       = 443
    to_port         = 443
    security_groups = aws_security_group.apps[*].id
  }
}
"""
    assert shown(groups(tmp_path, text)[G]) == {
        "ingress tcp 443 from aws_security_group.apps[0], aws_security_group.apps[1]"
    }


def test_every_line_keeps_its_place(tmp_path: Path) -> None:
    text = (
        SG.replace("}\n", "")
        + """
  ingress {
    protocol    = "tcp"
    from_port   = 443
    to_port     = 443
    cidr_blocks = ["10.0.0.0/8", "192.168.0.0/16"]
    self        = true
  }
}
"""
        + rule(TCP_443 + '  cidr_ipv4 = "10.0.0.0/8"')
    )
    lines = text.splitlines()
    places = [line.location.line for line in groups(tmp_path, text)[G].rules if line.location]
    assert [lines[place - 1].strip() for place in places] == ["ingress {"] * 3 + [
        'resource "aws_vpc_security_group_ingress_rule" "r" {'
    ]


def test_an_unread_file_may_hold_rules(tmp_path: Path) -> None:
    inventory = read(tmp_path, SG)
    inventory.notifications.append(Notification(Level.ERROR, "modules/rules cannot be read"))
    (group,) = Groups(inventory).every()
    assert group.hidden is not None
    assert group.hidden.detail == "modules/rules cannot be read"


def test_the_default_group_of_a_vpc_by_the_attribute_of_the_vpc(tmp_path: Path) -> None:
    text = (
        SG
        + """
resource "aws_vpc" "v" {
  cidr_block = "10.0.0.0/16"
}
resource "aws_default_security_group" "d" {
  vpc_id = aws_vpc.v.id
}
resource "aws_vpc_security_group_ingress_rule" "d" {
  security_group_id            = aws_vpc.v.default_security_group_id
  referenced_security_group_id = aws_security_group.g.id
  ip_protocol                  = "tcp"
  from_port                    = 443
  to_port                      = 443
}
"""
    )
    assert shown(groups(tmp_path, text)["aws_default_security_group.d"]) == {f"ingress tcp 443 from {G}"}
