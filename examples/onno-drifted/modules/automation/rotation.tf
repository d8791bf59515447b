resource "aws_lambda_permission" "rotation" {
  for_each = var.rotation_days

  statement_id   = "AllowSecretsManager"
  action         = "lambda:InvokeFunction"
  function_name  = module.function["rotate-${each.key}"].function_name
  principal      = "secretsmanager.amazonaws.com"
  source_account = var.account_id
}

resource "aws_secretsmanager_secret_rotation" "this" {
  for_each = var.rotation_days

  secret_id           = var.secret_ids[each.key]
  rotation_lambda_arn = module.function["rotate-${each.key}"].function_arn

  rotation_rules {
    automatically_after_days = each.value
  }

  depends_on = [aws_lambda_permission.rotation]
}

resource "aws_cloudwatch_event_rule" "secret_rotated" {
  name        = "onno-secret-rotated"
  description = "A secret that running tasks hold has a new value"

  event_pattern = jsonencode({
    source      = ["aws.secretsmanager"]
    detail-type = ["AWS Service Event via CloudTrail"]
    detail      = { eventName = ["RotationSucceeded"] }
  })
}

resource "aws_cloudwatch_event_target" "secret_rotated" {
  rule = aws_cloudwatch_event_rule.secret_rotated.name
  arn  = module.function["redeploy-services"].function_arn
}

resource "aws_lambda_permission" "secret_rotated" {
  statement_id  = "AllowEventBridge"
  action        = "lambda:InvokeFunction"
  function_name = module.function["redeploy-services"].function_name
  principal     = "events.amazonaws.com"
  source_arn    = aws_cloudwatch_event_rule.secret_rotated.arn
}
