"""The flow requirements of two documents: their compliant code passes, and every change is decided rightly."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from scanner.facts import load_facts
from scanner.model.finding import Verdict
from scanner.policy.baseline import load_baseline
from scanner.policy.evaluate import evaluate_baseline
from scanner.policy.library import Library
from scanner.sources.terraform import TerraformOptions, TerraformSource

COMPLIANT = Path(__file__).parent / "compliant"
AIMM, TRIPGEN = "ai-model-management", "tripgen"
BASELINES = {AIMM: "ai-model-management-staging", TRIPGEN: "tripgen-production"}
GROUPS = {AIMM: "SG", TRIPGEN: "NSG"}
NSG_RULE = """
resource "azurerm_network_security_rule" "more" {{
  name                        = "more"
  priority                    = {priority}
  direction                   = "{direction}"
  access                      = "{access}"
  protocol                    = "{protocol}"
  source_port_range           = "*"
  destination_port_range      = "{port}"
  source_address_prefix       = "{source}"
  destination_address_prefix  = "{target}"
  network_security_group_name = azurerm_network_security_group.{group}.name
}}
"""


def verdicts(directory: Path, document: str, edits: list[tuple[str, str]], more: str = "") -> dict[str, set[Verdict]]:
    """The verdict of every requirement on flows on the compliant code with some texts replaced and some code added."""
    shutil.copytree(COMPLIANT / document, directory / document)
    file = directory / document / "main.tf"
    text = file.read_text("utf-8")
    for old, new in edits:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    file.write_text(text + more, "utf-8")
    facts = load_facts()
    inventory = TerraformSource([directory], TerraformOptions(), directory).collect()
    found: dict[str, set[Verdict]] = {}
    for finding in evaluate_baseline(
        load_baseline(BASELINES[document], Library.load(None, facts), facts), inventory, facts
    ):
        if f"-{GROUPS[document]}-" in (finding.requirement or ""):
            found.setdefault(finding.requirement or "", set()).add(finding.verdict)
    return found


def failing(found: dict[str, set[Verdict]]) -> list[str]:
    return sorted(name.rpartition("-")[2] for name, verdicts_ in found.items() if Verdict.FAIL in verdicts_)


def sg(flow: str) -> str:
    """A further flow of the map: `extra = { … }`."""
    return f'    extra = {{ {flow} }}\n  }}\n}}\n\nresource "aws_vpc"'


@pytest.mark.parametrize("document", BASELINES)
def test_the_compliant_code_passes(tmp_path: Path, document: str) -> None:
    found = verdicts(tmp_path, document, [])
    assert found
    assert {verdict for verdicts_ in found.values() for verdict in verdicts_} == {Verdict.PASS}


END = '  }\n}\n\nresource "aws_vpc"'


@pytest.mark.parametrize(
    ("edits", "expected"),
    [
        ([('toset(["80", "443"])', 'toset(["443"])')], []),
        ([('toset(["80", "443"])', 'toset(["80"])')], ["001"]),
        ([('toset(["80", "443"])', 'toset(["80", "443", "8443"])')], ["001", "009"]),
        ([("    alb_to_frontend_http    =", "    # alb_to_frontend_http =")], ["002", "011"]),
        ([(END, sg('from = "backend", to = "frontend", first = 443, last = 443'))], ["002", "011"]),
        ([("first = 8000, last = 8002 }\n    frontend", "first = 8000, last = 8003 }\n    frontend")], ["003", "011"]),
        ([("first = 8000, last = 8002 }\n    frontend", "first = 8000, last = 8001 }\n    frontend")], ["003", "011"]),
        ([('to = "backend", first = 8000, last = 8000', 'to = "backend", first = 8000, last = 8002')], []),
        ([("    frontend_to_backend     =", "    # frontend_to_backend =")], ["003", "011"]),
        ([("first = 27017, last = 27017", "first = 27017, last = 27018")], ["004", "011"]),
        ([(END, sg('from = "frontend", to = "docdb", first = 27017, last = 27017'))], ["004", "011"]),
        ([("first = 6379, last = 6379", "first = 6378, last = 6379")], ["005", "011"]),
        ([(END, sg('from = "monitoring", to = "redis", first = 9090, last = 9090'))], []),
        ([(END, sg('from = "monitoring", to = "redis", first = 9121, last = 9121'))], ["005", "011"]),
        ([(END, sg('from = "backend", to = "monitoring", first = 9090, last = 9090'))], ["006", "011"]),
        ([("    monitoring_to_exporters =", "    # monitoring_to_exporters =")], ["007"]),
        ([('"docdb", "redis", "monitoring"]', '"docdb", "redis"]'),
          ("    monitoring_to_backend   =", "    # a ="), ("    monitoring_to_exporters =", "    # b ="),
          ("    monitoring_prometheus   =", "    # c ="), ("    monitoring_grafana      =", "    # d =")], []),
    ],
)  # fmt: skip
def test_changes_of_the_staging_groups(tmp_path: Path, edits: list[tuple[str, str]], expected: list[str]) -> None:
    assert failing(verdicts(tmp_path, AIMM, edits)) == expected


@pytest.mark.parametrize(
    ("group", "port", "network", "expected"),
    [
        ("backend", 22, "0.0.0.0/0", ["003", "008", "009", "010"]),
        ("backend", 22, "203.0.113.0/28", ["003", "010"]),
        ("redis", 6379, "10.1.0.0/16", ["005", "010"]),
        ("frontend", 443, "0.0.0.0/0", ["002", "009"]),
        ("monitoring", 3000, "203.0.113.0/28", ["006"]),
    ],
)
def test_networks_admitted_to_a_group(tmp_path: Path, group: str, port: int, network: str, expected: list[str]) -> None:
    more = f"""
resource "aws_vpc_security_group_ingress_rule" "more" {{
  security_group_id = aws_security_group.role["{group}"].id
  ip_protocol       = "tcp"
  from_port         = {port}
  to_port           = {port}
  cidr_ipv4         = "{network}"
}}
"""
    assert failing(verdicts(tmp_path, AIMM, [], more)) == expected


def more_rule(group: str, **fields: str) -> str:
    settings = {
        "priority": "300", "direction": "Inbound", "access": "Allow", "protocol": "Tcp", "port": "443",
        "source": "*", "target": "*",
    } | fields  # fmt: skip
    return NSG_RULE.format(group=group, **settings)


@pytest.mark.parametrize(
    ("edits", "more", "expected"),
    [
        ([('destination_port_range     = "443"', 'destination_port_range     = "444"')], "", ["001", "003"]),
        ([("security_rule {\n    name                       = \"HTTPS\"\n    priority                   = 100\n"
           '    direction                  = "Inbound"\n    access                     = "Allow"',
           "security_rule {\n    name                       = \"HTTPS\"\n    priority                   = 100\n"
           '    direction                  = "Inbound"\n    access                     = "Deny"')],
         "", ["001", "003"]),
        ([], more_rule("gateway", priority="90", access="Deny", source="Internet"), ["001", "003"]),
        ([], more_rule("gateway", priority="400", access="Deny", source="Internet"), []),
        ([], more_rule("gateway", port="8443", source="Internet"), ["003"]),
        ([], more_rule("gateway", protocol="Udp", source="Internet"), ["003"]),
        ([], more_rule("gateway", protocol="*", port="*", source="AzureLoadBalancer"), []),
        ([], more_rule("gateway", access="Deny", protocol="*", port="*", source="*", priority="4096"), ["004"]),
        ([], more_rule("gateway", source="AzureFrontDoor.Backend"), []),
        ([('redirect_type        = "Permanent"', 'redirect_type        = "Found"')], "", ["002"]),
        ([('redirect_configuration_name = "to-https"', 'backend_address_pool_name   = "aks-backend"')], "", ["002"]),
        ([('"65200-65535"', '"65200-65534"')], "", ["004"]),
        ([('["80", "443", "8080"]', '["80", "443", "30000-32767"]')], "", ["005"]),
        ([('["80", "443", "8080"]', '["443"]')], "", ["005"]),
        ([("source_address_prefix       = local.subnets.gateway", 'source_address_prefix       = "10.0.0.0/16"')],
         "", ["005"]),
        ([('["80", "443", "8080"]', '["80-443"]')], "", ["005"]),
        ([('destination_port_range      = "5432"', 'destination_port_range      = "5433"')], "", ["006"]),
        ([('["6380", "15000-15005"]', '["6380"]')], "", ["007"]),
        ([('["6380", "15000-15005"]', '["6379", "6380", "15000-15010"]')], "", []),
        ([], more_rule("aks", direction="Outbound", access="Deny", target="10.0.2.0/24", priority="99", port="*"),
         ["006"]),
        ([], more_rule("aks", direction="Outbound", target="*"), ["008"]),
        ([], more_rule("aks", direction="Outbound", target="AzureContainerRegistry"), []),
    ],
)  # fmt: skip
def test_changes_of_the_production_nsgs(
    tmp_path: Path, edits: list[tuple[str, str]], more: str, expected: list[str]
) -> None:
    assert failing(verdicts(tmp_path, TRIPGEN, edits, more)) == expected
