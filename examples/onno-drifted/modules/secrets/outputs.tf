output "secret_ids" {
  value = { for name, secret in aws_secretsmanager_secret.this : name => secret.id }
}

# Without the random suffix of the full ARN: Secrets Manager accepts this form, and it survives a recreated secret.
output "secret_arns" {
  value = {
    for name, secret in aws_secretsmanager_secret.this :
    name => "arn:aws:secretsmanager:${var.aws_region}:${var.account_id}:secret:${secret.name}"
  }
}

output "redis_auth_token" {
  value     = aws_secretsmanager_secret_version.generated["redis-auth-token"].secret_string
  sensitive = true
}
