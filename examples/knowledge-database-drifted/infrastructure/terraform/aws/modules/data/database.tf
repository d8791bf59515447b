resource "aws_db_subnet_group" "this" {
  name       = "${var.name}-db"
  subnet_ids = var.subnet_ids
}

resource "aws_db_parameter_group" "this" {
  name   = "${var.name}-postgres16"
  family = "postgres16"

  parameter {
    name  = "rds.force_ssl"
    value = "1"
  }

  parameter {
    name  = "log_min_duration_statement"
    value = "500"
  }

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_db_instance" "this" {
  identifier     = "${var.name}-db"
  engine         = "postgres"
  engine_version = var.database.engine_version
  instance_class = var.database.instance_class

  db_name                     = "knowledge"
  username                    = "knowledge"
  manage_master_user_password = true

  allocated_storage     = var.database.storage_gb
  max_allocated_storage = var.database.storage_gb * 2
  storage_type          = "gp3"
  storage_encrypted     = true

  multi_az               = var.database.multi_az
  db_subnet_group_name   = aws_db_subnet_group.this.name
  parameter_group_name   = aws_db_parameter_group.this.name
  vpc_security_group_ids = [var.security_groups["rds"]]
  publicly_accessible    = false

  backup_retention_period   = var.database.backup_days
  backup_window             = "17:00-18:00"
  maintenance_window        = "sat:18:30-sat:19:30"
  copy_tags_to_snapshot     = true
  deletion_protection       = true
  skip_final_snapshot       = false
  final_snapshot_identifier = "${var.name}-db-final"

  enabled_cloudwatch_logs_exports = ["postgresql", "upgrade"]
}
