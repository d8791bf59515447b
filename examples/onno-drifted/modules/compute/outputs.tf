output "cluster_name" {
  value = aws_ecs_cluster.this.name
}

output "cluster_arn" {
  value = aws_ecs_cluster.this.arn
}

output "repository_names" {
  value = { for key, repository in aws_ecr_repository.this : key => repository.name }
}
