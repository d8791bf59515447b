locals {
  log_group = "/ecs/knowledge-production"

  container = {
    name      = "knowledge-database"
    image     = "${aws_ecr_repository.this.repository_url}:${var.service.image_tag}"
    essential = true

    portMappings = [{ containerPort = var.service.port, protocol = "tcp" }]

    environment = [for name, value in var.environment : { name = name, value = value }]
    secrets     = [for name, arn in var.secrets : { name = name, valueFrom = arn }]

    healthCheck = {
      command     = ["CMD-SHELL", "curl --fail --silent http://127.0.0.1:${var.service.port}/health || exit 1"]
      interval    = 30
      timeout     = 5
      retries     = 3
      startPeriod = 60
    }

    logConfiguration = {
      logDriver = "awslogs"
      options = {
        awslogs-group         = aws_cloudwatch_log_group.this.name
        awslogs-region        = var.region
        awslogs-stream-prefix = "app"
      }
    }
  }
}

resource "aws_cloudwatch_log_group" "this" {
  name              = local.log_group
  retention_in_days = 7
}

resource "aws_ecs_cluster" "this" {
  name = "knowledge-cluster"

  setting {
    name  = "containerInsights"
    value = "enabled"
  }
}

resource "aws_ecs_task_definition" "this" {
  family                   = "knowledge-database"
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = var.service.cpu
  memory                   = var.service.memory
  execution_role_arn       = aws_iam_role.this["execution"].arn
  task_role_arn            = aws_iam_role.this["task"].arn
  container_definitions    = jsonencode([local.container])

  runtime_platform {
    operating_system_family = "LINUX"
    cpu_architecture        = "ARM64"
  }
}

resource "aws_ecs_service" "this" {
  name            = "knowledge-service"
  cluster         = aws_ecs_cluster.this.id
  task_definition = aws_ecs_task_definition.this.arn
  launch_type     = "FARGATE"
  desired_count   = var.service.min_capacity

  health_check_grace_period_seconds = 90
  enable_execute_command            = true

  network_configuration {
    subnets          = var.subnet_ids
    security_groups  = [var.security_group_id]
    assign_public_ip = true
  }

  load_balancer {
    target_group_arn = var.target_group_arn
    container_name   = local.container.name
    container_port   = var.service.port
  }

  deployment_circuit_breaker {
    enable   = true
    rollback = true
  }

  # Autoscaling decides from here on.
  lifecycle {
    ignore_changes = [desired_count]
  }
}
