resource "aws_kms_key" "vault" {
  description             = "Backup vault"
  enable_key_rotation     = true
  deletion_window_in_days = 30
}

resource "aws_backup_vault" "this" {
  name        = "onno-backup-vault"
  kms_key_arn = aws_kms_key.vault.arn
}

resource "aws_backup_plan" "weekly" {
  name = "onno-database-weekly"

  rule {
    rule_name         = "sunday-snapshot"
    target_vault_name = aws_backup_vault.this.name
    schedule          = var.weekly_schedule
    start_window      = 60
    completion_window = 240

    lifecycle {
      delete_after = var.retention_days
    }
  }
}

data "aws_iam_policy_document" "trust" {
  statement {
    effect  = "Allow"
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["backup.amazonaws.com"]
    }
  }
}

resource "aws_iam_role" "backup" {
  name               = "onno-backup"
  assume_role_policy = data.aws_iam_policy_document.trust.json
}

resource "aws_iam_role_policy_attachment" "backup" {
  role       = aws_iam_role.backup.name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AWSBackupServiceRolePolicyForBackup"
}

resource "aws_backup_selection" "database" {
  name         = "onno-database"
  plan_id      = aws_backup_plan.weekly.id
  iam_role_arn = aws_iam_role.backup.arn
  resources    = [var.database_arn]
}
