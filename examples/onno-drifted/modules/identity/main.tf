data "aws_iam_policy_document" "ecs_tasks_trust" {
  statement {
    effect  = "Allow"
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["ecs-tasks.amazonaws.com"]
    }

    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = [var.account_id]
    }
  }
}

# Used by the ECS agent: pulls images, writes logs, injects secrets.
resource "aws_iam_role" "ecs_execution" {
  name               = "ecsTaskExecutionRole"
  assume_role_policy = data.aws_iam_policy_document.ecs_tasks_trust.json
}

# Used by the application itself.
resource "aws_iam_role" "ecs_task" {
  name               = "ecsTaskRole"
  assume_role_policy = data.aws_iam_policy_document.ecs_tasks_trust.json
}

data "aws_iam_policy_document" "onno_secrets_read" {
  statement {
    sid       = "ReadOnnoSecrets"
    effect    = "Allow"
    actions   = ["secretsmanager:GetSecretValue"]
    resources = ["arn:aws:secretsmanager:${var.aws_region}:${var.account_id}:secret:onno/*"]
  }
}

resource "aws_iam_policy" "onno_secrets_read" {
  name   = "onno-secrets-read"
  policy = data.aws_iam_policy_document.onno_secrets_read.json
}

resource "aws_iam_policy" "task_objects" {
  name = "onno-task-objects"

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid      = "ObjectsOfOwnBuckets"
      Effect   = "Allow"
      Action   = ["s3:PutObject", "s3:GetObject", "s3:DeleteObject"]
      Resource = [for name in var.object_bucket_names : "arn:aws:s3:::${name}/*"]
    }]
  })
}

data "aws_iam_policy_document" "task_services" {
  statement {
    sid       = "SendMail"
    effect    = "Allow"
    actions   = ["ses:SendEmail", "ses:SendRawEmail"]
    resources = ["arn:aws:ses:${var.aws_region}:${var.account_id}:identity/${var.mail_domain}"]
  }

  # PutMetricData knows no resources; the namespace condition narrows it.
  statement {
    sid       = "ApplicationMetrics"
    effect    = "Allow"
    actions   = ["cloudwatch:*"]
    resources = ["*"]

    condition {
      test     = "StringEquals"
      variable = "cloudwatch:namespace"
      values   = [var.metric_namespace]
    }
  }
}

resource "aws_iam_policy" "task_services" {
  name   = "onno-task-services"
  policy = data.aws_iam_policy_document.task_services.json
}

resource "aws_iam_role_policy_attachment" "execution_base" {
  role       = aws_iam_role.ecs_execution.name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy"
}

resource "aws_iam_role_policy_attachment" "execution_secrets" {
  role       = aws_iam_role.ecs_execution.name
  policy_arn = aws_iam_policy.onno_secrets_read.arn
}

resource "aws_iam_role_policy_attachment" "task" {
  for_each = {
    secrets  = aws_iam_policy.onno_secrets_read.arn
    objects  = aws_iam_policy.task_objects.arn
    services = aws_iam_policy.task_services.arn
  }

  role       = aws_iam_role.ecs_task.name
  policy_arn = each.value
}
