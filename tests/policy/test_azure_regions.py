"""Where Azure resources live: at home, in the recovery region as a second one, or astray."""

from __future__ import annotations

from pathlib import Path

import pytest

from scanner.model.finding import Verdict
from scanner.policy.evidence import Outcome
from tests.policy.functions_support import call, read

PASS, FAIL, UNKNOWN = Verdict.PASS, Verdict.FAIL, Verdict.UNKNOWN
HOME = """
resource "azurerm_resource_group" "main" { location = "koreacentral" }
resource "azurerm_kubernetes_cluster" "main" { location = azurerm_resource_group.main.location }
resource "azurerm_postgresql_flexible_server" "main" { location = "Korea Central" }
"""


def decide(directory: Path, text: str) -> Outcome:
    inventory = read(directory, {"main.tf": text})
    return call(inventory, "azure_locations", primary=["koreacentral"], recovery=["koreasouth"])


@pytest.mark.parametrize(
    "further",
    [
        "",
        'resource "azurerm_resource_group" "recovery" { location = "koreasouth" }',
        'resource "azurerm_kubernetes_cluster" "standby" { location = "koreasouth" }',
        'resource "azurerm_private_endpoint" "copy" { location = "Korea South" }',
        'resource "azurerm_monitor_action_group" "page" { location = "global" }',
        'resource "azurerm_cdn_frontdoor_profile" "edge" { name = "edge" }',
        'resource "azurerm_postgresql_flexible_server" "copy" {\n create_mode = "Replica"\n location = "koreasouth"\n}',
    ],
)
def test_home_and_what_may_be_elsewhere(tmp_path, further):
    assert decide(tmp_path, HOME + further).verdict is PASS


def test_a_third_region_is_astray(tmp_path):
    outcome = decide(tmp_path, HOME + 'resource "azurerm_storage_account" "logs" {\n  location = "southeastasia"\n}')
    assert outcome.verdict is FAIL
    place = outcome.evidence[0].location
    assert place is not None
    assert place.line == 6


def test_what_serves_users_may_not_live_in_the_recovery_region_alone(tmp_path):
    assert decide(tmp_path, 'resource "azurerm_kubernetes_cluster" "x" { location = "koreasouth" }').verdict is FAIL


def test_a_copy_at_home_does_not_stand_for_the_server_that_was_moved(tmp_path):
    moved = HOME.replace('"Korea Central"', '"koreasouth"')
    copy = (
        'resource "azurerm_postgresql_flexible_server" "r" {\n create_mode = "Replica"\n location = "koreacentral"\n}'
    )
    assert decide(tmp_path, moved + copy).verdict is FAIL


def test_a_region_from_outside_is_unknown(tmp_path):
    text = 'variable "region" { type = string }\nresource "azurerm_key_vault" "main" { location = var.region }'
    assert decide(tmp_path, HOME + text).verdict is UNKNOWN


def test_nothing_to_look_at_is_unknown(tmp_path):
    assert decide(tmp_path, 'resource "aws_vpc" "main" { cidr_block = "10.0.0.0/16" }').verdict is UNKNOWN
