output "service_names" {
  value = module.platform.service_names
}
