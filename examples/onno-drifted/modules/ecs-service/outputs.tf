output "service_name" {
  value = aws_ecs_service.this.name
}

output "log_group_name" {
  value = aws_cloudwatch_log_group.this.name
}

output "error_scaling_policy_arns" {
  value = aws_appautoscaling_policy.errors[*].arn
}
