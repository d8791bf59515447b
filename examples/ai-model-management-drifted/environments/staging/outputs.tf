output "docdb_endpoint" {
  description = "Address of the database for MONGO_URL."
  value       = module.data.docdb_endpoint
}

output "redis_endpoint" {
  description = "Address of the cache for REDIS_URL."
  value       = module.data.redis_endpoint
}

output "registry" {
  description = "ECR_REGISTRY of the Compose file."
  value       = module.compute.registry
}
