# 00:30 UTC is 09:30 in Seoul: the figures of the previous day are there by then.
resource "aws_cloudwatch_event_rule" "daily_cost" {
  name                = "onno-daily-cost"
  description         = "Daily cost report"
  schedule_expression = "cron(30 0 * * ? *)"
}

resource "aws_cloudwatch_event_target" "daily_cost" {
  rule = aws_cloudwatch_event_rule.daily_cost.name
  arn  = module.function["cost-report"].function_arn
}

resource "aws_lambda_permission" "daily_cost" {
  statement_id  = "AllowEventBridge"
  action        = "lambda:InvokeFunction"
  function_name = module.function["cost-report"].function_name
  principal     = "events.amazonaws.com"
  source_arn    = aws_cloudwatch_event_rule.daily_cost.arn
}
