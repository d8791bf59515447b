variable "pagerduty_integration_key" {
  description = "Key of the PagerDuty service that takes alerts of Azure Monitor."
  type        = string
  sensitive   = true
}

variable "teams_workflow_path" {
  description = "Path, with its signature, of the workflow that posts alerts to the operations channel in Teams."
  type        = string
  sensitive   = true
}

resource "azurerm_monitor_action_group" "main" {
  for_each = {
    page   = { short_name = "page", receivers = ["pagerduty", "teams"] }
    notify = { short_name = "notify", receivers = ["teams"] }
  }

  name                = "ag-${each.key}-${local.name_suffix}"
  resource_group_name = azurerm_resource_group.main.name
  short_name          = each.value.short_name
  tags                = local.tags

  dynamic "webhook_receiver" {
    for_each = contains(each.value.receivers, "pagerduty") ? [1] : []
    content {
      name                    = "pagerduty"
      service_uri             = "https://events.pagerduty.com/integration/${var.pagerduty_integration_key}/enqueue"
      use_common_alert_schema = true
    }
  }

  dynamic "webhook_receiver" {
    for_each = contains(each.value.receivers, "teams") ? [1] : []
    content {
      name                    = "teams"
      service_uri             = "https://prod-00.koreacentral.logic.azure.com:443/${var.teams_workflow_path}"
      use_common_alert_schema = true
    }
  }
}

locals {
  query_alerts = {
    "High Error Rate" = {
      severity  = 1
      threshold = 50
      window    = "PT5M"
      receivers = "page"
      query     = <<-KQL
        AppRequests
        | summarize Failed = countif(Success == false), Total = count()
        | extend Value = iff(Total == 0, 0.0, 100.0 * Failed / Total)
      KQL
    }
    "Pod Crash Loop" = {
      severity  = 1
      threshold = 5
      window    = "PT10M"
      receivers = "page"
      query     = <<-KQL
        KubePodInventory
        | where Namespace == "${local.application_namespace}"
        | summarize Value = max(ContainerRestartCount) - min(ContainerRestartCount) by Name
      KQL
    }
    "High CPU Usage" = {
      severity  = 2
      threshold = 85
      window    = "PT10M"
      receivers = "notify"
      query     = <<-KQL
        let capacity = Perf
          | where ObjectName == "K8SNode" and CounterName == "cpuCapacityNanoCores"
          | summarize Limit = max(CounterValue) by Computer;
        Perf
        | where ObjectName == "K8SNode" and CounterName == "cpuUsageNanoCores"
        | summarize Used = avg(CounterValue) by Computer
        | join kind=inner capacity on Computer
        | extend Value = 100.0 * Used / Limit
      KQL
    }
  }

  metric_alerts = {
    "High Response Time" = {
      severity  = 2
      scope     = azurerm_application_insights.main.id
      namespace = "Microsoft.Insights/components"
      metric    = "requests/duration"
      threshold = 5000 # milliseconds
      window    = "PT5M"
      receivers = "notify"
    }
    "High Memory Usage" = {
      severity  = 2
      scope     = azurerm_kubernetes_cluster.main.id
      namespace = "Microsoft.ContainerService/managedClusters"
      metric    = "node_memory_working_set_percentage"
      threshold = 90
      window    = "PT5M"
      receivers = "notify"
    }
  }
}

resource "azurerm_monitor_scheduled_query_rules_alert_v2" "main" {
  for_each = local.query_alerts

  name                 = "alert-${replace(lower(each.key), " ", "-")}-${local.name_suffix}"
  display_name         = each.key
  resource_group_name  = azurerm_resource_group.main.name
  location             = azurerm_resource_group.main.location
  scopes               = [azurerm_log_analytics_workspace.main.id]
  severity             = each.value.severity
  evaluation_frequency = "PT5M"
  window_duration      = each.value.window
  tags                 = local.tags

  criteria {
    query                   = each.value.query
    metric_measure_column   = "Value"
    time_aggregation_method = "Maximum"
    operator                = "GreaterThan"
    threshold               = each.value.threshold

    failing_periods {
      minimum_failing_periods_to_trigger_alert = 1
      number_of_evaluation_periods             = 1
    }
  }

  action {
    action_groups = [azurerm_monitor_action_group.main[each.value.receivers].id]
  }
}

resource "azurerm_monitor_metric_alert" "main" {
  for_each = local.metric_alerts

  name                = each.key
  resource_group_name = azurerm_resource_group.main.name
  scopes              = [each.value.scope]
  severity            = each.value.severity
  frequency           = "PT1M"
  window_size         = each.value.window
  tags                = local.tags

  criteria {
    metric_namespace = each.value.namespace
    metric_name      = each.value.metric
    aggregation      = "Average"
    operator         = "GreaterThan"
    threshold        = each.value.threshold
  }

  action {
    action_group_id = azurerm_monitor_action_group.main[each.value.receivers].id
  }
}
