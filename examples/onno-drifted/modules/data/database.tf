locals {
  postgres_parameters = {
    "max_connections"      = { value = tostring(var.database.max_connections), apply_method = "pending-reboot" }
    "shared_buffers"       = { value = "32768", apply_method = "pending-reboot" } # 8 kB pages: 256 MB
    "work_mem"             = { value = "4096", apply_method = "immediate" }       # kB: 4 MB
    "maintenance_work_mem" = { value = "65536", apply_method = "immediate" }      # kB: 64 MB
    "effective_cache_size" = { value = "98304", apply_method = "immediate" }      # 8 kB pages: 768 MB
    "rds.force_ssl"        = { value = "1", apply_method = "immediate" }
  }
}

resource "aws_db_subnet_group" "this" {
  name       = "onno-db-subnet-group"
  subnet_ids = var.data_subnet_ids
}

resource "aws_db_parameter_group" "this" {
  name   = "onno-postgres-params"
  family = "postgres16"

  dynamic "parameter" {
    for_each = local.postgres_parameters

    content {
      name         = parameter.key
      value        = parameter.value.value
      apply_method = parameter.value.apply_method
    }
  }
}

# RDS would create these groups itself and keep them for ever.
resource "aws_cloudwatch_log_group" "database" {
  for_each = toset(["postgresql", "upgrade"])

  name              = "/aws/rds/instance/${var.database.identifier}/${each.key}"
  retention_in_days = var.log_retention_days
}

data "aws_iam_policy_document" "monitoring_trust" {
  statement {
    effect  = "Allow"
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["monitoring.rds.amazonaws.com"]
    }
  }
}

resource "aws_iam_role" "database_monitoring" {
  name               = "onno-rds-monitoring"
  assume_role_policy = data.aws_iam_policy_document.monitoring_trust.json
}

resource "aws_iam_role_policy_attachment" "database_monitoring" {
  role       = aws_iam_role.database_monitoring.name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AmazonRDSEnhancedMonitoringRole"
}

resource "aws_db_instance" "this" {
  identifier     = var.database.identifier
  engine         = "postgres"
  engine_version = var.database.engine_version
  instance_class = var.database.instance_class
  db_name        = "onno"
  username       = "onno_admin"

  # The application signs in with its own user, whose address is the secret onno/db-url.
  manage_master_user_password = true

  allocated_storage     = var.database.allocated_storage
  max_allocated_storage = var.database.max_allocated_storage
  storage_type          = "gp3"
  storage_encrypted     = true
  kms_key_id            = aws_kms_key.database.arn

  multi_az               = var.database.multi_az
  db_subnet_group_name   = aws_db_subnet_group.this.name
  vpc_security_group_ids = [var.rds_security_group_id]
  publicly_accessible    = false
  parameter_group_name   = aws_db_parameter_group.this.name

  backup_retention_period = var.database.backup_retention_days
  backup_window           = var.database.backup_window
  maintenance_window      = var.database.maintenance_window
  copy_tags_to_snapshot   = true

  performance_insights_enabled          = true
  performance_insights_retention_period = 7
  monitoring_interval                   = var.database.monitoring_interval
  monitoring_role_arn                   = aws_iam_role.database_monitoring.arn
  enabled_cloudwatch_logs_exports       = ["postgresql", "upgrade"]

  auto_minor_version_upgrade = true
  deletion_protection        = var.database.deletion_protection
  skip_final_snapshot        = false
  final_snapshot_identifier  = "${var.database.identifier}-final"

  depends_on = [aws_cloudwatch_log_group.database]
}
