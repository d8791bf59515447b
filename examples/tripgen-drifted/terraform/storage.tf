# Holds the log of the cache. Soft delete stays off: every rewrite of the log would keep a full copy.
resource "azurerm_storage_account" "main" {
  name                = "st${local.compact_name}"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location

  account_tier                    = "Standard"
  account_replication_type        = "ZRS"
  min_tls_version                 = "TLS1_2"
  https_traffic_only_enabled      = true
  allow_nested_items_to_be_public = false

  network_rules {
    default_action = "Deny"
    bypass         = ["AzureServices"]
  }

  tags = local.tags
}

# Nightly exports of the cache, kept for a week, and usage reports, which nobody reads after a season. Zone-redundant
# accounts have no archive tier.
resource "azurerm_storage_account" "exports" {
  name                = "st${local.compact_name}exports"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location

  account_tier                    = "Standard"
  account_replication_type        = "GRS"
  min_tls_version                 = "TLS1_2"
  https_traffic_only_enabled      = true
  allow_nested_items_to_be_public = false
  shared_access_key_enabled       = false

  network_rules {
    default_action = "Deny"
    bypass         = ["AzureServices"]
  }

  tags = local.tags
}

resource "azurerm_storage_management_policy" "exports" {
  storage_account_id = azurerm_storage_account.exports.id

  rule {
    name    = "cache-exports"
    enabled = true

    filters {
      blob_types   = ["blockBlob"]
      prefix_match = ["redis/"]
    }

    actions {
      base_blob {
        delete_after_days_since_creation_greater_than = 7
      }
    }
  }

  rule {
    name    = "usage-reports"
    enabled = true

    filters {
      blob_types   = ["blockBlob"]
      prefix_match = ["reports/"]
    }

    actions {
      base_blob {
        tier_to_cool_after_days_since_modification_greater_than    = 30
        tier_to_archive_after_days_since_modification_greater_than = 90
        delete_after_days_since_modification_greater_than          = 730
      }
    }
  }
}
