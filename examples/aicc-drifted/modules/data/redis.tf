resource "aws_elasticache_subnet_group" "this" {
  name       = "${var.name}-redis"
  subnet_ids = var.subnet_ids
}

resource "aws_elasticache_replication_group" "this" {
  replication_group_id = "${var.name}-redis"
  description          = "Sessions and conversation state"
  engine               = "redis"
  engine_version       = "7.1"
  node_type            = var.redis.node_type
  port                 = 6379

  num_cache_clusters          = length(var.redis.zones)
  preferred_cache_cluster_azs = var.redis.zones
  automatic_failover_enabled  = var.redis.failover
  multi_az_enabled            = var.redis.failover

  subnet_group_name  = aws_elasticache_subnet_group.this.name
  security_group_ids = [var.security_group_ids.redis]

  at_rest_encryption_enabled = true
  transit_encryption_enabled = true
  snapshot_retention_limit   = var.redis.snapshot_days
}
