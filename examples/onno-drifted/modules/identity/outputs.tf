output "execution_role_arn" {
  value = aws_iam_role.ecs_execution.arn
}

output "task_role_arn" {
  value = aws_iam_role.ecs_task.arn
}

output "secrets_policy_arn" {
  value = aws_iam_policy.onno_secrets_read.arn
}
