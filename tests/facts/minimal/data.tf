# Databases and caches.

resource "aws_db_instance" "minimal" {
  instance_class = "db.t4g.micro"
}

resource "aws_db_instance_automated_backups_replication" "minimal" {
  source_db_instance_arn = "arn:aws:rds:eu-west-1:123456789012:db:minimal"
}

resource "aws_db_event_subscription" "minimal" {
  sns_topic = local.topic
}

resource "aws_db_parameter_group" "minimal" {
  family = "postgres16"
  parameter {
    name  = "rds.force_ssl"
    value = "1"
  }
}

resource "aws_db_proxy" "minimal" {
  name           = "minimal"
  engine_family  = "POSTGRESQL"
  role_arn       = local.arn
  vpc_subnet_ids = ["subnet-1", "subnet-2"]
  auth {
    auth_scheme = "SECRETS"
  }
}

resource "aws_db_subnet_group" "minimal" {
  subnet_ids = ["subnet-1", "subnet-2"]
}

resource "aws_rds_cluster" "minimal" {
  engine = "aurora-postgresql"
}

resource "aws_rds_cluster" "blocks" {
  engine = "aurora-postgresql"
  serverlessv2_scaling_configuration {
    min_capacity = 1
    max_capacity = 2
  }
}

resource "aws_rds_cluster_instance" "minimal" {
  cluster_identifier = "minimal"
  engine             = "aurora-postgresql"
  instance_class     = "db.t4g.medium"
}

resource "aws_rds_cluster_parameter_group" "minimal" {
  family = "aurora-postgresql16"
  parameter {
    name  = "rds.force_ssl"
    value = "1"
  }
}

resource "aws_docdb_cluster" "minimal" {}

resource "aws_docdb_cluster_instance" "minimal" {
  cluster_identifier = "minimal"
  instance_class     = "db.t4g.medium"
}

resource "aws_docdb_cluster_parameter_group" "minimal" {
  family = "docdb5.0"
  parameter {
    name  = "tls"
    value = "enabled"
  }
}

resource "aws_elasticache_cluster" "minimal" {
  cluster_id      = "minimal"
  engine          = "redis"
  node_type       = "cache.t4g.micro"
  num_cache_nodes = 1
}

resource "aws_elasticache_replication_group" "minimal" {
  replication_group_id = "minimal"
  description          = "minimal"
  node_type            = "cache.t4g.micro"
}

resource "aws_elasticache_subnet_group" "minimal" {
  name       = "minimal"
  subnet_ids = ["subnet-1"]
}

resource "aws_opensearch_domain" "minimal" {
  domain_name = "minimal"
}

resource "aws_opensearch_domain" "blocks" {
  domain_name = "minimal-blocks"
  advanced_security_options {
    enabled = true
  }
  cluster_config {
    zone_awareness_enabled = true
    zone_awareness_config {}
  }
  domain_endpoint_options {}
  ebs_options {
    ebs_enabled = true
    volume_size = 10
  }
  log_publishing_options {
    cloudwatch_log_group_arn = "arn:aws:logs:eu-west-1:123456789012:log-group:minimal"
    log_type                 = "AUDIT_LOGS"
  }
}

resource "aws_dynamodb_table" "minimal" {
  name           = "minimal"
  hash_key       = "id"
  read_capacity  = 1
  write_capacity = 1
  attribute {
    name = "id"
    type = "S"
  }
}
