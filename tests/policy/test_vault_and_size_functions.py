"""Lives of secrets and keys, sizes of Azure servers, and choices of a project, as policies ask for them."""

from __future__ import annotations

from pathlib import Path

import pytest

from scanner.model.finding import Verdict
from tests.policy.functions_support import call, read

PASS, FAIL, UNKNOWN = Verdict.PASS, Verdict.FAIL, Verdict.UNKNOWN
SECRET = 'resource "azurerm_key_vault_secret" "x" {{\n{}\n}}\n'
KEY = 'resource "azurerm_key_vault_key" "x" {{\n{}\n}}\n'
SERVER = 'resource "azurerm_postgresql_flexible_server" "{}" {{\n{}\n}}\n'
MAIN = SERVER.format("main", 'sku_name = "GP_Standard_D4s_v3"')
COPY = "source_server_id = azurerm_postgresql_flexible_server.main.id\n"


@pytest.mark.parametrize(
    ("attributes", "verdict"),
    [
        ('not_before_date = "2026-01-01T00:00:00Z"\nexpiration_date = "2026-04-01T00:00:00Z"', PASS),
        ('not_before_date = "2026-01-01T00:00:00Z"\nexpiration_date = "2026-04-01T00:00:01Z"', FAIL),
        # The same instant on another clock.
        ('not_before_date = "2026-01-01T09:00:00+09:00"\nexpiration_date = "2026-04-01T00:00:00Z"', PASS),
        ('not_before_date = "2026-01-01T00:00:00Z"', FAIL),
        ('expiration_date = "2026-04-01T00:00:00Z"', UNKNOWN),
        ('not_before_date = timestamp()\nexpiration_date = "2026-04-01T00:00:00Z"', UNKNOWN),
        ('not_before_date = "2026-01-01"\nexpiration_date = "2026-04-01T00:00:00Z"', UNKNOWN),
        ('not_before_date = "2026-01-01T00:00:00Z"\nexpiration_date = "in spring"', UNKNOWN),
    ],
)
def test_the_life_of_a_secret(tmp_path: Path, attributes: str, verdict: Verdict) -> None:
    inventory = read(tmp_path, {"main.tf": SECRET.format(attributes)})
    arguments = {"from": "not_before_date", "until": "expiration_date", "days": 90}
    assert call(inventory, "expires_within", "azurerm_key_vault_secret.x", **arguments).verdict is verdict


@pytest.mark.parametrize(
    ("life", "automatic", "verdict"),
    [
        ("P120D", 'time_after_creation = "P90D"', PASS),
        ("P120D", 'time_after_creation = "P91D"', FAIL),
        ("P120D", 'time_after_creation = "P2M"', PASS),
        ("P120D", 'time_after_creation = "P3M"', UNKNOWN),
        ("P2Y", 'time_after_creation = "P1Y"', FAIL),
        ("P2Y", 'time_after_creation = "P12W"', PASS),
        ("P120D", 'time_before_expiry = "P30D"', PASS),
        ("P120D", 'time_before_expiry = "P29D"', FAIL),
        # The first of the two triggers counts.
        ("P100D", 'time_after_creation = "P95D"\ntime_before_expiry = "P10D"', PASS),
        ("P120D", 'time_after_creation = "three months"', UNKNOWN),
        ("P120D", "time_after_creation = var.age", UNKNOWN),
        ("P120D", "", FAIL),
    ],
)
def test_the_age_at_which_a_key_is_replaced(tmp_path: Path, life: str, automatic: str, verdict: Verdict) -> None:
    policy = f'rotation_policy {{\nexpire_after = "{life}"\nautomatic {{\n{automatic}\n}}\n}}'
    inventory = read(tmp_path, {"main.tf": 'variable "age" {}\n' + KEY.format(policy)})
    outcome = call(inventory, "rotates_within", "azurerm_key_vault_key.x", policy="rotation_policy", days=90)
    assert outcome.verdict is verdict


def test_a_rotation_policy_that_may_not_be_there(tmp_path: Path) -> None:
    block = 'dynamic "rotation_policy" {\nfor_each = var.policies\ncontent {\nexpire_after = "P90D"\n}\n}'
    inventory = read(tmp_path, {"main.tf": 'variable "policies" {}\n' + KEY.format(block)})
    outcome = call(inventory, "rotates_within", "azurerm_key_vault_key.x", policy="rotation_policy", days=90)
    assert outcome.verdict is UNKNOWN


@pytest.mark.parametrize(
    ("attributes", "verdict"),
    [
        (COPY + 'sku_name = "GP_Standard_D4s_v3"', PASS),
        (COPY + 'sku_name = "GP_Standard_D4ds_v5"', PASS),
        (COPY + 'sku_name = "MO_Standard_E4s_v3"', PASS),
        (COPY + 'sku_name = "GP_Standard_D16s_v3"', PASS),
        (COPY + 'sku_name = "GP_Standard_D2s_v3"', FAIL),
        (COPY + 'sku_name = "B_Standard_B8ms"', FAIL),
        (COPY, PASS),
        (COPY + "sku_name = var.size", UNKNOWN),
        (COPY + 'sku_name = "large"', UNKNOWN),
        ('source_server_id = var.source\nsku_name = "GP_Standard_D4s_v3"', UNKNOWN),
        ("source_server_id = var.source", UNKNOWN),
        # Too small for the stated size, whatever its source is.
        ('source_server_id = var.source\nsku_name = "B_Standard_B2s"', FAIL),
    ],
)
def test_the_size_of_a_replica(tmp_path: Path, attributes: str, verdict: Verdict) -> None:
    variables = 'variable "size" {}\nvariable "source" {}\n'
    inventory = read(tmp_path, {"main.tf": variables + MAIN + SERVER.format("copy", attributes)})
    address = "azurerm_postgresql_flexible_server.copy"
    arguments = {"path": "sku_name", "size": "Standard_D2s_v3", "source": "source_server_id"}
    assert call(inventory, "size_at_least", address, **arguments).verdict is verdict


def test_the_finding_names_the_size_that_is_missed(tmp_path: Path) -> None:
    inventory = read(tmp_path, {"main.tf": MAIN + SERVER.format("copy", COPY + 'sku_name = "GP_Standard_D2s_v3"')})
    outcome = call(
        inventory,
        "size_at_least",
        "azurerm_postgresql_flexible_server.copy",
        path="sku_name",
        source="source_server_id",
    )
    words = outcome.evidence[0].figures["said"]
    assert words.en == "sku_name is GP_Standard_D2s_v3, expected at least GP_Standard_D4s_v3"  # type: ignore[attr-defined]
    location = outcome.evidence[0].location
    assert location is not None
    assert location.line == 6


@pytest.mark.parametrize(("given", "verdict"), [("aof", PASS), ("rdb", FAIL)])
def test_a_choice(tmp_path: Path, given: str, verdict: Verdict) -> None:
    inventory = read(tmp_path, {"main.tf": MAIN})
    assert call(inventory, "chosen", None, given=given, value="aof").verdict is verdict
