output "database_identifier" {
  value = aws_db_instance.this.identifier
}

output "database_arn" {
  value = aws_db_instance.this.arn
}

output "database_address" {
  value = aws_db_instance.this.address
}

output "redis_replication_group_id" {
  value = aws_elasticache_replication_group.this.replication_group_id
}

# ElastiCache gives an account one DNS suffix for each region. Built from it, the endpoint is known before the first apply.
output "redis_url" {
  value = "rediss://master.${aws_elasticache_replication_group.this.replication_group_id}.${var.redis.dns_suffix}:6379"
}
