locals {
  rotation_actions = [
    "secretsmanager:DescribeSecret",
    "secretsmanager:GetSecretValue",
    "secretsmanager:PutSecretValue",
    "secretsmanager:UpdateSecretVersionStage",
  ]

  service_arns = [
    for name in var.service_names :
    "arn:aws:ecs:${var.aws_region}:${var.account_id}:service/${var.cluster_name}/${name}"
  ]

  functions = {
    rotate-db-url = {
      description = "Gives the database user a new password"
      in_vpc      = true
      environment = { SECRET_ARN = var.secret_arns["db-url"] }
    }
    rotate-jwt-secret = {
      description = "Adds a new signing key and keeps the previous one valid for a while"
      in_vpc      = false
      environment = { SECRET_ARN = var.secret_arns["jwt-secret"] }
    }
    redeploy-services = {
      description = "Starts fresh tasks, because a running task never reads its secrets again"
      in_vpc      = false
      environment = { CLUSTER = var.cluster_name, SERVICES = join(",", var.service_names) }
    }
    cost-report = {
      description = "Compares the cost of the previous day with the budget and writes to Slack"
      in_vpc      = false
      environment = {
        BUDGET_DAILY_USD         = tostring(var.daily_budget_usd)
        COST_EXPLORER_REGION     = "us-east-1"
        SLACK_WEBHOOK_SECRET_ARN = var.secret_arns["slack-webhook"]
      }
    }
  }
}

data "aws_iam_policy_document" "rotation" {
  for_each = toset(["db-url", "jwt-secret"])

  statement {
    effect    = "Allow"
    actions   = local.rotation_actions
    resources = ["${var.secret_arns[each.key]}-*"]
  }

  statement {
    effect    = "Allow"
    actions   = ["secretsmanager:GetRandomPassword"]
    resources = ["*"]
  }
}

data "aws_iam_policy_document" "redeploy" {
  statement {
    effect    = "Allow"
    actions   = ["ecs:DescribeServices", "ecs:UpdateService"]
    resources = local.service_arns
  }
}

data "aws_iam_policy_document" "cost_report" {
  statement {
    effect    = "Allow"
    actions   = ["ce:GetCostAndUsage"]
    resources = ["*"]
  }

  statement {
    effect    = "Allow"
    actions   = ["cloudwatch:PutMetricData"]
    resources = ["*"]

    condition {
      test     = "StringEquals"
      variable = "cloudwatch:namespace"
      values   = ["Onno/Billing"]
    }
  }

  statement {
    effect    = "Allow"
    actions   = ["secretsmanager:GetSecretValue"]
    resources = ["${var.secret_arns["slack-webhook"]}-*"]
  }
}

locals {
  policies = {
    rotate-db-url     = data.aws_iam_policy_document.rotation["db-url"].json
    rotate-jwt-secret = data.aws_iam_policy_document.rotation["jwt-secret"].json
    redeploy-services = data.aws_iam_policy_document.redeploy.json
    cost-report       = data.aws_iam_policy_document.cost_report.json
  }
}

module "function" {
  source   = "../lambda-function"
  for_each = local.functions

  name               = "onno-${each.key}"
  description        = each.value.description
  environment        = each.value.environment
  vpc                = each.value.in_vpc ? var.vpc : null
  inline_policies    = { task = local.policies[each.key] }
  log_retention_days = var.log_retention_days

  package = {
    bucket = var.package_bucket
    key    = "${each.key}/${var.package_version}.zip"
  }
}
