variable "secret_values" {
  description = "Values of the secrets by name. They go to the vault and stay out of the state; new ones need a new start date."
  type        = map(string)
  sensitive   = true
  ephemeral   = true
}

variable "secrets_valid_from" {
  description = "When the present values of the secrets were made."
  type        = string
  default     = "2026-11-02T00:00:00Z"
}

locals {
  secrets           = toset(["openai-api-key", "jwt-signing-key"])
  secret_generation = tonumber(formatdate("YYYYMMDD", var.secrets_valid_from))
}

resource "azurerm_key_vault" "main" {
  name                = "kv-${local.name_suffix}"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
  tenant_id           = var.tenant_id

  sku_name                      = "premium"
  rbac_authorization_enabled    = false
  purge_protection_enabled      = true
  soft_delete_retention_days    = 90
  public_network_access_enabled = false

  # The application gateway is the Azure service that reads its certificate here.
  network_acls {
    default_action = "Deny"
    bypass         = "AzureServices"
  }

  tags = local.tags
}

resource "azurerm_key_vault_access_policy" "services" {
  key_vault_id = azurerm_key_vault.main.id
  tenant_id    = var.tenant_id
  object_id    = azurerm_user_assigned_identity.services.principal_id

  secret_permissions = ["Get", "List"]
  key_permissions    = ["Get", "List", "Decrypt", "Encrypt"]
}

resource "azurerm_key_vault_access_policy" "gateway" {
  key_vault_id = azurerm_key_vault.main.id
  tenant_id    = var.tenant_id
  object_id    = azurerm_user_assigned_identity.gateway.principal_id

  secret_permissions      = ["Get"]
  certificate_permissions = ["Get"]
}

resource "azurerm_key_vault_access_policy" "deployment" {
  key_vault_id = azurerm_key_vault.main.id
  tenant_id    = var.tenant_id
  object_id    = data.azurerm_client_config.current.object_id

  secret_permissions      = ["Get", "List", "Set", "Delete"]
  key_permissions         = ["Get", "List", "Create", "Update", "GetRotationPolicy", "SetRotationPolicy"]
  certificate_permissions = ["Get", "List", "Create", "Update"]
}

resource "azurerm_key_vault_secret" "main" {
  for_each = local.secrets

  name             = each.key
  key_vault_id     = azurerm_key_vault.main.id
  value_wo         = var.secret_values[each.key]
  value_wo_version = local.secret_generation
  not_before_date  = var.secrets_valid_from
  expiration_date  = timeadd(var.secrets_valid_from, "2160h")

  depends_on = [azurerm_key_vault_access_policy.deployment]
}

resource "azurerm_key_vault_key" "encryption" {
  name         = "encryption-keys"
  key_vault_id = azurerm_key_vault.main.id
  key_type     = "RSA-HSM"
  key_size     = 3072
  key_opts     = ["decrypt", "encrypt"]

  rotation_policy {
    expire_after         = "P120D"
    notify_before_expiry = "P30D"

    automatic {
      time_after_creation = "P90D"
    }
  }

  depends_on = [azurerm_key_vault_access_policy.deployment]
}

# Publicly trusted certificates live for 200 days at most. The account at the authority is registered in the vault.
resource "azurerm_key_vault_certificate" "wildcard" {
  name         = "ssl-wildcard-cert"
  key_vault_id = azurerm_key_vault.main.id

  certificate_policy {
    issuer_parameters {
      name = "public-authority"
    }

    key_properties {
      exportable = true
      key_type   = "RSA"
      key_size   = 3072
      reuse_key  = false
    }

    lifetime_action {
      action {
        action_type = "AutoRenew"
      }
      trigger {
        days_before_expiry = 30
      }
    }

    secret_properties {
      content_type = "application/x-pkcs12"
    }

    x509_certificate_properties {
      subject            = "CN=*.tripgen.example"
      validity_in_months = 6
      key_usage          = ["digitalSignature", "keyEncipherment"]
      extended_key_usage = ["1.3.6.1.5.5.7.3.1"]

      subject_alternative_names {
        dns_names = ["*.tripgen.example", var.domain_name]
      }
    }
  }

  tags       = local.tags
  depends_on = [azurerm_key_vault_access_policy.deployment]
}

resource "azurerm_key_vault_certificate" "client" {
  name         = "client-certificates"
  key_vault_id = azurerm_key_vault.main.id

  certificate_policy {
    issuer_parameters {
      name = "Self"
    }

    key_properties {
      exportable = true
      key_type   = "EC"
      curve      = "P-256"
      reuse_key  = false
    }

    lifetime_action {
      action {
        action_type = "AutoRenew"
      }
      trigger {
        lifetime_percentage = 80
      }
    }

    secret_properties {
      content_type = "application/x-pem-file"
    }

    x509_certificate_properties {
      subject            = "CN=tripgen-services"
      validity_in_months = 12
      key_usage          = ["digitalSignature"]
      extended_key_usage = ["1.3.6.1.5.5.7.3.2"]
    }
  }

  tags       = local.tags
  depends_on = [azurerm_key_vault_access_policy.deployment]
}

resource "azurerm_private_endpoint" "vault" {
  name                = "pe-kv-${local.name_suffix}"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
  subnet_id           = azurerm_subnet.application.id

  private_service_connection {
    name                           = "kv-${local.name_suffix}"
    private_connection_resource_id = azurerm_key_vault.main.id
    subresource_names              = ["vault"]
    is_manual_connection           = false
  }

  private_dns_zone_group {
    name                 = "vault"
    private_dns_zone_ids = [azurerm_private_dns_zone.main["vault"].id]
  }

  tags = local.tags
}
