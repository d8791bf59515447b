resource "aws_elasticache_subnet_group" "this" {
  name       = "onno-redis-subnet-group"
  subnet_ids = var.data_subnet_ids
}

resource "aws_elasticache_replication_group" "this" {
  replication_group_id = "onno-redis-replication"
  description          = "Sessions, cache and job queue"
  engine               = "redis"
  engine_version       = var.redis.engine_version
  node_type            = var.redis.node_type
  port                 = 6379

  num_cache_clusters          = var.redis.nodes
  automatic_failover_enabled  = var.redis.automatic_failover
  multi_az_enabled            = var.redis.automatic_failover
  preferred_cache_cluster_azs = var.redis.zones

  subnet_group_name  = aws_elasticache_subnet_group.this.name
  security_group_ids = [var.redis_security_group_id]

  at_rest_encryption_enabled = false
  transit_encryption_enabled = true
  transit_encryption_mode    = "required"
  auth_token                 = var.redis_auth_token

  snapshot_retention_limit = var.redis.snapshot_retention_days
  snapshot_window          = var.redis.snapshot_window
  maintenance_window       = var.redis.maintenance_window
  notification_topic_arn   = var.redis_alert_topic_arn

  # The token is rotated outside Terraform.
  lifecycle {
    ignore_changes = [auth_token]
  }
}
