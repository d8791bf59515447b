"""Requirements on flows through the whole engine: findings, places, severities, components."""

from __future__ import annotations

from pathlib import Path

import pytest

from scanner.errors import DefinitionError
from scanner.facts import load_facts
from scanner.model.finding import Finding
from scanner.policy.baseline import Baseline, load_baseline
from scanner.policy.evaluate import evaluate_baseline
from scanner.policy.library import Library
from scanner.sources.terraform import TerraformOptions, TerraformSource

HEAD = """
baseline: shop
document: {title: Shop, version: "1.0"}
components:
  sg-web: {type: aws_security_group, title: {en: Web, ko: 웹}, match: [{name: web}]}
  sg-app: {type: aws_security_group, title: {en: App, ko: 앱}, match: [{name: app}]}
  sg-db: {type: aws_security_group, title: {en: Database, ko: DB}, match: [{name: db}]}
  app-subnets: {type: aws_subnet, many: true, title: {en: Subnets, ko: 서브넷}, match: [{tags.Tier: app}]}
requirements:
"""
INPUTS = "inputs: {offices: {type: list, description: {en: Offices, ko: 사무실}}}"
PORT = "inputs: {port: {type: integer, description: {en: Port, ko: 포트}}}"
GROUPS = """
resource "aws_security_group" "web" {
  name = "web"
}
resource "aws_security_group" "app" {
  name = "app"
}
"""


def rule(name: str, body: str) -> str:
    return f'resource "aws_vpc_security_group_ingress_rule" "{name}" {{\n{body}\n}}\n'


def to_app(port: str, peer: str) -> str:
    return (
        '  security_group_id = aws_security_group.app.id\n  ip_protocol = "tcp"\n'
        f"  from_port = {port}\n  to_port = {port}\n  {peer}"
    )


FROM_WEB = "referenced_security_group_id = aws_security_group.web.id"


def requirement(arguments: str, bound: str = "component: sg-app", policy: str = "network-flows") -> str:
    return f"""
  - id: SHOP-SG-001
    section: "1"
    title: {{en: Flows, ko: 트래픽}}
    severity: high
    category: network
    {bound}
    policy: {policy}
    with: {arguments}
"""


def baseline(directory: Path, text: str) -> Baseline:
    file = directory / "shop.yaml"
    inputs = (INPUTS if "${offices}" in text else "") + (PORT if "${port}" in text else "")
    file.write_text(HEAD + text + inputs, "utf-8")
    facts = load_facts()
    return load_baseline(file, Library.load(None, facts), facts, cache=False)


def findings(directory: Path, requirement_: str, terraform: str, **inputs: object) -> list[Finding]:
    code = directory / "code"
    code.mkdir(exist_ok=True)
    (code / "main.tf").write_text(terraform, "utf-8")
    inventory = TerraformSource([code], TerraformOptions(), code).collect()
    return list(evaluate_baseline(baseline(directory, requirement_), inventory, load_facts(), inputs=inputs))


def told(found: list[Finding]) -> list[str]:
    return [f"{item.verdict.value} {item.severity.value}: {item.message.en}" for item in found]


def test_every_difference_is_a_finding_with_its_own_severity_and_identity(tmp_path: Path) -> None:
    text = GROUPS + rule("ssh", to_app("22", 'cidr_ipv4 = "0.0.0.0/0"')) + rule("db", to_app("5432", FROM_WEB))
    wanted = requirement(
        "{ingress: [{port: [80, 443], peer: sg-web}], severity_unexpected: critical, severity_missing: low}"
    )
    found = findings(tmp_path, wanted, text)
    assert told(found) == [
        "fail critical: tcp 22 from 0.0.0.0/0 is allowed but not documented",
        "fail critical: tcp 5432 from sg-web is allowed but not documented",
        "fail low: tcp 80 from sg-web is documented but not allowed",
        "fail low: tcp 443 from sg-web is documented but not allowed",
    ]
    assert len({item.fingerprint for item in found}) == 4
    lines = text.splitlines()
    assert [lines[item.location.line - 1].split('"')[-2] for item in found if item.location] == [
        "ssh",
        "db",
        "app",
        "app",
    ]
    assert {item.component for item in found} == {"sg-app"}


def test_what_fails_and_what_is_not_known_are_told_apart(tmp_path: Path) -> None:
    text = 'variable "client" { type = string }\n' + GROUPS
    text += rule("ssh", to_app("22", 'cidr_ipv4 = "0.0.0.0/0"')) + rule("web", to_app("80", "cidr_ipv4 = var.client"))
    found = findings(tmp_path, requirement("{ingress: [{port: 80, peer: 10.0.0.0/8}]}"), text)
    assert [item.verdict.value for item in found] == ["fail", "unknown", "unknown"]
    assert all(item.reason and "var.client" in item.reason.en for item in found[1:])


def test_a_difference_points_at_the_value_that_makes_it(tmp_path: Path) -> None:
    text = (
        GROUPS
        + """
locals {
  ports = {
    web   = 80
    admin = 8080
  }
}
resource "aws_vpc_security_group_ingress_rule" "r" {
  for_each                     = local.ports
  security_group_id            = aws_security_group.app.id
  referenced_security_group_id = aws_security_group.web.id
  ip_protocol                  = "tcp"
  from_port                    = each.value
  to_port                      = each.value
}
"""
    )
    (found,) = findings(tmp_path, requirement("{ingress: [{port: 80, peer: sg-web}]}"), text)
    assert found.location is not None
    assert text.splitlines()[found.location.line - 1].strip() == "admin = 8080"
    assert [hop.what for hop in found.provenance][1:] == ["each.value", "local.ports"]


def test_a_documented_peer_that_the_code_does_not_have(tmp_path: Path) -> None:
    found = findings(tmp_path, requirement("{ingress: [{port: 80, peer: sg-db}]}"), GROUPS)
    assert told(found) == ["fail high: tcp 80 from sg-db is documented but not allowed: the code has no sg-db"]


def test_subnets_are_peers_by_their_addresses(tmp_path: Path) -> None:
    subnets = "".join(
        f'resource "aws_subnet" "s{at}" {{\n  cidr_block = "10.0.{at}.0/24"\n  tags = {{ Tier = "app" }}\n}}\n'
        for at in (0, 1)
    )
    text = GROUPS + subnets + rule("web", to_app("80", 'cidr_ipv4 = "10.0.0.0/23"'))
    assert told(findings(tmp_path, requirement("{ingress: [{port: 80, peer: app-subnets}]}"), text)) == [
        "pass high: as required"
    ]


def test_an_input_that_is_not_given_leaves_its_own_flow_open(tmp_path: Path) -> None:
    text = GROUPS + rule("ssh", to_app("22", 'cidr_ipv4 = "203.0.113.0/28"'))
    text += rule("rdp", to_app("3389", 'cidr_ipv4 = "203.0.113.0/28"'))
    wanted = requirement('{ingress: [{port: 22, peer: "${offices}"}]}')
    assert [item.split(":")[0] for item in told(findings(tmp_path, wanted, text))] == [
        "fail high", "unknown high", "unknown high",
    ]  # fmt: skip
    only_ssh = GROUPS + rule("ssh", to_app("22", 'cidr_ipv4 = "203.0.113.0/28"'))
    assert told(findings(tmp_path, wanted, only_ssh, offices=["203.0.113.0/28"])) == ["pass high: as required"]


def test_flows_for_several_groups_at_once(tmp_path: Path) -> None:
    flows = "[{group: sg-app, port: 80, peer: sg-web}, {group: sg-web, port: 81, peer: sg-app}]"
    matrix = requirement(f"{{only_groups: true, ingress: {flows}}}", "select: {type: aws_security_group}")
    text = GROUPS + rule("web", to_app("80", FROM_WEB)) + rule("lb", to_app("443", 'cidr_ipv4 = "0.0.0.0/0"'))
    assert told(findings(tmp_path, matrix, text)) == [
        "fail high: tcp 81 from sg-app is documented but not allowed",
        "pass high: as required",
    ]


def test_open_flows_by_group(tmp_path: Path) -> None:
    wanted = requirement(
        "{accepted: [{group: sg-web, port: 443, peer: 0.0.0.0/0}]}",
        "select: {type: aws_security_group}",
        "network-open-flows",
    )
    text = GROUPS + rule("app", to_app("443", 'cidr_ipv4 = "0.0.0.0/0"'))
    text += rule("web", to_app("443", 'cidr_ipv4 = "0.0.0.0/0"').replace("group.app", "group.web"))
    failing = [item for item in findings(tmp_path, wanted, text) if item.verdict == "fail"]
    assert [item.resource.address for item in failing if item.resource] == ["aws_security_group.app"]


@pytest.mark.parametrize(
    ("flow", "message"),
    [
        ("{port: 80, peer: sg-wep}", "did you mean sg-web"),
        ("{port: 80}", "a flow needs a peer"),
        ("{port: 99999, peer: any}", "no port"),
        ("{port: 80, peer: any, group: sg-nobody}", "is not known"),
    ],
)
def test_a_flow_that_makes_no_sense_is_an_error_of_the_baseline(tmp_path: Path, flow: str, message: str) -> None:
    with pytest.raises(DefinitionError, match=message):
        baseline(tmp_path, requirement(f"{{ingress: [{flow}]}}"))


def test_messages_in_korean(tmp_path: Path) -> None:
    text = GROUPS + rule("ssh", to_app("22", 'cidr_ipv4 = "0.0.0.0/0"'))
    found = findings(tmp_path, requirement("{ingress: [{port: 80, peer: sg-web}]}"), text)
    assert [item.message.ko for item in found] == [
        "문서에 없는 인바운드 tcp 22 (0.0.0.0/0) 허용",
        "문서에 있는 인바운드 tcp 80 (sg-web) 허용 규칙이 없음",
    ]


def test_sensitive_networks_are_not_printed(tmp_path: Path) -> None:
    text = 'variable "office" {\n  default   = "203.0.113.0/28"\n  sensitive = true\n}\n' + GROUPS
    text += rule("ssh", to_app("22", "cidr_ipv4 = var.office"))
    (found,) = findings(tmp_path, requirement("{ingress: []}"), text)
    assert found.verdict == "fail"
    assert "203.0.113" not in repr(found)


@pytest.mark.parametrize(
    ("inputs", "verdicts"),
    [({"port": 8080}, {"pass"}), ({"port": 8081}, {"fail"}), ({}, {"unknown"})],
)
def test_the_port_of_a_flow_may_be_an_input(tmp_path: Path, inputs: dict[str, int], verdicts: set[str]) -> None:
    text = GROUPS + rule("web", to_app("8080", FROM_WEB))
    wanted = requirement('{ingress: [{port: "${port}", peer: sg-web}]}')
    assert {item.verdict.value for item in findings(tmp_path, wanted, text, **inputs)} == verdicts


def test_a_peer_that_no_port_explains_fails_whatever_the_port_is(tmp_path: Path) -> None:
    text = GROUPS + rule("ssh", to_app("22", 'cidr_ipv4 = "0.0.0.0/0"'))
    wanted = requirement('{ingress: [{port: "${port}", peer: sg-web}]}')
    assert "fail" in {item.verdict.value for item in findings(tmp_path, wanted, text)}
