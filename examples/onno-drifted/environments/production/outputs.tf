output "vpc_id" {
  value = module.platform.vpc_id
}

output "service_names" {
  value = module.platform.service_names
}

output "database_address" {
  value     = module.platform.database_address
  sensitive = true
}

output "bastion_host" {
  value = module.platform.bastion_host
}

output "bucket_names" {
  value = module.platform.bucket_names
}
