resource "azurerm_log_analytics_workspace" "main" {
  name                = "law-${local.name_suffix}"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
  sku                 = "PerGB2018"
  retention_in_days   = 90
  daily_quota_gb      = 5
  tags                = local.tags
}

resource "azurerm_application_insights" "main" {
  name                = "appi-${local.name_suffix}"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
  application_type    = "java"
  workspace_id        = azurerm_log_analytics_workspace.main.id
  sampling_percentage = 10
  tags                = local.tags
}

resource "azurerm_monitor_data_collection_rule" "containers" {
  name                = "dcr-containers-${local.name_suffix}"
  resource_group_name = azurerm_resource_group.main.name
  location            = azurerm_resource_group.main.location
  tags                = local.tags

  data_sources {
    extension {
      name           = "ContainerInsights"
      extension_name = "ContainerInsights"
      streams        = local.container_streams
      extension_json = jsonencode({
        dataCollectionSettings = {
          interval               = "1m"
          namespaceFilteringMode = "Off"
          enableContainerLogV2   = true
        }
      })
    }
  }

  destinations {
    log_analytics {
      name                  = "workspace"
      workspace_resource_id = azurerm_log_analytics_workspace.main.id
    }
  }

  data_flow {
    streams      = local.container_streams
    destinations = ["workspace"]
  }
}

resource "azurerm_monitor_data_collection_rule_association" "containers" {
  name                    = "ContainerInsightsExtension"
  target_resource_id      = azurerm_kubernetes_cluster.main.id
  data_collection_rule_id = azurerm_monitor_data_collection_rule.containers.id
}

locals {
  container_streams = [
    "Microsoft-ContainerLogV2",
    "Microsoft-KubeEvents",
    "Microsoft-KubePodInventory",
    "Microsoft-KubeNodeInventory",
    "Microsoft-Perf",
    "Microsoft-InsightsMetrics",
  ]

  # Audit events of what holds or admits data. kube-audit would fill the daily quota; kube-audit-admin leaves reads out.
  audited = {
    cluster = {
      id         = azurerm_kubernetes_cluster.main.id
      categories = ["kube-audit-admin", "guard"]
    }
    vault = {
      id         = azurerm_key_vault.main.id
      categories = ["AuditEvent"]
    }
    database = {
      id         = azurerm_postgresql_flexible_server.main.id
      categories = ["PostgreSQLLogs"]
    }
    gateway = {
      id         = azurerm_application_gateway.main.id
      categories = ["ApplicationGatewayAccessLog", "ApplicationGatewayFirewallLog"]
    }
  }
}

resource "azurerm_monitor_diagnostic_setting" "audit" {
  for_each = local.audited

  name                       = "audit"
  target_resource_id         = each.value.id
  log_analytics_workspace_id = azurerm_log_analytics_workspace.main.id

  dynamic "enabled_log" {
    for_each = each.value.categories
    content {
      category = enabled_log.value
    }
  }
}

resource "azurerm_log_analytics_saved_search" "error_analysis" {
  name                       = "error_analysis"
  log_analytics_workspace_id = azurerm_log_analytics_workspace.main.id
  category                   = "Operations"
  display_name               = "Errors by node and container"
  query                      = <<-KQL
    ContainerLogV2
    | where TimeGenerated > ago(1h) and LogLevel in ("error", "critical")
    | summarize Errors = count() by Computer, PodNamespace, ContainerName, bin(TimeGenerated, 5m)
    | order by Errors desc
  KQL
}

resource "azurerm_log_analytics_saved_search" "performance_analysis" {
  name                       = "performance_analysis"
  log_analytics_workspace_id = azurerm_log_analytics_workspace.main.id
  category                   = "Operations"
  display_name               = "Processor time by node"
  query                      = <<-KQL
    Perf
    | where TimeGenerated > ago(1h) and ObjectName == "K8SNode" and CounterName == "cpuUsageNanoCores"
    | summarize Cores = avg(CounterValue) / 1e9 by Computer, bin(TimeGenerated, 5m)
    | order by Cores desc
  KQL
}
