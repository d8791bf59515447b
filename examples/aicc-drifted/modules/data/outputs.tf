output "cluster_identifier" {
  value = aws_rds_cluster.this.cluster_identifier
}

output "database_secret_arn" {
  value = aws_rds_cluster.this.master_user_secret[0].secret_arn
}

output "redis_id" {
  value = aws_elasticache_replication_group.this.id
}
