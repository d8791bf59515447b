# The controller in the cluster writes listeners, rules and pools from the Ingress objects; what stands here for them
# is the state before its first sync, and what remains if it is switched off.
locals {
  gateway = {
    private_address = "10.0.4.10"
    zones           = ["1", "2", "3"]
    min_capacity    = 2
    max_capacity    = 10
  }
}

resource "azurerm_public_ip" "gateway" {
  name                = "pip-agw-${local.name_suffix}"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
  allocation_method   = "Static"
  sku                 = "Standard"
  zones               = local.gateway.zones
  domain_name_label   = local.name_suffix
  tags                = local.tags
}

resource "azurerm_application_gateway" "main" {
  name                = "agw-${local.name_suffix}"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
  zones               = local.gateway.zones
  firewall_policy_id  = azurerm_web_application_firewall_policy.main.id
  http2_enabled       = true
  tags                = local.tags

  sku {
    name = "WAF_v2"
    tier = "WAF_v2"
  }

  autoscale_configuration {
    min_capacity = local.gateway.min_capacity
    max_capacity = local.gateway.max_capacity
  }

  identity {
    type         = "UserAssigned"
    identity_ids = [azurerm_user_assigned_identity.gateway.id]
  }

  gateway_ip_configuration {
    name      = "gateway"
    subnet_id = azurerm_subnet.gateway.id
  }

  frontend_ip_configuration {
    name                 = "public"
    public_ip_address_id = azurerm_public_ip.gateway.id
  }

  frontend_ip_configuration {
    name                          = "private"
    subnet_id                     = azurerm_subnet.gateway.id
    private_ip_address            = local.gateway.private_address
    private_ip_address_allocation = "Static"
  }

  frontend_port {
    name = "https"
    port = 443
  }

  ssl_policy {
    policy_type = "Predefined"
    policy_name = "AppGwSslPolicy20220101"
  }

  ssl_certificate {
    name                = "ssl-wildcard-cert"
    key_vault_secret_id = azurerm_key_vault_certificate.wildcard.versionless_secret_id
  }

  http_listener {
    name                           = "https-listener"
    frontend_ip_configuration_name = "public"
    frontend_port_name             = "https"
    protocol                       = "Https"
    ssl_certificate_name           = "ssl-wildcard-cert"
  }

  backend_address_pool {
    name = "aks-backend"
  }

  backend_http_settings {
    name                  = "api"
    cookie_based_affinity = "Disabled"
    port                  = 8080
    protocol              = "Http"
    request_timeout       = 60
    probe_name            = "api"
  }

  probe {
    name                = "api"
    protocol            = "Http"
    host                = var.domain_name
    path                = "/actuator/health/readiness"
    interval            = 30
    timeout             = 10
    unhealthy_threshold = 3
  }

  request_routing_rule {
    name               = "api-routing"
    priority           = 100
    rule_type          = "PathBasedRouting"
    http_listener_name = "https-listener"
    url_path_map_name  = "api"
  }

  url_path_map {
    name                               = "api"
    default_backend_address_pool_name  = "aks-backend"
    default_backend_http_settings_name = "api"

    path_rule {
      name                       = "api"
      paths                      = ["/api/*"]
      backend_address_pool_name  = "aks-backend"
      backend_http_settings_name = "api"
    }
  }

  lifecycle {
    ignore_changes = [
      backend_address_pool,
      backend_http_settings,
      frontend_port,
      http_listener,
      probe,
      redirect_configuration,
      request_routing_rule,
      url_path_map,
      tags["managed-by-k8s-ingress"],
    ]
  }
}
