locals {
  family       = "onno-${var.name}-task"
  service_name = "onno-${var.name}-service"
  health_check = var.container.health_check
  health_url   = "http://localhost:${var.container.port}${local.health_check.path}"
}

resource "aws_cloudwatch_log_group" "this" {
  name              = "/ecs/onno-${var.name}"
  retention_in_days = var.log_retention_days
}

resource "aws_ecs_task_definition" "this" {
  family                   = local.family
  network_mode             = "awsvpc"
  requires_compatibilities = ["FARGATE"]
  cpu                      = tostring(var.container.cpu)
  memory                   = tostring(var.container.memory)
  execution_role_arn       = var.execution_role_arn
  task_role_arn            = var.task_role_arn

  runtime_platform {
    operating_system_family = "LINUX"
    cpu_architecture        = "X86_64"
  }

  container_definitions = jsonencode([
    {
      name      = var.container.name
      image     = var.container.image
      essential = true
      user      = "1001"

      portMappings = [
        { containerPort = var.container.port, protocol = "tcp" },
      ]

      environment = [for name, value in var.container.environment : { name = name, value = value }]
      secrets     = [for name, arn in var.container.secrets : { name = name, valueFrom = arn }]

      logConfiguration = {
        logDriver = "awslogs"
        options = {
          "awslogs-group"         = aws_cloudwatch_log_group.this.name
          "awslogs-region"        = var.aws_region
          "awslogs-stream-prefix" = var.name
        }
      }

      # The alpine image ships wget but no curl.
      healthCheck = {
        command     = ["CMD-SHELL", "wget -qO- ${local.health_url} || exit 1"]
        interval    = local.health_check.interval
        timeout     = local.health_check.timeout
        retries     = local.health_check.retries
        startPeriod = local.health_check.start_period
      }
    },
  ])
}

resource "aws_ecs_service" "this" {
  name             = local.service_name
  cluster          = var.cluster.arn
  task_definition  = aws_ecs_task_definition.this.arn
  desired_count    = var.scaling.desired_count
  launch_type      = "FARGATE"
  platform_version = "LATEST"

  deployment_minimum_healthy_percent = 100
  deployment_maximum_percent         = 200
  health_check_grace_period_seconds  = 60

  deployment_controller {
    type = "ECS"
  }

  deployment_circuit_breaker {
    enable   = true
    rollback = true
  }

  network_configuration {
    subnets          = var.subnet_ids
    security_groups  = var.security_group_ids
    assign_public_ip = false
  }

  load_balancer {
    target_group_arn = var.target_group_arn
    container_name   = var.container.name
    container_port   = var.container.port
  }

  # Application Auto Scaling owns the count after the first deployment.
  lifecycle {
    ignore_changes = [desired_count]
  }
}
