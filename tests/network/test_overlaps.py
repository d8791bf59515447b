"""Overlapping and unused rules. Shadowed ones: test_shadowing."""

from __future__ import annotations

from pathlib import Path

import pytest

from scanner.network.attachments import attachments
from scanner.network.inventory import Groups
from scanner.network.overlaps import Remark, Sort, Why, remarks
from tests.network.test_reachability import sg, short
from tests.network.world import read

WORN = """
resource "aws_instance" "i" {
  vpc_security_group_ids = [aws_security_group.a.id, aws_security_group.b.id]
}
"""


def found(directory: Path, text: str) -> list[Remark]:
    inventory = read(directory, text)
    return list(remarks(Groups(inventory).every(), attachments(inventory)))


def told(found_: list[Remark]) -> list[tuple[str, str, str]]:
    return [
        (remark.sort.value, remark.why.name, ", ".join(flow.text(short) for flow in remark.part.flows()))
        for remark in found_
    ]


@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        (["in 443 10.0.0.0/8", "in 22 10.0.0.0/8"], []),
        (["in 443 10.0.0.0/8", "in 443 192.168.0.0/16"], []),
        (["in 443 10.0.0.0/8", "out 443 10.0.0.0/8"], []),
        (["in 443 10.0.0.0/8", "in 443 10.1.0.0/16"], [(Why.CONTAINED, "tcp 443 from 10.1.0.0/16")]),
        (["in 443 10.1.0.0/16", "in all 10.0.0.0/8"], [(Why.CONTAINED, "tcp 443 from 10.1.0.0/16")]),
        (["in 443 10.0.0.0/8", "in 443 10.0.0.0/8"], [(Why.CONTAINED, "tcp 443 from 10.0.0.0/8")]),
        (["in 443 b", "in all b"], [(Why.CONTAINED, "tcp 443 from b")]),
    ],
)
def test_overlaps(tmp_path: Path, rules: list[str], expected: list[tuple[Why, str]]) -> None:
    text = sg("a", *rules) + sg("b", "out all 0.0.0.0/0") + WORN
    assert told(found(tmp_path, text)) == [(Sort.OVERLAPPING.value, why.name, flows) for why, flows in expected]


def test_rules_that_share_only_a_part(tmp_path: Path) -> None:
    text = sg("a", "in 443 10.0.0.0/8", "in 443 10.0.0.0/8") + sg("b") + WORN
    text = text.replace("to_port = 443", "to_port = 450", 1).replace("from_port = 443", "from_port = 440", 1)
    text = text.replace('["10.0.0.0/8"]', '["10.0.0.0/16"]', 1)
    (remark,) = found(tmp_path, text)
    assert (remark.why, [flow.text() for flow in remark.part.flows()]) == (Why.SAME, ["tcp 443 from 10.0.0.0/16"])
    assert [rule.location for rule in remark.others] != [remark.rule.location]


def test_one_block_with_several_peers_does_not_overlap_with_itself(tmp_path: Path) -> None:
    text = sg("a", "in 443 10.0.0.0/8").replace('["10.0.0.0/8"]', '["10.0.0.0/8", "10.1.0.0/16"]') + sg("b") + WORN
    assert found(tmp_path, text) == []


def test_unused_rules(tmp_path: Path) -> None:
    text = (
        sg("a", "in 443 0.0.0.0/0", "out 80 b", "out 22 b", "out 80 nobody")
        + sg("b", "in 80 a")
        + sg("nobody", "in 80 a")
        + WORN
    )
    assert told(found(tmp_path, text)) == [
        ("unused", "NO_COUNTERPART", "tcp 22 to b"),
        ("unused", "NO_PEER", "tcp 80 to nobody"),
        ("unused", "NO_WEARER", "tcp 80 from a"),
    ]


def test_who_wears_what_is_not_known(tmp_path: Path) -> None:
    text = 'variable "groups" { type = list(string) }\n' + sg("a", "in 443 0.0.0.0/0")
    text += 'resource "aws_instance" "i" {\n  vpc_security_group_ids = var.groups\n}\n'
    assert found(tmp_path, text) == []


def test_wearers_in_nested_blocks(tmp_path: Path) -> None:
    text = (
        sg("a")
        + sg("b")
        + """
resource "aws_ecs_service" "s" {
  network_configuration {
    security_groups = [aws_security_group.a.id]
  }
}
resource "aws_lambda_function" "f" {
  vpc_config {
    security_group_ids = [aws_security_group.b.id]
  }
}
"""
    )
    inventory = read(tmp_path, text)
    worn = attachments(inventory)
    wearers = {group.resource.address: [item.address for item in worn.of(group)] for group in Groups(inventory).every()}
    assert wearers == {
        "aws_security_group.a": ["aws_ecs_service.s"],
        "aws_security_group.b": ["aws_lambda_function.f"],
    }
