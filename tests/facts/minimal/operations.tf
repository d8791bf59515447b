# Logs, alarms, events, secrets, keys, identities and cost.

resource "aws_cloudwatch_log_group" "minimal" {}

resource "aws_cloudwatch_log_metric_filter" "minimal" {
  log_group_name = "minimal"
  name           = "minimal"
  pattern        = ""
  metric_transformation {
    name      = "minimal"
    namespace = "minimal"
    value     = "1"
  }
}

resource "aws_cloudwatch_metric_alarm" "minimal" {
  alarm_name          = "minimal"
  comparison_operator = "GreaterThanThreshold"
  evaluation_periods  = 1
  metric_name         = "CPUUtilization"
  namespace           = "AWS/EC2"
  period              = 60
  statistic           = "Average"
  threshold           = 80
}

resource "aws_cloudwatch_event_rule" "minimal" {
  schedule_expression = "rate(1 day)"
}

resource "aws_cloudwatch_event_target" "minimal" {
  arn  = local.topic
  rule = "minimal"
}

resource "aws_cloudwatch_event_target" "blocks" {
  arn      = "arn:aws:ecs:eu-west-1:123456789012:cluster/minimal"
  role_arn = local.arn
  rule     = "minimal"
  ecs_target {
    task_definition_arn = "arn:aws:ecs:eu-west-1:123456789012:task-definition/minimal:1"
    network_configuration {
      subnets = ["subnet-1"]
    }
  }
}

resource "aws_scheduler_schedule" "minimal" {
  schedule_expression = "rate(1 day)"
  flexible_time_window {
    mode = "OFF"
  }
  target {
    arn      = local.topic
    role_arn = local.arn
  }
}

resource "aws_cloudtrail" "minimal" {
  name           = "minimal"
  s3_bucket_name = "minimal"
}

resource "aws_guardduty_detector" "minimal" {}

resource "aws_sns_topic" "minimal" {}

resource "aws_sns_topic_subscription" "minimal" {
  endpoint  = "arn:aws:sqs:eu-west-1:123456789012:minimal"
  protocol  = "sqs"
  topic_arn = local.topic
}

resource "aws_sqs_queue" "minimal" {}

resource "aws_secretsmanager_secret" "minimal" {}

resource "aws_secretsmanager_secret_rotation" "minimal" {
  secret_id = "minimal"
  rotation_rules {
    automatically_after_days = 30
  }
}

resource "aws_ssm_parameter" "minimal" {
  name  = "minimal"
  type  = "String"
  value = "x"
}

resource "aws_kms_key" "minimal" {}

resource "aws_kms_alias" "minimal" {
  target_key_id = local.kms
}

resource "aws_iam_role" "minimal" {
  assume_role_policy = local.policy
}

resource "aws_iam_policy" "minimal" {
  policy = local.policy
}

resource "aws_iam_user" "minimal" {
  name = "minimal"
}

resource "aws_iam_instance_profile" "minimal" {}

resource "aws_iam_account_password_policy" "minimal" {}

resource "aws_budgets_budget" "minimal" {
  budget_type  = "COST"
  limit_amount = "100"
  limit_unit   = "USD"
  time_unit    = "MONTHLY"
}

resource "aws_ce_anomaly_monitor" "minimal" {
  name              = "minimal"
  monitor_type      = "DIMENSIONAL"
  monitor_dimension = "SERVICE"
}

resource "aws_connect_instance" "minimal" {
  identity_management_type = "CONNECT_MANAGED"
  inbound_calls_enabled    = true
  instance_alias           = "minimal"
  outbound_calls_enabled   = true
}

resource "aws_sesv2_email_identity" "minimal" {
  email_identity = "example.com"
}

resource "aws_cognito_user_pool" "minimal" {
  name = "minimal"
}

resource "aws_kinesis_stream" "minimal" {
  name        = "minimal"
  shard_count = 1
}

resource "aws_eks_cluster" "minimal" {
  name     = "minimal"
  role_arn = local.arn
  vpc_config {
    subnet_ids = ["subnet-1", "subnet-2"]
  }
}

resource "aws_config_configuration_recorder" "minimal" {
  role_arn = local.arn
  recording_group {}
}
