# Containers, functions, instances and scaling.

resource "aws_ecr_repository" "minimal" {
  name = "minimal"
}

resource "aws_ecr_repository" "blocks" {
  name = "minimal-blocks"
  encryption_configuration {}
  image_scanning_configuration {
    scan_on_push = true
  }
}

resource "aws_ecr_registry_scanning_configuration" "minimal" {
  scan_type = "BASIC"
}

resource "aws_ecs_cluster" "minimal" {
  name = "minimal"
}

resource "aws_ecs_cluster_capacity_providers" "minimal" {
  cluster_name = "minimal"
  default_capacity_provider_strategy {
    capacity_provider = "FARGATE"
  }
}

resource "aws_ecs_service" "minimal" {
  name            = "minimal"
  task_definition = "minimal:1"
}

resource "aws_ecs_service" "blocks" {
  name            = "minimal-blocks"
  task_definition = "minimal:1"
  deployment_controller {}
  network_configuration {
    subnets = ["subnet-1"]
  }
}

resource "aws_ecs_task_definition" "minimal" {
  family                = "minimal"
  container_definitions = jsonencode([{ name = "app", image = "example.com/app:1", memory = 128 }])
}

resource "aws_ecs_task_definition" "blocks" {
  family                = "minimal-blocks"
  container_definitions = jsonencode([{ name = "app", image = "example.com/app:1", memory = 128 }])
  volume {
    name = "data"
    efs_volume_configuration {
      file_system_id = "fs-1"
    }
  }
}

resource "aws_lambda_function" "minimal" {
  function_name = "minimal"
  role          = local.arn
  image_uri     = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/minimal:1"
  package_type  = "Image"
}

resource "aws_lambda_event_source_mapping" "minimal" {
  function_name    = "minimal"
  event_source_arn = "arn:aws:sqs:eu-west-1:123456789012:minimal"
}

resource "aws_lambda_permission" "minimal" {
  action        = "lambda:InvokeFunction"
  function_name = "minimal"
  principal     = "s3.amazonaws.com"
}

resource "aws_instance" "minimal" {
  ami           = "ami-0123456789abcdef0"
  instance_type = "t3.micro"
}

resource "aws_instance" "blocks" {
  ami           = "ami-0123456789abcdef0"
  instance_type = "t3.micro"
  ebs_block_device {
    device_name = "/dev/sdb"
  }
  metadata_options {}
  root_block_device {}
}

resource "aws_launch_template" "minimal" {}

resource "aws_launch_template" "blocks" {
  block_device_mappings {
    device_name = "/dev/xvda"
    ebs {}
  }
  metadata_options {}
  monitoring {}
}

resource "aws_autoscaling_group" "minimal" {
  min_size             = 0
  max_size             = 1
  availability_zones   = ["eu-west-1a"]
  launch_configuration = "minimal"
}

resource "aws_autoscaling_group" "blocks" {
  min_size           = 0
  max_size           = 1
  availability_zones = ["eu-west-1a"]
  launch_template {
    name = "minimal"
  }
  instance_refresh {
    strategy = "Rolling"
    preferences {}
  }
}

resource "aws_autoscaling_policy" "minimal" {
  autoscaling_group_name = "minimal"
  name                   = "minimal"
  scaling_adjustment     = 1
  adjustment_type        = "ChangeInCapacity"
}

resource "aws_appautoscaling_target" "minimal" {
  min_capacity       = 1
  max_capacity       = 2
  resource_id        = "service/minimal/minimal"
  scalable_dimension = "ecs:service:DesiredCount"
  service_namespace  = "ecs"
}

resource "aws_appautoscaling_policy" "minimal" {
  name               = "minimal"
  resource_id        = "service/minimal/minimal"
  scalable_dimension = "ecs:service:DesiredCount"
  service_namespace  = "ecs"
}

resource "aws_appautoscaling_policy" "blocks" {
  name               = "minimal-blocks"
  policy_type        = "TargetTrackingScaling"
  resource_id        = "service/minimal/minimal"
  scalable_dimension = "ecs:service:DesiredCount"
  service_namespace  = "ecs"
  target_tracking_scaling_policy_configuration {
    target_value = 50
    predefined_metric_specification {
      predefined_metric_type = "ECSServiceAverageCPUUtilization"
    }
  }
}

resource "aws_appautoscaling_scheduled_action" "minimal" {
  name               = "minimal"
  resource_id        = "service/minimal/minimal"
  scalable_dimension = "ecs:service:DesiredCount"
  service_namespace  = "ecs"
  schedule           = "rate(1 day)"
  scalable_target_action {
    min_capacity = 1
  }
}

resource "aws_codedeploy_app" "minimal" {
  name = "minimal"
}

resource "aws_codedeploy_deployment_group" "minimal" {
  app_name              = "minimal"
  deployment_group_name = "minimal"
  service_role_arn      = local.arn
}

resource "aws_codedeploy_deployment_group" "blocks" {
  app_name              = "minimal"
  deployment_group_name = "minimal-blocks"
  service_role_arn      = local.arn
  auto_rollback_configuration {}
  deployment_style {}
}
