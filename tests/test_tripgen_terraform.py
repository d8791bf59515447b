"""TripGen's Terraform says only what azurerm 4 and azuread understand, and is formatted."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from scanner.sources.collect import collect_code
from tests.schema_check import problems

EXAMPLES = Path(__file__).parents[1] / "examples"
TERRAFORM = sorted(path.relative_to(EXAMPLES).as_posix() for path in EXAMPLES.glob("tripgen*/terraform"))

WRONG = """
resource "azurerm_redis_cache" "main" {
  name                 = "redis"
  location             = "koreacentral"
  resource_group_name  = azurerm_resource_group.main.name
  capacity             = "two"
  family               = "P"
  enable_non_ssl_port  = false
  hostname             = "redis.example"
  minimum_tls_version_ = "1.2"

  redis_configuration {
    aof_backup_enabled = "often"
  }
  redis_configuration {
    rdb_backup_enabled = no_such_function()
  }
}

resource "azurerm_subnet" "main" {
  name                 = "cache"
  resource_group_name  = "rg"
  virtual_network_name = azurerm_virtual_network.main.names
  address_prefixes     = [azurerm_redis_cache.main.network]
}

resource "azurerm_virtual_network" "main" {
  name                = "vnet"
  location            = "koreacentral"
  resource_group_name = "rg"
  address_space       = ["10.0.0.0/16"]
}

resource "azurerm_kubernetes_cluster" "main" {
  name                = "aks"
  location            = "koreacentral"
  resource_group_name = "rg"
}

resource "azurerm_redis_cash" "main" {}
"""


@pytest.mark.parametrize("directory", TERRAFORM)
def test_the_code_fits_the_schemas(directory: str) -> None:
    inventory = collect_code([EXAMPLES / directory], EXAMPLES)
    assert [notification.what for notification in inventory.notifications] == []
    assert len(inventory.resources) > 100
    assert problems(inventory, 4) == []


@pytest.mark.skipif(not shutil.which("terraform"), reason="needs terraform")
@pytest.mark.parametrize("directory", TERRAFORM)
def test_the_code_is_formatted(directory: str) -> None:
    run = subprocess.run(["terraform", "fmt", "-check", "-recursive", EXAMPLES / directory], capture_output=True)
    assert (run.returncode, run.stdout) == (0, b"")


def test_what_does_not_fit_is_found(tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text(WRONG, encoding="utf-8")
    found = problems(collect_code([tmp_path], tmp_path), 4)
    assert "azurerm_redis_cache.main: there is no minimum_tls_version_" in found
    assert "azurerm_redis_cache.main: hostname is set by the provider" in found
    assert "azurerm_redis_cache.main: enable_non_ssl_port is gone since version 4" in found
    assert "azurerm_redis_cache.main: capacity is no number" in found
    assert "azurerm_redis_cache.main: sku_name is required" in found
    assert "azurerm_redis_cache.main: redis_configuration may occur 1 times at most" in found
    assert "azurerm_redis_cache.main: redis_configuration.aof_backup_enabled is no bool" in found
    assert "azurerm_redis_cache.main: azurerm_resource_group.main is not declared" in found
    assert "azurerm_subnet.main: azurerm_redis_cache.main has no network" in found
    assert "azurerm_subnet.main: azurerm_virtual_network.main has no names" in found
    assert "azurerm_kubernetes_cluster.main: a block default_node_pool is required" in found
    assert "azurerm_redis_cash.main: there is no such type" in found
    assert sum("no_such_function" in text for text in found) == 1
    assert not [text for text in found if text.startswith("azurerm_virtual_network")]


def test_names_of_provider_3_fit_provider_3(tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text(WRONG, encoding="utf-8")
    found = problems(collect_code([tmp_path], tmp_path), 3)
    assert not [text for text in found if "enable_non_ssl_port" in text]
