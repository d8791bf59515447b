resource "aws_db_subnet_group" "this" {
  name       = "${var.name}-aurora"
  subnet_ids = var.subnet_ids
}

resource "aws_rds_cluster" "this" {
  cluster_identifier = "${var.name}-aurora"
  engine             = "aurora-mysql"
  engine_version     = var.database.engine_version
  database_name      = var.database.name
  master_username    = "aicc_admin"

  # Aurora keeps the password in Secrets Manager and rotates it.
  manage_master_user_password = true

  db_subnet_group_name   = aws_db_subnet_group.this.name
  vpc_security_group_ids = [var.security_group_ids.aurora]

  storage_encrypted               = true
  backup_retention_period         = var.database.backup_days
  preferred_backup_window         = var.database.backup_window
  backtrack_window                = var.database.backtrack_hours * 3600
  enabled_cloudwatch_logs_exports = ["error", "slowquery"]
  deletion_protection             = var.database.deletion_protection
  skip_final_snapshot             = false
  final_snapshot_identifier       = "${var.name}-aurora-final"
}

resource "aws_rds_cluster_instance" "this" {
  for_each = var.database.instances

  identifier          = "${var.name}-aurora-${each.key}"
  cluster_identifier  = aws_rds_cluster.this.id
  engine              = aws_rds_cluster.this.engine
  instance_class      = each.value.class
  availability_zone   = each.value.zone
  publicly_accessible = true

  performance_insights_enabled = var.database.performance_insights
}
