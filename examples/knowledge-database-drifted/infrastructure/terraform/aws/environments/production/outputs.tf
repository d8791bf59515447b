output "url" {
  description = "Address of the service."
  value       = "https://${var.domain}"
}

output "repository_url" {
  description = "Where the deployment script pushes images to."
  value       = module.service.repository_url
}
