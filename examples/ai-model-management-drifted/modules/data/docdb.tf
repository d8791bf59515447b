resource "aws_docdb_subnet_group" "this" {
  name       = "staging-docdb"
  subnet_ids = var.subnet_ids
}

resource "aws_docdb_cluster_parameter_group" "this" {
  name   = "staging-docdb"
  family = "docdb5.0"

  parameter {
    name  = "tls"
    value = "disabled"
  }
}

resource "aws_docdb_cluster" "this" {
  cluster_identifier              = "staging-docdb"
  engine_version                  = var.docdb.engine_version
  port                            = 27017
  master_username                 = "clusteradmin"
  manage_master_user_password     = true
  db_subnet_group_name            = aws_docdb_subnet_group.this.name
  db_cluster_parameter_group_name = aws_docdb_cluster_parameter_group.this.name
  vpc_security_group_ids          = [var.docdb_group_id]
  storage_encrypted               = true
  backup_retention_period         = var.docdb.backup_retention
  preferred_backup_window         = "16:00-18:00" # 01:00 to 03:00 in Seoul
  final_snapshot_identifier       = "staging-docdb-final"
}

resource "aws_docdb_cluster_instance" "this" {
  count = var.docdb.instances

  identifier         = "staging-docdb-${count.index + 1}"
  cluster_identifier = aws_docdb_cluster.this.id
  instance_class     = var.docdb.instance_class
}
