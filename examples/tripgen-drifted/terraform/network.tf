locals {
  # Redis in cluster mode answers on its TLS port, and on one port for each of its six nodes.
  redis_ports = ["6380", "15000-15005"]
}

resource "azurerm_virtual_network" "main" {
  name                = "vnet-${local.name_suffix}"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
  address_space       = [var.address_space]
  tags                = local.tags
}

resource "azurerm_subnet" "application" {
  name                 = "snet-application"
  resource_group_name  = azurerm_resource_group.main.name
  virtual_network_name = azurerm_virtual_network.main.name
  address_prefixes     = [var.subnet_prefixes.application]
  service_endpoints    = ["Microsoft.ContainerRegistry"]

  private_endpoint_network_policies = "Enabled"
}

resource "azurerm_subnet" "database" {
  name                 = "snet-database"
  resource_group_name  = azurerm_resource_group.main.name
  virtual_network_name = azurerm_virtual_network.main.name
  address_prefixes     = [var.subnet_prefixes.database]

  # Without policies the group of the subnet would not see traffic to a private endpoint.
  private_endpoint_network_policies = "Enabled"
}

resource "azurerm_subnet" "cache" {
  name                 = "snet-cache"
  resource_group_name  = azurerm_resource_group.main.name
  virtual_network_name = azurerm_virtual_network.main.name
  address_prefixes     = [var.subnet_prefixes.cache]

  private_endpoint_network_policies = "Enabled"
}

resource "azurerm_subnet" "gateway" {
  name                 = "ApplicationGatewaySubnet"
  resource_group_name  = azurerm_resource_group.main.name
  virtual_network_name = azurerm_virtual_network.main.name
  address_prefixes     = [var.subnet_prefixes.gateway]
}

resource "azurerm_network_security_group" "gateway" {
  name                = "nsg-gateway-${local.name_suffix}"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
  tags                = local.tags

  security_rule {
    name                       = "HTTPS"
    priority                   = 100
    direction                  = "Inbound"
    access                     = "Allow"
    protocol                   = "Tcp"
    source_address_prefix      = "AzureFrontDoor.Backend"
    source_port_range          = "*"
    destination_address_prefix = "*"
    destination_port_range     = "443"
  }

  # Azure itself: management of a v2 gateway, and its health probes.
  security_rule {
    name                       = "GatewayManager"
    priority                   = 110
    direction                  = "Inbound"
    access                     = "Allow"
    protocol                   = "Tcp"
    source_address_prefix      = "GatewayManager"
    source_port_range          = "*"
    destination_address_prefix = "*"
    destination_port_range     = "65200-65535"
  }

  security_rule {
    name                       = "AzureLoadBalancer"
    priority                   = 120
    direction                  = "Inbound"
    access                     = "Allow"
    protocol                   = "*"
    source_address_prefix      = "AzureLoadBalancer"
    source_port_range          = "*"
    destination_address_prefix = "*"
    destination_port_range     = "*"
  }
}

resource "azurerm_network_security_group" "application" {
  name                = "nsg-aks-${local.name_suffix}"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
  tags                = local.tags

  security_rule {
    name                       = "AppGateway"
    priority                   = 100
    direction                  = "Inbound"
    access                     = "Allow"
    protocol                   = "Tcp"
    source_address_prefix      = var.subnet_prefixes.gateway
    source_port_range          = "*"
    destination_address_prefix = var.subnet_prefixes.application
    destination_port_ranges    = ["80", "443"]
  }

  # The ingress controller sends to pods directly.
  security_rule {
    name                       = "AppGatewayPods"
    priority                   = 110
    direction                  = "Inbound"
    access                     = "Allow"
    protocol                   = "Tcp"
    source_address_prefix      = var.subnet_prefixes.gateway
    source_port_range          = "*"
    destination_address_prefix = var.subnet_prefixes.application
    destination_port_range     = "8080"
  }

  security_rule {
    name                       = "Database"
    priority                   = 100
    direction                  = "Outbound"
    access                     = "Allow"
    protocol                   = "Tcp"
    source_address_prefix      = var.subnet_prefixes.application
    source_port_range          = "*"
    destination_address_prefix = var.subnet_prefixes.database
    destination_port_range     = "5432"
  }

  security_rule {
    name                       = "Cache"
    priority                   = 110
    direction                  = "Outbound"
    access                     = "Allow"
    protocol                   = "Tcp"
    source_address_prefix      = var.subnet_prefixes.application
    source_port_range          = "*"
    destination_address_prefix = var.subnet_prefixes.cache
    destination_port_ranges    = local.redis_ports
  }
}

resource "azurerm_network_security_group" "database" {
  name                = "nsg-database-${local.name_suffix}"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
  tags                = local.tags

  security_rule {
    name                       = "Application"
    priority                   = 100
    direction                  = "Inbound"
    access                     = "Allow"
    protocol                   = "Tcp"
    source_address_prefix      = "10.0.0.0/16"
    source_port_range          = "*"
    destination_address_prefix = var.subnet_prefixes.database
    destination_port_range     = "5432"
  }

  # The built-in rules would let the rest of the network in.
  security_rule {
    name                       = "DenyOthers"
    priority                   = 4096
    direction                  = "Inbound"
    access                     = "Deny"
    protocol                   = "*"
    source_address_prefix      = "*"
    source_port_range          = "*"
    destination_address_prefix = "*"
    destination_port_range     = "*"
  }
}

resource "azurerm_subnet_network_security_group_association" "gateway" {
  subnet_id                 = azurerm_subnet.gateway.id
  network_security_group_id = azurerm_network_security_group.gateway.id
}

resource "azurerm_subnet_network_security_group_association" "application" {
  subnet_id                 = azurerm_subnet.application.id
  network_security_group_id = azurerm_network_security_group.application.id
}

resource "azurerm_subnet_network_security_group_association" "database" {
  subnet_id                 = azurerm_subnet.database.id
  network_security_group_id = azurerm_network_security_group.database.id
}
