output "vpc_id" {
  value = module.network.vpc_id
}

output "service_names" {
  value = local.service_names
}

output "database_address" {
  value = module.data.database_address
}

output "bastion_host" {
  value = module.bastion.host_name
}

output "bucket_names" {
  value = module.storage.bucket_names
}
