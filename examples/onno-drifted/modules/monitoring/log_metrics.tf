locals {
  log_metrics = {
    api_errors     = { group = var.log_group_names["api"], pattern = "ERROR", metric = "ApiLogErrors" }
    api_warnings   = { group = var.log_group_names["api"], pattern = "WARN", metric = "ApiLogWarnings" }
    ws_disconnects = { group = var.log_group_names["ws"], pattern = "disconnect", metric = "WebSocketDisconnects" }
  }

  saved_queries = {
    error-rate = <<-QUERY
      fields @timestamp, @message
      | filter @message like /ERROR/
      | stats count() as error_count by bin(5m)
    QUERY

    latency = <<-QUERY
      fields @timestamp, duration
      | filter ispresent(duration)
      | stats avg(duration), max(duration), pct(duration, 95) by bin(5m)
    QUERY

    user-activity = <<-QUERY
      fields @timestamp, userId, action
      | filter ispresent(userId)
      | sort @timestamp desc
      | limit 100
    QUERY
  }
}

resource "aws_cloudwatch_log_metric_filter" "this" {
  for_each = local.log_metrics

  name           = replace(each.key, "_", "-")
  log_group_name = each.value.group
  pattern        = each.value.pattern

  metric_transformation {
    namespace     = "Onno/Logs"
    name          = each.value.metric
    value         = "1"
    default_value = "0"
  }
}

resource "aws_cloudwatch_metric_alarm" "api_log_errors" {
  alarm_name          = "API_Log_Errors"
  alarm_description   = "Error lines in the API log"
  namespace           = aws_cloudwatch_log_metric_filter.this["api_errors"].metric_transformation[0].namespace
  metric_name         = aws_cloudwatch_log_metric_filter.this["api_errors"].metric_transformation[0].name
  statistic           = "Sum"
  comparison_operator = "GreaterThanThreshold"
  threshold           = 10
  period              = 300
  evaluation_periods  = 1
  treat_missing_data  = "notBreaching"
  alarm_actions       = [var.critical_topic_arn]
}

resource "aws_cloudwatch_query_definition" "this" {
  for_each = local.saved_queries

  name            = "onno/${each.key}"
  log_group_names = [var.log_group_names["api"]]
  query_string    = each.value
}
