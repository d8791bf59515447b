output "server_ids" {
  value = { for name, server in aws_instance.backend : name => server.id }
}

output "registry" {
  value = split("/", aws_ecr_repository.backend.repository_url)[0]
}
