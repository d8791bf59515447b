resource "azurerm_redis_cache" "main" {
  name                = "redis-${local.name_suffix}"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location

  sku_name      = "Premium"
  family        = "P"
  capacity      = 2
  redis_version = "6"

  # Each shard has one replica, which Premium always adds; the two nodes go to different zones.
  shard_count = 3
  zones       = ["1", "2"]

  non_ssl_port_enabled          = true
  minimum_tls_version           = "1.2"
  public_network_access_enabled = false

  # The service takes one kind of persistence; the log loses a second at most, a snapshot an hour.
  redis_configuration {
    active_directory_authentication_enabled = true
    aof_backup_enabled                      = true
    aof_storage_connection_string_0         = azurerm_storage_account.main.primary_blob_connection_string
    aof_storage_connection_string_1         = azurerm_storage_account.main.secondary_blob_connection_string
  }

  # In UTC: Sunday 02:00 in Korea.
  patch_schedule {
    day_of_week    = "Saturday"
    start_hour_utc = 17
  }

  tags = local.tags
}

resource "azurerm_redis_cache_access_policy_assignment" "services" {
  name               = "tripgen-services"
  redis_cache_id     = azurerm_redis_cache.main.id
  access_policy_name = "Data Contributor"
  object_id          = azurerm_user_assigned_identity.services.principal_id
  object_id_alias    = azurerm_user_assigned_identity.services.name
}

resource "azurerm_private_endpoint" "redis" {
  name                = "pe-redis-${local.name_suffix}"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
  subnet_id           = azurerm_subnet.cache.id

  private_service_connection {
    name                           = "redis-${local.name_suffix}"
    private_connection_resource_id = azurerm_redis_cache.main.id
    subresource_names              = ["redisCache"]
    is_manual_connection           = false
  }

  private_dns_zone_group {
    name                 = "redis"
    private_dns_zone_ids = [azurerm_private_dns_zone.main["redis"].id]
  }

  tags = local.tags
}
