output "service_names" {
  value = module.services.service_names
}

output "database_secret_arn" {
  value = module.data.database_secret_arn
}
