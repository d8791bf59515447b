resource "aws_elasticache_subnet_group" "this" {
  name       = "${var.name}-cache"
  subnet_ids = var.subnet_ids
}

resource "aws_elasticache_replication_group" "this" {
  replication_group_id = "${var.name}-cache"
  description          = "Cache of the knowledge database"
  engine               = "redis"
  engine_version       = "7.1"
  node_type            = var.cache.node_type

  num_cache_clusters         = var.cache.nodes
  automatic_failover_enabled = true
  multi_az_enabled           = true

  subnet_group_name  = aws_elasticache_subnet_group.this.name
  security_group_ids = [var.security_groups["redis"]]

  at_rest_encryption_enabled = true
  transit_encryption_enabled = false

  snapshot_retention_limit = var.cache.snapshot_days
  snapshot_window          = "16:00-17:00"
}
