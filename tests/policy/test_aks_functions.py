"""Functions about AKS clusters and the subnets around them, on Terraform text."""

from __future__ import annotations

from pathlib import Path

import pytest

from scanner.model.finding import Verdict
from tests.policy.functions_support import call, read

PASS, FAIL, UNKNOWN = Verdict.PASS, Verdict.FAIL, Verdict.UNKNOWN
CLUSTER = "azurerm_kubernetes_cluster.main"
SUBNET = "azurerm_subnet.nodes"


def cluster(body: str) -> str:
    return f'resource "azurerm_kubernetes_cluster" "main" {{\n{body}\n}}\n'


@pytest.mark.parametrize(
    ("version", "day", "long_term", "verdict"),
    [
        ('"1.35"', "2026-08-22", False, PASS),
        ('"1.35.4"', "2027-02-28", False, PASS),
        ('"1.34"', "2026-11-30", False, PASS),
        ('"1.34"', "2026-12-01", False, FAIL),
        ('"1.34"', "2026-12-01", True, FAIL),
        ('"1.29"', "2025-04-01", False, FAIL),
        ('"1.4"', "2026-08-22", False, FAIL),
        ('"1.99"', "2026-08-22", False, UNKNOWN),
        ('"1.36"', "2027-03-01", False, UNKNOWN),
        ('"1.30"', "2030-01-01", False, FAIL),
        ('"latest"', "2026-08-22", False, UNKNOWN),
        ('"1.35"', "soon", False, UNKNOWN),
        ("null", "2026-08-22", False, UNKNOWN),
        ("var.version_", "2026-08-22", False, UNKNOWN),
    ],
)
def test_a_version_is_new_enough_and_supported(
    tmp_path: Path, version: str, day: str, long_term: bool, verdict: Verdict
) -> None:
    text = cluster(f"kubernetes_version = {version}") + 'variable "version_" {}\n'
    outcome = call(
        read(tmp_path, {"main.tf": text}),
        "aks_supported_version",
        CLUSTER,
        minimum="1.29",
        day=day,
        long_term=long_term,
    )
    assert outcome.verdict is verdict


def test_long_term_support_needs_its_plan(tmp_path: Path) -> None:
    inventory = read(tmp_path, {"main.tf": cluster('kubernetes_version = "1.32"\nsupport_plan = "AKSLongTermSupport"')})
    given = {"minimum": "1.29", "day": "2026-08-22"}
    assert call(inventory, "aks_supported_version", CLUSTER, long_term=True, **given).verdict is PASS
    assert call(inventory, "aks_supported_version", CLUSTER, long_term=False, **given).verdict is FAIL


def window(day: str = "Sunday", time: str = "02:00", offset: str = "+09:00", rest: str = "interval = 1") -> str:
    return cluster(
        f"""
  w {{
    frequency   = "Weekly"
    day_of_week = "{day}"
    start_time  = "{time}"
    utc_offset  = "{offset}"
    {rest}
  }}
"""
    )


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        (window(), PASS),
        (window("Saturday", "17:00", "+00:00"), PASS),
        (window("saturday", "17:00", ""), PASS),
        (window("Saturday", "12:00", "-05:00"), PASS),
        (window("Sunday", "04:00", "+11:00"), PASS),
        (window("Sunday", "02:00", "+00:00"), FAIL),
        (window("Monday"), FAIL),
        (window(time="2 o'clock"), FAIL),
        (window(rest="interval = 2"), FAIL),
        (window(rest="interval = var.every"), UNKNOWN),
        (cluster(""), FAIL),
    ],
)
def test_a_window_opens_at_one_moment_in_any_zone(tmp_path: Path, text: str, verdict: Verdict) -> None:
    inventory = read(tmp_path, {"main.tf": text + 'variable "every" {}\n'})
    outcome = call(inventory, "weekly_window", CLUSTER, window="w", day="Sunday", time="02:00", offset="+09:00")
    assert outcome.verdict is verdict


def pools(mode: str = "", system: str = "max_count = 5", further: str = "max_count = 10", prefix: str = "/24") -> str:
    return f"""
variable "many" {{}}
resource "azurerm_subnet" "nodes" {{ address_prefixes = ["10.0.0.0{prefix}"] }}
resource "azurerm_kubernetes_cluster_node_pool" "app" {{
  kubernetes_cluster_id = {CLUSTER}.id
  vnet_subnet_id        = {SUBNET}.id
  auto_scaling_enabled  = true
  {further}
}}
""" + cluster(
        f"""
  private_cluster_enabled = true
  default_node_pool {{
    vnet_subnet_id       = {SUBNET}.id
    auto_scaling_enabled = true
    {system}
  }}
  network_profile {{
    network_plugin = "azure"
    {mode}
  }}
"""
    )


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        (pools(), FAIL),
        (pools('network_plugin_mode = "overlay"'), PASS),
        (pools(prefix="/22"), PASS),
        (pools(prefix="/23"), FAIL),
        (pools(system="max_count = 3", further="max_count = 3"), PASS),
        (pools(system="max_count = 3", further="max_count = 4"), FAIL),
        (pools(system="max_count = 3\nmax_pods = 20", further="max_count = 4\nmax_pods = 20"), PASS),
        (pools(system="max_count = 3\npod_subnet_id = 1", further="max_count = 5"), PASS),
        (pools(system="max_count = 3", further="max_count = var.many"), UNKNOWN),
        (pools(system="max_count = 9", further="max_count = var.many"), FAIL),
        (pools(system='max_count = 3\nupgrade_settings {\nmax_surge = "50%"\n}', further="max_count = 3"), FAIL),
        (pools("network_plugin_mode = var.many"), UNKNOWN),
    ],
)
def test_a_subnet_has_room_for_every_pool_at_its_largest(tmp_path: Path, text: str, verdict: Verdict) -> None:
    inventory = read(tmp_path, {"main.tf": text})
    outcome = call(inventory, "aks_subnet_capacity", SUBNET, default_max_pods=30, default_surge="1")
    assert outcome.verdict is verdict


def test_endpoints_take_addresses_too(tmp_path: Path) -> None:
    """Six nodes and two for upgrades take 248 addresses and the API server one: two of 251 are left."""
    endpoints = f'resource "azurerm_private_endpoint" "e" {{\ncount = COUNT\nsubnet_id = {SUBNET}.id\n}}\n'
    text = pools(system="max_count = 3", further="max_count = 3") + endpoints
    for count, verdict in (("2", PASS), ("3", FAIL)):
        inventory = read(tmp_path, {"main.tf": text.replace("COUNT", count)})
        outcome = call(inventory, "aks_subnet_capacity", SUBNET, default_max_pods=30, default_surge="1")
        assert outcome.verdict is verdict


SERVER = 'resource "azurerm_postgresql_flexible_server" "db" {}\nresource "azurerm_redis_cache" "c" {}\n'
DELEGATED = 'delegation {\nservice_delegation {\nname = "Microsoft.DBforPostgreSQL/flexibleServers"\n}\n}'


ALLOWED = f"""
resource "azurerm_subnet_network_security_group_association" "a" {{ subnet_id = {SUBNET}.id }}
resource "azurerm_storage_account" "s" {{
  network_rules {{ virtual_network_subnet_ids = [{SUBNET}.id] }}
}}
"""


def app(subnet_id: str) -> str:
    return f'resource "azurerm_linux_web_app" "w" {{ virtual_network_subnet_id = {subnet_id} }}\n'


def endpoint(target: str) -> str:
    return f"""
resource "azurerm_private_endpoint" "e" {{
  subnet_id = {SUBNET}.id
  private_service_connection {{ private_connection_resource_id = {target} }}
}}
"""


def subnet(body: str = "") -> str:
    return f'resource "azurerm_subnet" "nodes" {{\nname = "db"\n{body}\n}}\nvariable "id" {{}}\n{SERVER}'


@pytest.mark.parametrize(
    ("text", "mode", "verdict"),
    [
        (subnet(), "private_endpoint", PASS),
        (subnet() + endpoint("azurerm_postgresql_flexible_server.db.id"), "private_endpoint", PASS),
        (subnet() + endpoint("azurerm_redis_cache.c.id"), "private_endpoint", FAIL),
        (subnet() + endpoint("var.id"), "private_endpoint", UNKNOWN),
        (subnet(DELEGATED), "private_endpoint", FAIL),
        (subnet(DELEGATED), "vnet_injection", PASS),
        (subnet(), "vnet_injection", FAIL),
        (subnet(DELEGATED) + endpoint("azurerm_postgresql_flexible_server.db.id"), "vnet_injection", FAIL),
        (subnet() + ALLOWED, "private_endpoint", PASS),
        (subnet() + app('"/x/virtualNetworks/v/subnets/DB"'), "private_endpoint", FAIL),
        (subnet() + app("var.id"), "private_endpoint", UNKNOWN),
    ],
)
def test_a_subnet_serves_one_service_alone(tmp_path: Path, text: str, mode: str, verdict: Verdict) -> None:
    outcome = call(
        read(tmp_path, {"main.tf": text}),
        "subnet_dedicated",
        SUBNET,
        mode=mode,
        services=["azurerm_postgresql_flexible_server"],
        delegation="Microsoft.DBforPostgreSQL/flexibleServers",
    )
    assert outcome.verdict is verdict
