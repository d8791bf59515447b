# A key never leaves its region, so the copy in the recovery region is encrypted with a second one.
resource "aws_kms_key" "database" {
  description             = "PostgreSQL storage, snapshots and backups"
  enable_key_rotation     = true
  deletion_window_in_days = 30
}

resource "aws_kms_alias" "database" {
  name          = "alias/onno-database"
  target_key_id = aws_kms_key.database.key_id
}

resource "aws_kms_key" "database_dr" {
  provider = aws.dr

  description             = "Replicated PostgreSQL backups"
  enable_key_rotation     = true
  deletion_window_in_days = 30
}

resource "aws_db_instance_automated_backups_replication" "dr" {
  provider = aws.dr

  source_db_instance_arn = aws_db_instance.this.arn
  kms_key_id             = aws_kms_key.database_dr.arn
  retention_period       = var.database.backup_retention_days
}
