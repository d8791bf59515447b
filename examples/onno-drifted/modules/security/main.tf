locals {
  security_groups = {
    alb     = { label = "SG-ALB", description = "Application load balancer" }
    nlb     = { label = "SG-NLB", description = "Network load balancer" }
    ecs_api = { label = "SG-ECS-API", description = "API tasks" }
    ecs_ws  = { label = "SG-ECS-WS", description = "WebSocket tasks" }
    rds     = { label = "SG-RDS", description = "PostgreSQL" }
    redis   = { label = "SG-Redis", description = "ElastiCache" }
    bastion = { label = "SG-Bastion", description = "Bastion host" }
    lambda  = { label = "SG-Lambda", description = "Functions inside the VPC" }
  }
}

# Rules live in rules.tf as resources of their own: groups that name each other cannot use inline blocks.
resource "aws_security_group" "this" {
  for_each = local.security_groups

  name        = "${var.name_prefix}-${replace(each.key, "_", "-")}"
  description = each.value.description
  vpc_id      = var.vpc_id

  tags = { Name = each.value.label }
}
