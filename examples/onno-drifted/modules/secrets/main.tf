locals {
  generated = { for name, secret in var.secrets : name => secret if secret.generated }
}

resource "aws_secretsmanager_secret" "this" {
  for_each = var.secrets

  name                    = "${var.prefix}/${each.key}"
  description             = each.value.description
  recovery_window_in_days = 30
}

data "aws_secretsmanager_random_password" "this" {
  for_each = local.generated

  password_length     = 64
  exclude_punctuation = true
}

# The data source returns a new password on every read; only the first one is stored. Rotation takes over from there.
resource "aws_secretsmanager_secret_version" "generated" {
  for_each = local.generated

  secret_id     = aws_secretsmanager_secret.this[each.key].id
  secret_string = data.aws_secretsmanager_random_password.this[each.key].random_password

  lifecycle {
    ignore_changes = [secret_string]
  }
}
