"""Differences between documented and actual flows, one by one."""

from __future__ import annotations

from pathlib import Path

import pytest

from scanner.model.inventory import Level, Notification
from scanner.model.value import Plain, Reason, Unknown
from scanner.network.compare import Difference, Expectation, Mode, compare, open_flows, overlapping
from scanner.network.documented import NOT_BOUND, Resolved, parse_flows
from scanner.network.flows import union_of
from scanner.network.inventory import Groups
from scanner.network.peers import NOBODY, Kind, named
from scanner.network.rules import Group
from scanner.network.services import ALL_SERVICES, Direction
from tests.network.world import groups, read

IN = Direction.INGRESS
HTTPS: Plain = {"port": 443, "peer": "10.0.0.0/8"}
WEB = named(Kind.GROUP, "web")
MAYBE = Resolved(NOBODY, WEB, Unknown(Reason.ERROR, "which group is web is not known"))
HEAD = 'variable "nothing" {}\nvariable "list" { type = list(string) }\n'


def resolve(text: str) -> Resolved | None:
    return {"web": Resolved(WEB, WEB), "gone": NOT_BOUND, "perhaps": MAYBE}.get(text)


def group(directory: Path, *rules: str) -> Group:
    """A security group with inbound rules written `protocol ports networks`."""
    blocks = []
    for rule in rules:
        protocol, ports, peers = rule.split(" ", 2)
        first, _, last = ports.partition("-")
        blocks.append(
            f'  ingress {{\n    protocol = "{protocol}"\n    from_port = {first}\n    to_port = {last or first}\n'
            f"    {peers}\n  }}\n"
        )
    text = HEAD + 'resource "aws_security_group" "g" {\n' + "".join(blocks) + "}\n"
    return groups(directory, text)["aws_security_group.g"]


def v4(*networks: str) -> str:
    return "cidr_blocks = [" + ", ".join(f'"{network}"' for network in networks) + "]"


def differ(found: Group, flows: list[Plain], tolerated: list[Plain] | None = None, mode: str = "exactly") -> list[str]:
    expectation = Expectation(
        IN, Mode(mode), parse_flows(IN, flows, resolve), parse_flows(IN, tolerated or [], resolve)
    )
    return [told(difference) for difference in compare(found, expectation)]


def told(found: Difference) -> str:
    part = ", ".join(flow.text() for flow in found.part.flows())
    text = found.documented.text() if found.documented else part
    severity = f" ({found.severity})" if found.severity else ""
    return f"{found.sort.value}{'' if found.certain else '?'} {text}{severity}"


@pytest.mark.parametrize(
    ("rules", "flows", "expected"),
    [
        (["tcp 443 " + v4("10.0.0.0/8")], [{"port": 443, "peer": "10.0.0.0/8"}], []),
        (
            ["tcp 444 " + v4("10.0.0.0/8")],
            [{"port": 443, "peer": "10.0.0.0/8"}],
            ["unexpected tcp 444 from 10.0.0.0/8", "missing tcp 443 from 10.0.0.0/8"],
        ),
        (["tcp 443 " + v4("10.0.0.0/7")], [HTTPS], ["unexpected tcp 443 from 11.0.0.0/8"]),
        (["tcp 443 " + v4("10.0.0.0/9")], [HTTPS], ["missing tcp 443 from 10.0.0.0/8"]),
        (
            ["-1 0 " + v4("10.0.0.0/8")],
            [{"port": 443, "peer": "10.0.0.0/8"}],
            ["unexpected all protocols but tcp 443 from 10.0.0.0/8"],
        ),
        (["tcp 440-443 " + v4("10.0.0.0/8")], [HTTPS], ["unexpected tcp 440-442 from 10.0.0.0/8"]),
        ([], [{"port": [80, 443], "peer": "web"}], ["missing tcp 80 from web", "missing tcp 443 from web"]),
        (
            ["tcp 443 " + v4("10.0.0.0/8"), "tcp 443 " + v4("10.0.0.0/8", "192.168.0.0/16")],
            [],
            [
                "unexpected tcp 443 from 10.0.0.0/8",
                "unexpected tcp 443 from 10.0.0.0/8",
                "unexpected tcp 443 from 192.168.0.0/16",
            ],
        ),
        ([], [{"port": 443, "peer": "gone"}], ["missing tcp 443 from gone"]),
        (["tcp 443 " + v4("0.0.0.0/0")], [{"port": 443, "peer": "web"}],
         ["unexpected tcp 443 from 0.0.0.0/0", "missing tcp 443 from web"]),
        (["tcp 443 " + v4("0.0.0.0/0") + '\n ipv6_cidr_blocks = ["::/0"]'], [{"port": 443, "peer": "any"}], []),
    ],
)  # fmt: skip
def test_exactly(tmp_path: Path, rules: list[str], flows: list[Plain], expected: list[str]) -> None:
    assert differ(group(tmp_path, *rules), flows) == expected


def test_at_most_asks_for_nothing_and_at_least_forbids_nothing(tmp_path: Path) -> None:
    found = group(tmp_path, "tcp 443 " + v4("10.0.0.0/8"))
    assert differ(found, [{"port": [80, 443], "peer": "10.0.0.0/8"}], mode="at_most") == []
    assert differ(found, [{"port": 80, "peer": "10.0.0.0/8"}], mode="at_most") == ["unexpected tcp 443 from 10.0.0.0/8"]
    assert differ(found, [], mode="at_least") == []
    assert differ(found, [{"port": 80, "peer": "10.0.0.0/8"}], mode="at_least") == ["missing tcp 80 from 10.0.0.0/8"]


def test_tolerated_flows_and_flows_with_a_severity(tmp_path: Path) -> None:
    found = group(tmp_path, "tcp 22-23 " + v4("10.0.0.0/8"))
    assert differ(found, [], [{"port": "22-23", "peer": "10.0.0.0/8"}]) == []
    assert differ(found, [], [{"port": 22, "peer": "10.0.0.0/8", "severity": "low"}]) == [
        "unexpected tcp 22 from 10.0.0.0/8 (low)",
        "unexpected tcp 23 from 10.0.0.0/8",
    ]
    missing = differ(group(tmp_path), [{"port": 80, "peer": "web", "severity": "low"}])
    assert missing == ["missing tcp 80 from web (low)"]


@pytest.mark.parametrize(
    "peers",
    [
        "cidr_blocks = [var.nothing]",
        "cidr_blocks = var.list",
        'cidr_blocks = concat(["192.168.0.0/16"], var.list)',
        "prefix_list_ids = [var.nothing]",
    ],
)
def test_an_unknown_peer_may_be_the_documented_one(tmp_path: Path, peers: str) -> None:
    told_ = differ(group(tmp_path, "tcp 443 " + peers), [{"port": 443, "peer": "10.0.0.0/8"}])
    assert "missing tcp 443 from 10.0.0.0/8" not in told_
    assert "missing? tcp 443 from 10.0.0.0/8" in told_
    assert any(text.startswith("unexpected? tcp 443") for text in told_)


def test_an_unknown_peer_says_nothing_about_other_flows(tmp_path: Path) -> None:
    found = group(tmp_path, "tcp 443 cidr_blocks = [var.nothing]", "tcp 22 " + v4("10.0.0.0/8"))
    told_ = differ(found, [{"port": 80, "peer": "10.0.0.0/8"}, {"port": 22, "peer": "10.0.0.0/8"}])
    assert "missing tcp 80 from 10.0.0.0/8" in told_
    assert not [text for text in told_ if "tcp 22" in text]


def test_an_unknown_group_cannot_be_a_documented_network(tmp_path: Path) -> None:
    found = group(tmp_path, "tcp 443 security_groups = [var.nothing]")
    told_ = differ(found, [{"port": 443, "peer": "10.0.0.0/8"}, {"port": 443, "peer": "web"}])
    assert "missing tcp 443 from 10.0.0.0/8" in told_
    assert "missing? tcp 443 from web" in told_


def test_unknown_ports_touch_every_port_of_their_protocol(tmp_path: Path) -> None:
    text = (
        HEAD
        + """
resource "aws_security_group" "g" {
  ingress {
    protocol    = "tcp"
    from_port   = var.nothing
    to_port     = var.nothing
    cidr_blocks = ["10.0.0.0/8"]
  }
}
"""
    )
    found = groups(tmp_path, text)["aws_security_group.g"]
    flows: list[Plain] = [{"port": 443, "peer": "10.0.0.0/8"}, {"protocol": "udp", "port": 53, "peer": "10.0.0.0/8"}]
    told_ = differ(found, flows)
    assert "missing? tcp 443 from 10.0.0.0/8" in told_
    assert "missing udp 53 from 10.0.0.0/8" in told_


def test_what_is_certain_hides_what_is_not(tmp_path: Path) -> None:
    found = group(tmp_path, "tcp 443 " + v4("10.0.0.0/8"), "tcp 443 cidr_blocks = var.list")
    assert differ(found, [{"port": 443, "peer": "10.0.0.0/8"}], mode="at_least") == []
    assert differ(found, [{"port": 443, "peer": "any"}], mode="at_most") == []


def test_a_component_that_is_not_certain(tmp_path: Path) -> None:
    assert differ(group(tmp_path), [{"port": 443, "peer": "perhaps"}]) == ["missing? tcp 443 from perhaps"]
    by_group = group(tmp_path, 'tcp 443 security_groups = ["web"]')
    assert differ(by_group, [{"port": 443, "peer": "perhaps"}]) == ["unexpected? tcp 443 from web"]


def test_what_could_not_be_read_leaves_everything_open(tmp_path: Path) -> None:
    inventory = read(tmp_path, 'resource "aws_security_group" "g" {\n  name = "g"\n}\n')
    inventory.notifications.append(
        Notification(Level.ERROR, "rules.tf cannot be read", hides=("aws_security_group_rule",))
    )
    (found,) = Groups(inventory).every()
    assert differ(found, []) == ["unexpected? "]
    assert differ(found, [{"port": 443, "peer": "web"}], mode="at_least") == ["missing? tcp 443 from web"]


def test_nothing_of_some_flows(tmp_path: Path) -> None:
    found = group(tmp_path, "tcp 1-100 " + v4("10.0.0.0/8"), "tcp 22 cidr_blocks = var.list")
    listed = parse_flows(IN, [{"port": 22, "peer": "any"}], resolve)
    assert [told(item) for item in overlapping(found, listed)] == [
        "unexpected tcp 22 from 10.0.0.0/8",
        "unexpected? tcp 22 from any address",
    ]


@pytest.mark.parametrize(
    ("rules", "accepted", "expected"),
    [
        (["tcp 443 " + v4("0.0.0.0/0")], [], ["unexpected tcp 443 from 0.0.0.0/0"]),
        (["tcp 443 " + v4("0.0.0.0/0")], [{"port": 443, "peer": "0.0.0.0/0"}], []),
        (["tcp 443 " + v4("0.0.0.0/0")], [{"port": 443, "peer": "::/0"}], ["unexpected tcp 443 from 0.0.0.0/0"]),
        (["tcp 443 " + v4("0.0.0.0/1")], [], []),
        (
            ["tcp 443 " + v4("0.0.0.0/1"), "tcp 440-450 " + v4("128.0.0.0/1")],
            [],
            ["unexpected tcp 443 from 0.0.0.0/1", "unexpected tcp 443 from 128.0.0.0/1"],
        ),
        (
            ["tcp 443 " + v4("0.0.0.0/0"), "tcp 443 " + v4("203.0.113.0/24")],
            [],
            ["unexpected tcp 443 from 0.0.0.0/0"],
        ),
        (["tcp 443 cidr_blocks = var.list"], [], ["unexpected? tcp 443 from any address"]),
        (["tcp 443 " + v4("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16")], [], []),
    ],
)
def test_what_is_open_to_the_internet(
    tmp_path: Path, rules: list[str], accepted: list[Plain], expected: list[str]
) -> None:
    flows = union_of(flow.sure for flow in parse_flows(IN, accepted, resolve))
    found = open_flows(group(tmp_path, *rules), IN, flows, ALL_SERVICES)
    assert [told(item) for item in found] == expected


def test_flows_of_one_choice_stand_in_for_each_other(tmp_path: Path) -> None:
    flows: list[Plain] = [{"port": [80, 443], "peer": "web", "choice": "http", "severity": "low"}]
    one = group(tmp_path, 'tcp 80 security_groups = ["web"]')
    assert differ(one, flows) == ["missing tcp 443 from web (low)"]
    assert differ(group(tmp_path), flows) == ["missing tcp 80 from web", "missing tcp 443 from web"]
