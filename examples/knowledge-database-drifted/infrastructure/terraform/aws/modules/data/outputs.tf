output "database_id" {
  value = aws_db_instance.this.identifier
}

output "database_address" {
  value = aws_db_instance.this.address
}

output "database_secret_arn" {
  value = aws_db_instance.this.master_user_secret[0].secret_arn
}

output "cache_id" {
  value = aws_elasticache_replication_group.this.replication_group_id
}

output "cache_endpoint" {
  value = aws_elasticache_replication_group.this.primary_endpoint_address
}

output "search_domain" {
  value = aws_opensearch_domain.this.domain_name
}

output "search_arn" {
  value = aws_opensearch_domain.this.arn
}

output "search_endpoint" {
  value = aws_opensearch_domain.this.endpoint
}
