locals {
  private_zones = {
    postgres   = "privatelink.postgres.database.azure.com"
    redis      = "privatelink.redis.cache.windows.net"
    servicebus = "privatelink.servicebus.windows.net"
    vault      = "privatelink.vaultcore.azure.net"
  }
}

resource "azurerm_private_dns_zone" "main" {
  for_each = local.private_zones

  name                = each.value
  resource_group_name = azurerm_resource_group.main.name
  tags                = local.tags
}

resource "azurerm_private_dns_zone_virtual_network_link" "main" {
  for_each = azurerm_private_dns_zone.main

  name                  = azurerm_virtual_network.main.name
  resource_group_name   = azurerm_resource_group.main.name
  private_dns_zone_name = each.value.name
  virtual_network_id    = azurerm_virtual_network.main.id
  tags                  = local.tags
}
