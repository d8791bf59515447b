locals {
  # CodeDeploy releases the API; ECS itself rolls the AI service.
  services = {
    api = { family = var.task_definitions.api, scaling = var.scaling.api }
    ai  = { family = var.task_definitions.ai, scaling = var.scaling.ai }
  }
}

resource "aws_ecs_cluster" "this" {
  name = "${var.name}-cluster"

  setting {
    name  = "containerInsights"
    value = "enabled"
  }
}

resource "aws_cloudwatch_log_group" "service" {
  for_each = local.services

  name              = "/ecs/aicc-${each.key}"
  retention_in_days = var.log_retention_days
}

# The files in ecs/ are what the pipeline registers; Terraform reads the same ones.
resource "aws_ecs_task_definition" "this" {
  for_each = local.services

  family                   = each.value.family.family
  cpu                      = each.value.family.cpu
  memory                   = each.value.family.memory
  network_mode             = each.value.family.networkMode
  requires_compatibilities = each.value.family.requiresCompatibilities
  execution_role_arn       = aws_iam_role.execution.arn
  task_role_arn            = aws_iam_role.task[each.key].arn
  container_definitions    = jsonencode(each.value.family.containerDefinitions)
}

resource "aws_ecs_service" "api" {
  name                              = "aicc-api-service"
  cluster                           = aws_ecs_cluster.this.id
  task_definition                   = aws_ecs_task_definition.this["api"].arn
  desired_count                     = var.scaling.api.desired
  launch_type                       = "FARGATE"
  health_check_grace_period_seconds = 60

  deployment_controller {
    type = "CODE_DEPLOY"
  }

  network_configuration {
    subnets          = var.subnet_ids
    security_groups  = [var.security_group_ids.api]
    assign_public_ip = false
  }

  load_balancer {
    target_group_arn = var.target_groups.blue.arn
    container_name   = "api"
    container_port   = var.ports.api
  }

  # CodeDeploy owns revision and target group, autoscaling the count.
  lifecycle {
    ignore_changes = [task_definition, load_balancer, desired_count]
  }
}

resource "aws_ecs_service" "ai" {
  name            = "aicc-ai-service"
  cluster         = aws_ecs_cluster.this.id
  task_definition = aws_ecs_task_definition.this["ai"].arn
  desired_count   = var.scaling.ai.desired
  launch_type     = "FARGATE"

  deployment_circuit_breaker {
    enable   = true
    rollback = true
  }

  network_configuration {
    subnets          = var.subnet_ids
    security_groups  = [var.security_group_ids.ai]
    assign_public_ip = false
  }

  lifecycle {
    ignore_changes = [desired_count]
  }
}
