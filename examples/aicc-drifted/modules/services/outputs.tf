output "cluster_name" {
  value = aws_ecs_cluster.this.name
}

output "service_names" {
  value = local.service_names
}
