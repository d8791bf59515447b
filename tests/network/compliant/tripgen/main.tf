# The network of the production environment as its physical architecture describes it.
resource "azurerm_resource_group" "production" {
  name     = "rg-tripgen-prod"
  location = "koreacentral"
}

resource "azurerm_virtual_network" "production" {
  name                = "vnet-tripgen-prod"
  location            = azurerm_resource_group.production.location
  resource_group_name = azurerm_resource_group.production.name
  address_space       = ["10.0.0.0/16"]
}

locals {
  subnets = {
    application = "10.0.1.0/24"
    database    = "10.0.2.0/24"
    cache       = "10.0.3.0/24"
    gateway     = "10.0.4.0/24"
  }
}

resource "azurerm_subnet" "tier" {
  for_each = local.subnets

  name                 = "snet-${each.key}"
  resource_group_name  = azurerm_resource_group.production.name
  virtual_network_name = azurerm_virtual_network.production.name
  address_prefixes     = [each.value]
}

resource "azurerm_network_security_group" "gateway" {
  name                = "nsg-gateway"
  location            = azurerm_resource_group.production.location
  resource_group_name = azurerm_resource_group.production.name

  security_rule {
    name                       = "HTTPS"
    priority                   = 100
    direction                  = "Inbound"
    access                     = "Allow"
    protocol                   = "Tcp"
    source_port_range          = "*"
    destination_port_range     = "443"
    source_address_prefix      = "Internet"
    destination_address_prefix = "*"
  }

  security_rule {
    name                       = "HTTP"
    priority                   = 110
    direction                  = "Inbound"
    access                     = "Allow"
    protocol                   = "Tcp"
    source_port_range          = "*"
    destination_port_range     = "80"
    source_address_prefix      = "Internet"
    destination_address_prefix = "*"
  }

  security_rule {
    name                       = "GatewayManager"
    priority                   = 120
    direction                  = "Inbound"
    access                     = "Allow"
    protocol                   = "Tcp"
    source_port_range          = "*"
    destination_port_range     = "65200-65535"
    source_address_prefix      = "GatewayManager"
    destination_address_prefix = "*"
  }
}

resource "azurerm_network_security_group" "aks" {
  name                = "nsg-aks"
  location            = azurerm_resource_group.production.location
  resource_group_name = azurerm_resource_group.production.name
}

resource "azurerm_network_security_rule" "app_gateway" {
  name                        = "AppGateway"
  priority                    = 100
  direction                   = "Inbound"
  access                      = "Allow"
  protocol                    = "Tcp"
  source_port_range           = "*"
  destination_port_ranges     = ["80", "443", "8080"]
  source_address_prefix       = local.subnets.gateway
  destination_address_prefix  = local.subnets.application
  resource_group_name         = azurerm_resource_group.production.name
  network_security_group_name = azurerm_network_security_group.aks.name
}

resource "azurerm_network_security_rule" "database" {
  name                        = "Database"
  priority                    = 100
  direction                   = "Outbound"
  access                      = "Allow"
  protocol                    = "Tcp"
  source_port_range           = "*"
  destination_port_range      = "5432"
  source_address_prefix       = "*"
  destination_address_prefix  = local.subnets.database
  resource_group_name         = azurerm_resource_group.production.name
  network_security_group_name = azurerm_network_security_group.aks.name
}

resource "azurerm_network_security_rule" "cache" {
  name                        = "Cache"
  priority                    = 110
  direction                   = "Outbound"
  access                      = "Allow"
  protocol                    = "Tcp"
  source_port_range           = "*"
  destination_port_ranges     = ["6380", "15000-15005"]
  source_address_prefix       = "*"
  destination_address_prefix  = local.subnets.cache
  resource_group_name         = azurerm_resource_group.production.name
  network_security_group_name = azurerm_network_security_group.aks.name
}

resource "azurerm_subnet_network_security_group_association" "gateway" {
  subnet_id                 = azurerm_subnet.tier["gateway"].id
  network_security_group_id = azurerm_network_security_group.gateway.id
}

resource "azurerm_subnet_network_security_group_association" "aks" {
  subnet_id                 = azurerm_subnet.tier["application"].id
  network_security_group_id = azurerm_network_security_group.aks.id
}

resource "azurerm_application_gateway" "production" {
  name                = "agw-tripgen-prod"
  location            = azurerm_resource_group.production.location
  resource_group_name = azurerm_resource_group.production.name

  http_listener {
    name     = "https-listener"
    protocol = "Https"
  }

  http_listener {
    name     = "http-listener"
    protocol = "Http"
  }

  redirect_configuration {
    name                 = "to-https"
    redirect_type        = "Permanent"
    target_listener_name = "https-listener"
  }

  request_routing_rule {
    name                      = "api-routing"
    rule_type                 = "Basic"
    http_listener_name        = "https-listener"
    backend_address_pool_name = "aks-backend"
  }

  request_routing_rule {
    name                        = "redirect"
    rule_type                   = "Basic"
    http_listener_name          = "http-listener"
    redirect_configuration_name = "to-https"
  }
}
