locals {
  # Both namespaces of the pair are alike but for their place. What is in a partitioned namespace is partitioned too,
  # and the number can never be changed.
  servicebus_namespace = {
    sku        = "Premium"
    capacity   = 4
    partitions = 2
    tls        = "1.2"
  }

  servicebus_queues = {
    ai_schedule_generation = {
      size_mb    = 5120
      duplicates = true
      sessions   = true
    }
    location_search = {
      size_mb = 2048
      idle    = "P14D"
    }
    notification = {
      size_mb    = 1024
      duplicates = true
    }
  }

  system_event_readers = toset(["audit_subscription", "monitoring_subscription", "analytics_subscription"])
}

resource "azurerm_servicebus_namespace" "main" {
  name                = "sb-${local.name_suffix}"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location

  sku                           = local.servicebus_namespace.sku
  capacity                      = local.servicebus_namespace.capacity
  premium_messaging_partitions  = local.servicebus_namespace.partitions
  minimum_tls_version           = local.servicebus_namespace.tls
  local_auth_enabled            = false
  public_network_access_enabled = false

  identity {
    type = "SystemAssigned"
  }

  tags = local.tags
}

resource "azurerm_servicebus_namespace" "recovery" {
  name                = "sb-${local.recovery_name}"
  resource_group_name = azurerm_resource_group.recovery.name
  location            = azurerm_resource_group.recovery.location

  sku                           = local.servicebus_namespace.sku
  capacity                      = local.servicebus_namespace.capacity
  premium_messaging_partitions  = local.servicebus_namespace.partitions
  minimum_tls_version           = local.servicebus_namespace.tls
  local_auth_enabled            = false
  public_network_access_enabled = false

  identity {
    type = "SystemAssigned"
  }

  tags = local.tags
}

# Copies queues, topics and subscriptions, but no messages.
resource "azurerm_servicebus_namespace_disaster_recovery_config" "main" {
  name                 = "sb-${local.name_prefix}"
  primary_namespace_id = azurerm_servicebus_namespace.main.id
  partner_namespace_id = azurerm_servicebus_namespace.recovery.id
}

resource "azurerm_servicebus_queue" "main" {
  for_each = local.servicebus_queues

  name         = each.key
  namespace_id = azurerm_servicebus_namespace.main.id

  max_size_in_megabytes                = each.value.size_mb
  requires_duplicate_detection         = lookup(each.value, "duplicates", false)
  requires_session                     = lookup(each.value, "sessions", false)
  auto_delete_on_idle                  = lookup(each.value, "idle", null)
  partitioning_enabled                 = true
  dead_lettering_on_message_expiration = true
  max_delivery_count                   = 10
}

resource "azurerm_servicebus_topic" "system_events" {
  name                 = "system_events"
  namespace_id         = azurerm_servicebus_namespace.main.id
  partitioning_enabled = true
}

resource "azurerm_servicebus_subscription" "system_events" {
  for_each = local.system_event_readers

  name                                 = each.key
  topic_id                             = azurerm_servicebus_topic.system_events.id
  max_delivery_count                   = 10
  dead_lettering_on_message_expiration = true
}

resource "azurerm_private_endpoint" "servicebus" {
  name                = "pe-sb-${local.name_suffix}"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
  subnet_id           = azurerm_subnet.application.id

  private_service_connection {
    name                           = "sb-${local.name_suffix}"
    private_connection_resource_id = azurerm_servicebus_namespace.main.id
    subresource_names              = ["namespace"]
    is_manual_connection           = false
  }

  private_dns_zone_group {
    name                 = "servicebus"
    private_dns_zone_ids = [azurerm_private_dns_zone.main["servicebus"].id]
  }

  tags = local.tags
}
