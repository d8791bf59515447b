locals {
  api_roles = {
    User           = { members = ["User"], description = "Plans trips." }
    Admin          = { members = ["User"], description = "Runs the service." }
    ServiceAccount = { members = ["Application"], description = "Calls the API for another system." }
  }

  service_bus_roles = toset(["Azure Service Bus Data Sender", "Azure Service Bus Data Receiver", "Azure Service Bus Data Owner"])
}

# What the four services act as.
resource "azurerm_user_assigned_identity" "services" {
  name                = "tripgen-services"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
  tags                = local.tags
}

# Reads the certificate of the application gateway.
resource "azurerm_user_assigned_identity" "gateway" {
  name                = "id-gateway-${local.name_suffix}"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
  tags                = local.tags
}

resource "azurerm_federated_identity_credential" "services" {
  for_each = local.services

  name                      = each.key
  user_assigned_identity_id = azurerm_user_assigned_identity.services.id
  issuer                    = azurerm_kubernetes_cluster.main.oidc_issuer_url
  subject                   = "system:serviceaccount:${local.application_namespace}:${each.key}-sa"
  audience                  = ["api://AzureADTokenExchange"]
}

resource "azurerm_role_assignment" "services_service_bus" {
  for_each = local.service_bus_roles

  scope                = azurerm_servicebus_namespace.main.id
  role_definition_name = each.key
  principal_id         = azurerm_user_assigned_identity.services.principal_id
  principal_type       = "ServicePrincipal"
}

# What the cluster and its ingress controller need beside the rights that AKS takes care of itself.
resource "azurerm_role_assignment" "cluster_network" {
  scope                = azurerm_subnet.application.id
  role_definition_name = "Network Contributor"
  principal_id         = azurerm_kubernetes_cluster.main.identity[0].principal_id
}

resource "azurerm_role_assignment" "cluster_registry" {
  scope                = azurerm_container_registry.main.id
  role_definition_name = "AcrPull"
  principal_id         = azurerm_kubernetes_cluster.main.kubelet_identity[0].object_id
}

resource "azurerm_role_assignment" "ingress" {
  for_each = {
    gateway  = { scope = azurerm_application_gateway.main.id, role = "Contributor" }
    group    = { scope = azurerm_resource_group.main.id, role = "Reader" }
    subnet   = { scope = azurerm_subnet.gateway.id, role = "Network Contributor" }
    identity = { scope = azurerm_user_assigned_identity.gateway.id, role = "Managed Identity Operator" }
  }

  scope                = each.value.scope
  role_definition_name = each.value.role
  principal_id         = azurerm_kubernetes_cluster.main.ingress_application_gateway[0].ingress_application_gateway_identity[0].object_id
}

resource "azuread_application" "api" {
  display_name     = "tripgen-api"
  sign_in_audience = "AzureADMyOrg"
  identifier_uris  = ["api://${var.domain_name}"]

  dynamic "app_role" {
    for_each = local.api_roles
    content {
      id                   = uuidv5("url", "https://${var.domain_name}/roles/${app_role.key}")
      value                = app_role.key
      display_name         = app_role.key
      description          = app_role.value.description
      allowed_member_types = app_role.value.members
      enabled              = true
    }
  }
}

resource "azuread_service_principal" "api" {
  client_id                    = azuread_application.api.client_id
  app_role_assignment_required = true
}
