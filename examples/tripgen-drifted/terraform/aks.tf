variable "kubernetes_version" {
  description = "Minor version of Kubernetes; AKS picks its newest patch."
  type        = string
  default     = "1.35"
}

variable "cluster_admin_groups" {
  description = "Object ids of the Entra ID groups that administer the cluster."
  type        = list(string)
  default     = []
}

locals {
  zones = ["1", "2", "3"]

  # Pods and services have ranges of their own, so that the node subnet holds nodes alone.
  cluster_network = {
    pods     = "10.244.0.0/16"
    services = "172.16.0.0/16"
  }

  node_pools = {
    system      = { vm_size = "Standard_D2s_v3", min = 3, max = 5 }
    application = { vm_size = "Standard_D4s_v3", min = 3, max = 6 }
  }

  # The shortest window that AKS takes.
  maintenance = {
    day      = "Sunday"
    start    = "02:00"
    offset   = "+09:00"
    duration = 4
  }
}

resource "azurerm_kubernetes_cluster" "main" {
  name                = "aks-${local.name_suffix}"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
  dns_prefix          = local.name_suffix
  node_resource_group = "rg-aks-nodes-${local.name_suffix}"
  tags                = local.tags

  kubernetes_version        = var.kubernetes_version
  sku_tier                  = "Standard"
  automatic_upgrade_channel = "patch"
  node_os_upgrade_channel   = "NodeImage"

  private_cluster_enabled           = true
  local_account_disabled            = true
  role_based_access_control_enabled = true
  oidc_issuer_enabled               = true
  workload_identity_enabled         = true

  default_node_pool {
    name                        = "system"
    vm_size                     = local.node_pools.system.vm_size
    vnet_subnet_id              = azurerm_subnet.application.id
    zones                       = local.zones
    auto_scaling_enabled        = true
    node_count                  = local.node_pools.system.min
    min_count                   = local.node_pools.system.min
    max_count                   = local.node_pools.system.max
    temporary_name_for_rotation = "systemtmp"

    upgrade_settings {
      max_surge = "1"
    }
  }

  identity {
    type = "SystemAssigned"
  }

  network_profile {
    network_plugin      = "azure"
    network_plugin_mode = "overlay"
    network_policy      = "azure"
    pod_cidr            = local.cluster_network.pods
    service_cidr        = local.cluster_network.services
    dns_service_ip      = cidrhost(local.cluster_network.services, 10)
    load_balancer_sku   = "standard"
  }

  azure_active_directory_role_based_access_control {
    tenant_id              = var.tenant_id
    azure_rbac_enabled     = true
    admin_group_object_ids = var.cluster_admin_groups
  }

  ingress_application_gateway {
    gateway_id = azurerm_application_gateway.main.id
  }

  key_vault_secrets_provider {
    secret_rotation_enabled = true
  }

  oms_agent {
    log_analytics_workspace_id      = azurerm_log_analytics_workspace.main.id
    msi_auth_for_monitoring_enabled = true
  }

  maintenance_window_auto_upgrade {
    frequency   = "Weekly"
    interval    = 1
    duration    = local.maintenance.duration
    day_of_week = local.maintenance.day
    start_time  = local.maintenance.start
    utc_offset  = local.maintenance.offset
  }

  maintenance_window_node_os {
    frequency   = "Weekly"
    interval    = 1
    duration    = local.maintenance.duration
    day_of_week = local.maintenance.day
    start_time  = local.maintenance.start
    utc_offset  = local.maintenance.offset
  }

  lifecycle {
    ignore_changes = [default_node_pool[0].node_count]
  }
}

resource "azurerm_kubernetes_cluster_node_pool" "application" {
  name                  = "application"
  kubernetes_cluster_id = azurerm_kubernetes_cluster.main.id
  mode                  = "User"
  vm_size               = local.node_pools.application.vm_size
  vnet_subnet_id        = azurerm_subnet.application.id
  zones                 = local.zones
  auto_scaling_enabled  = true
  node_count            = local.node_pools.application.min
  min_count             = local.node_pools.application.min
  max_count             = local.node_pools.application.max
  node_taints           = ["application-workload=true:NoSchedule"]
  tags                  = local.tags

  upgrade_settings {
    max_surge = "1"
  }

  lifecycle {
    ignore_changes = [node_count]
  }
}

resource "azurerm_container_registry" "main" {
  name                          = "cr${local.compact_name}"
  resource_group_name           = azurerm_resource_group.main.name
  location                      = azurerm_resource_group.main.location
  sku                           = "Premium"
  admin_enabled                 = false
  zone_redundancy_enabled       = true
  public_network_access_enabled = true # the pipeline pushes from outside
  tags                          = local.tags
}
