resource "aws_elasticache_subnet_group" "this" {
  name       = "staging-redis"
  subnet_ids = var.subnet_ids
}

resource "aws_elasticache_replication_group" "this" {
  replication_group_id       = "staging-redis"
  description                = "Cache of the staging backend"
  engine                     = "redis"
  engine_version             = var.redis.engine_version
  node_type                  = var.redis.node_type
  num_cache_clusters         = var.redis.nodes
  automatic_failover_enabled = true
  multi_az_enabled           = true
  port                       = 6379
  subnet_group_name          = aws_elasticache_subnet_group.this.name
  security_group_ids         = [var.redis_group_id]
  transit_encryption_enabled = true
  at_rest_encryption_enabled = false
  auth_token                 = var.redis_token
}
