locals {
  metric_alarms = {
    Database_CPU_High = {
      description = "CPU of the primary database above 80 percent"
      namespace   = "AWS/RDS"
      metric      = "CPUUtilization"
      dimensions  = { DBInstanceIdentifier = var.database_identifier }
      statistic   = "Average"
      operator    = "GreaterThanThreshold"
      threshold   = 80
      period      = 300
      evaluations = 2
      missing     = "missing"
      topic       = var.critical_topic_arn
    }

    # A dead instance sends nothing at all, so silence counts as an outage.
    Database_Down = {
      description = "No connection to the primary database, or no data from it"
      namespace   = "AWS/RDS"
      metric      = "DatabaseConnections"
      dimensions  = { DBInstanceIdentifier = var.database_identifier }
      statistic   = "Maximum"
      operator    = "LessThanOrEqualToThreshold"
      threshold   = 0
      period      = 60
      evaluations = 2
      missing     = "breaching"
      topic       = var.critical_topic_arn
    }

    OpenAI_API_Latency_High = {
      description = "Speech recognition answers slowly"
      namespace   = var.application_namespace
      metric      = "STT_Latency"
      dimensions  = { Region = var.aws_region }
      statistic   = "Average"
      operator    = "GreaterThanThreshold"
      threshold   = 2000
      period      = 300
      evaluations = 2
      missing     = "notBreaching"
      topic       = var.warning_topic_arn
    }
  }
}

resource "aws_cloudwatch_metric_alarm" "metric" {
  for_each = local.metric_alarms

  alarm_name          = each.key
  alarm_description   = each.value.description
  namespace           = each.value.namespace
  metric_name         = each.value.metric
  dimensions          = each.value.dimensions
  statistic           = each.value.statistic
  comparison_operator = each.value.operator
  threshold           = each.value.threshold
  period              = each.value.period
  evaluation_periods  = each.value.evaluations
  treat_missing_data  = each.value.missing
  alarm_actions       = [each.value.topic]
  ok_actions          = [each.value.topic]
}

# Share of failed requests in percent: target responses with a 5xx status over all requests.
resource "aws_cloudwatch_metric_alarm" "api_error_rate" {
  alarm_name          = "API_High_Error_Rate"
  alarm_description   = "More than 5 percent of the API requests fail"
  comparison_operator = "GreaterThanThreshold"
  threshold           = 5
  evaluation_periods  = 2
  treat_missing_data  = "notBreaching"
  alarm_actions       = concat([var.critical_topic_arn], var.error_scaling_policy_arns)
  ok_actions          = [var.critical_topic_arn]

  metric_query {
    id          = "error_rate"
    expression  = "100 * errors / requests"
    label       = "5xx share"
    return_data = true
  }

  metric_query {
    id = "errors"

    metric {
      namespace   = "AWS/ApplicationELB"
      metric_name = "HTTPCode_Target_5XX_Count"
      dimensions  = { LoadBalancer = var.alb_arn_suffix }
      stat        = "Sum"
      period      = 300
    }
  }

  metric_query {
    id = "requests"

    metric {
      namespace   = "AWS/ApplicationELB"
      metric_name = "RequestCount"
      dimensions  = { LoadBalancer = var.alb_arn_suffix }
      stat        = "Sum"
      period      = 300
    }
  }
}

# One alarm for each service; Container Insights stops reporting when nothing runs, hence breaching.
resource "aws_cloudwatch_metric_alarm" "task_crash" {
  for_each = var.service_names

  alarm_name          = "ECS_Task_Crash_${each.key}"
  alarm_description   = "${each.value} has no running task"
  namespace           = "ECS/ContainerInsights"
  metric_name         = "RunningTaskCount"
  dimensions          = { ClusterName = var.cluster_name, ServiceName = each.value }
  statistic           = "Minimum"
  comparison_operator = "LessThanThreshold"
  threshold           = 1
  period              = 60
  evaluation_periods  = 1
  treat_missing_data  = "breaching"
  alarm_actions       = [var.critical_topic_arn]
}

# The metric has a dimension that changes with every task, so the sum comes from a query over all of them.
resource "aws_cloudwatch_metric_alarm" "websocket_drop" {
  alarm_name          = "WebSocket_Connection_Drop"
  alarm_description   = "Fewer than half of the usual WebSocket connections"
  comparison_operator = "LessThanThreshold"
  threshold           = var.websocket_baseline * 0.5
  evaluation_periods  = 1
  treat_missing_data  = "breaching"
  alarm_actions       = [var.warning_topic_arn]

  metric_query {
    id          = "connections"
    expression  = "SELECT SUM(WebSocket_Connections) FROM SCHEMA(\"${var.application_namespace}\", Server)"
    period      = 120
    return_data = true
  }
}
