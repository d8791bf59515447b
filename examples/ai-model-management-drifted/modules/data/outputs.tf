output "docdb_endpoint" {
  value = aws_docdb_cluster.this.endpoint
}

output "redis_endpoint" {
  value = aws_elasticache_replication_group.this.primary_endpoint_address
}
