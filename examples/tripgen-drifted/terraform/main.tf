data "azurerm_client_config" "current" {}

resource "azurerm_resource_group" "main" {
  name     = "rg-${local.name_suffix}"
  location = var.location
  tags     = local.tags
}

resource "azurerm_resource_group" "recovery" {
  name     = "rg-${local.recovery_name}"
  location = var.recovery_location
  tags     = local.tags
}
