output "group_ids" {
  description = "Group ids by role: alb, nlb, ecs_api, ecs_ws, rds, redis, bastion, lambda."
  value       = { for key, group in aws_security_group.this : key => group.id }
}
