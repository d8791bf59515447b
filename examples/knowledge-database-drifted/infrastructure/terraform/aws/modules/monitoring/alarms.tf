resource "aws_sns_topic" "alarms" {
  name = "${var.name}-alarms"
}

resource "aws_sns_topic_subscription" "operators" {
  topic_arn = aws_sns_topic.alarms.arn
  protocol  = "email"
  endpoint  = var.operator_email
}

locals {
  service  = { ClusterName = var.cluster, ServiceName = var.service }
  balancer = { LoadBalancer = var.load_balancer, TargetGroup = var.target_group }
  database = { DBInstanceIdentifier = var.database }

  alarms = {
    unhealthy-targets = {
      namespace  = "AWS/ApplicationELB", metric = "UnHealthyHostCount", statistic = "Maximum"
      comparison = "GreaterThanThreshold", threshold = 0, dimensions = local.balancer
    }
    service-cpu = {
      namespace  = "AWS/ECS", metric = "CPUUtilization", statistic = "Average"
      comparison = "GreaterThanThreshold", threshold = 70, dimensions = local.service
    }
    service-memory = {
      namespace  = "AWS/ECS", metric = "MemoryUtilization", statistic = "Average"
      comparison = "GreaterThanThreshold", threshold = 80, dimensions = local.service
    }
    database-storage = {
      namespace  = "AWS/RDS", metric = "FreeStorageSpace", statistic = "Minimum"
      comparison = "LessThanThreshold", threshold = 21474836480, dimensions = local.database
    }
  }
}

resource "aws_cloudwatch_metric_alarm" "this" {
  for_each = local.alarms

  alarm_name          = "${var.name}-${each.key}"
  namespace           = each.value.namespace
  metric_name         = each.value.metric
  dimensions          = each.value.dimensions
  statistic           = each.value.statistic
  comparison_operator = each.value.comparison
  threshold           = each.value.threshold
  period              = 300
  evaluation_periods  = 2
  alarm_actions       = [aws_sns_topic.alarms.arn]
  ok_actions          = [aws_sns_topic.alarms.arn]
}

# A share of all requests, since a number of errors says little about busy and quiet hours.
resource "aws_cloudwatch_metric_alarm" "error_rate" {
  alarm_name          = "${var.name}-error-rate"
  comparison_operator = "GreaterThanThreshold"
  threshold           = 1
  evaluation_periods  = 2
  treat_missing_data  = "notBreaching"
  alarm_actions       = [aws_sns_topic.alarms.arn]
  ok_actions          = [aws_sns_topic.alarms.arn]

  metric_query {
    id          = "rate"
    expression  = "100 * errors / requests"
    label       = "5xx answers in percent"
    return_data = true
  }

  metric_query {
    id = "errors"

    metric {
      namespace   = "AWS/ApplicationELB"
      metric_name = "HTTPCode_Target_5XX_Count"
      dimensions  = { LoadBalancer = var.load_balancer }
      stat        = "Sum"
      period      = 300
    }
  }

  metric_query {
    id = "requests"

    metric {
      namespace   = "AWS/ApplicationELB"
      metric_name = "RequestCount"
      dimensions  = { LoadBalancer = var.load_balancer }
      stat        = "Sum"
      period      = 300
    }
  }
}
