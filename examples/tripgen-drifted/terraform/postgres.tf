locals {
  # One copy to read from, one that survives the loss of the region. Only a copy as large as its source can take over.
  postgres_size     = "GP_Standard_D4s_v3"
  postgres_replicas = { read = var.location, recovery = var.recovery_location }

  postgres_parameters = {
    require_secure_transport = "ON"
    ssl_min_protocol_version = "TLSv1.2"
  }
}

resource "azurerm_postgresql_flexible_server" "main" {
  name                = "psql-${local.name_suffix}"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location

  version           = "16"
  sku_name          = local.postgres_size
  storage_mb        = 262144
  auto_grow_enabled = true
  zone              = "1"

  backup_retention_days         = 35
  geo_redundant_backup_enabled  = false
  public_network_access_enabled = false

  high_availability {
    mode                      = "ZoneRedundant"
    standby_availability_zone = "2"
  }

  # In UTC, with Sunday as day 0: Sunday 02:00 in Korea.
  maintenance_window {
    day_of_week  = 6
    start_hour   = 17
    start_minute = 0
  }

  authentication {
    active_directory_auth_enabled = true
    password_auth_enabled         = false
    tenant_id                     = var.tenant_id
  }

  tags = local.tags

  lifecycle {
    prevent_destroy = true
    # A failover swaps the zones.
    ignore_changes = [zone, high_availability[0].standby_availability_zone]
  }
}

resource "azurerm_postgresql_flexible_server" "replica" {
  for_each = local.postgres_replicas

  name                = "psql-${local.name_suffix}-${each.key}"
  resource_group_name = each.key == "recovery" ? azurerm_resource_group.recovery.name : azurerm_resource_group.main.name
  location            = each.value

  create_mode      = "Replica"
  source_server_id = azurerm_postgresql_flexible_server.main.id
  sku_name         = local.postgres_size

  public_network_access_enabled = false

  authentication {
    active_directory_auth_enabled = true
    password_auth_enabled         = false
    tenant_id                     = var.tenant_id
  }

  tags = local.tags
}

resource "azurerm_postgresql_flexible_server_configuration" "main" {
  for_each = local.postgres_parameters

  server_id = azurerm_postgresql_flexible_server.main.id
  name      = each.key
  value     = each.value
}

# Creates the database role of the services and owns the schema; the pipeline signs in with it.
resource "azurerm_postgresql_flexible_server_active_directory_administrator" "deployment" {
  server_name         = azurerm_postgresql_flexible_server.main.name
  resource_group_name = azurerm_resource_group.main.name
  tenant_id           = var.tenant_id
  object_id           = data.azurerm_client_config.current.object_id
  principal_name      = "tripgen-deployment"
  principal_type      = "ServicePrincipal"
}

resource "azurerm_private_endpoint" "postgres" {
  name                = "pe-psql-${local.name_suffix}"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
  subnet_id           = azurerm_subnet.database.id

  private_service_connection {
    name                           = "psql-${local.name_suffix}"
    private_connection_resource_id = azurerm_postgresql_flexible_server.main.id
    subresource_names              = ["postgresqlServer"]
    is_manual_connection           = false
  }

  private_dns_zone_group {
    name                 = "postgres"
    private_dns_zone_ids = [azurerm_private_dns_zone.main["postgres"].id]
  }

  tags = local.tags
}

resource "azurerm_private_endpoint" "postgres_replica" {
  for_each = azurerm_postgresql_flexible_server.replica

  name                = "pe-${each.value.name}"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
  subnet_id           = azurerm_subnet.database.id

  private_service_connection {
    name                           = each.value.name
    private_connection_resource_id = each.value.id
    subresource_names              = ["postgresqlServer"]
    is_manual_connection           = false
  }

  private_dns_zone_group {
    name                 = "postgres"
    private_dns_zone_ids = [azurerm_private_dns_zone.main["postgres"].id]
  }

  tags = local.tags
}
