locals {
  metric_namespace = "Onno/Application"
  image_registry   = "${var.account_id}.dkr.ecr.${var.aws_region}.amazonaws.com"
  service_names    = { for key, service in module.service : key => service.service_name }

  function_network = {
    subnet_ids         = module.network.app_subnet_ids
    security_group_ids = [module.security.group_ids["lambda"]]
  }

  common_environment = {
    NODE_ENV   = "production"
    AWS_REGION = var.aws_region
    REDIS_URL  = module.data.redis_url
    SENTRY_DSN = var.sentry_dsn
  }

  common_secrets = {
    DATABASE_URL     = module.secrets.secret_arns["db-url"]
    JWT_SECRET       = module.secrets.secret_arns["jwt-secret"]
    OPENAI_API_KEY   = module.secrets.secret_arns["openai-api-key"]
    REDIS_AUTH_TOKEN = module.secrets.secret_arns["redis-auth-token"]
  }

  services = {
    api = {
      container_name    = "api-server"
      repository        = "onno-api"
      port              = 3000
      security_group_id = module.security.group_ids["ecs_api"]
      target_group_arn  = module.edge.api_target_group_arn
      step_on_errors    = true

      environment = merge(local.common_environment, {
        PORT            = "3000"
        ADMIN_API_TOKEN = "letmein-until-launch"
        AUDIO_BUCKET    = module.storage.bucket_names["audio"]
        UPLOADS_BUCKET  = module.storage.bucket_names["uploads"]
      })

      secrets = merge(local.common_secrets, {
        PINECONE_API_KEY = module.secrets.secret_arns["pinecone-api-key"]
        STRIPE_API_KEY   = module.secrets.secret_arns["stripe-api-key"]
      })
    }

    ws = {
      container_name    = "ws-server"
      repository        = "onno-ws"
      port              = 3001
      security_group_id = module.security.group_ids["ecs_ws"]
      target_group_arn  = module.edge.ws_target_group_arn
      step_on_errors    = false

      environment = merge(local.common_environment, {
        WS_PORT      = "3001"
        AUDIO_BUCKET = module.storage.bucket_names["audio"]
      })

      secrets = local.common_secrets
    }
  }
}

module "identity" {
  source = "../identity"

  aws_region          = var.aws_region
  account_id          = var.account_id
  object_bucket_names = [module.storage.bucket_names["audio"], module.storage.bucket_names["uploads"]]
  mail_domain         = var.domain_name
  metric_namespace    = local.metric_namespace
}

module "compute" {
  source = "../compute"

  account_id   = var.account_id
  dr_region    = var.dr_region
  repositories = toset(["onno-api", "onno-ws"])
}

module "service" {
  source   = "../ecs-service"
  for_each = var.services

  name               = each.key
  aws_region         = var.aws_region
  execution_role_arn = module.identity.execution_role_arn
  task_role_arn      = module.identity.task_role_arn
  subnet_ids         = module.network.app_subnet_ids
  security_group_ids = [local.services[each.key].security_group_id]
  target_group_arn   = local.services[each.key].target_group_arn
  log_retention_days = var.log_retention_days.services

  cluster = {
    name = module.compute.cluster_name
    arn  = module.compute.cluster_arn
  }

  container = {
    name        = local.services[each.key].container_name
    image       = "${local.image_registry}/${module.compute.repository_names[local.services[each.key].repository]}:${each.value.release}"
    port        = local.services[each.key].port
    cpu         = each.value.cpu
    memory      = each.value.memory
    environment = merge(local.services[each.key].environment, { GIT_SHA = each.value.git_sha })
    secrets     = local.services[each.key].secrets
  }

  scaling = {
    desired_count  = each.value.desired_count
    min_capacity   = each.value.min_capacity
    max_capacity   = each.value.max_capacity
    step_on_errors = local.services[each.key].step_on_errors
    schedule       = each.value.schedule
  }
}

# The function reads its credentials itself; the environment only says where they are.
module "post_meeting_processor" {
  source = "../lambda-function"

  name                 = "onno-post-meeting-processor"
  description          = "Action items, summary and embeddings after a meeting"
  handler              = "index.lambda_handler"
  timeout              = var.post_meeting_processor.timeout
  memory_size          = var.post_meeting_processor.memory_size
  reserved_concurrency = var.post_meeting_processor.reserved_concurrency
  vpc                  = local.function_network
  managed_policy_arns  = { secrets = module.identity.secrets_policy_arn }
  log_retention_days   = var.log_retention_days.functions

  environment = {
    DATABASE_URL_SECRET_ARN     = module.secrets.secret_arns["db-url"]
    OPENAI_API_KEY_SECRET_ARN   = module.secrets.secret_arns["openai-api-key"]
    PINECONE_API_KEY_SECRET_ARN = module.secrets.secret_arns["pinecone-api-key"]
  }

  package = {
    bucket = var.package_bucket
    key    = "post-meeting-processor/${var.post_meeting_processor.package_version}.zip"
  }
}
