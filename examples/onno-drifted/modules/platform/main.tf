# The whole system, put together once. An environment differs only in the values it passes.

module "network" {
  source = "../network"

  aws_region         = var.aws_region
  vpc_cidr           = var.vpc_cidr
  subnets            = var.subnets
  single_nat_gateway = var.single_nat_gateway
}

module "security" {
  source = "../security"

  vpc_id       = module.network.vpc_id
  office_cidrs = var.office_cidrs
}

module "secrets" {
  source = "../secrets"

  aws_region = var.aws_region
  account_id = var.account_id

  secrets = {
    db-url           = { description = "Connection string of the application user" }
    jwt-secret       = { description = "Signing key of session tokens", generated = true }
    openai-api-key   = { description = "OpenAI" }
    pinecone-api-key = { description = "Pinecone" }
    redis-auth-token = { description = "ElastiCache AUTH token", generated = true }
    stripe-api-key   = { description = "Stripe" }
    slack-webhook    = { description = "Channel for cost reports" }
  }
}

module "alerting" {
  source = "../alerting"

  account_id = var.account_id
  topics     = var.alert_subscribers
}

module "edge" {
  source = "../edge"

  vpc_id                = module.network.vpc_id
  public_subnet_ids     = module.network.public_subnet_ids
  alb_security_group_id = module.security.group_ids["alb"]
  nlb_security_group_id = module.security.group_ids["nlb"]
  domain_name           = var.domain_name
  access_log_bucket     = module.storage.log_bucket
  deletion_protection   = var.database.deletion_protection
}

module "data" {
  source = "../data"

  providers = {
    aws    = aws
    aws.dr = aws.dr
  }

  data_subnet_ids         = module.network.public_subnet_ids
  rds_security_group_id   = module.security.group_ids["rds"]
  redis_security_group_id = module.security.group_ids["redis"]
  database                = var.database
  redis                   = var.redis
  redis_auth_token        = module.secrets.redis_auth_token
  redis_alert_topic_arn   = module.alerting.topic_arns["redis-alerts"]
  log_retention_days      = var.log_retention_days.database
}

module "backup" {
  source = "../backup"

  database_arn = module.data.database_arn
}

module "bastion" {
  source = "../bastion"

  subnet_id         = module.network.public_subnet_ids[0]
  security_group_id = module.security.group_ids["bastion"]
  zone_id           = module.edge.zone_id
  domain_name       = var.domain_name
}

module "automation" {
  source = "../automation"

  aws_region         = var.aws_region
  account_id         = var.account_id
  package_bucket     = var.package_bucket
  package_version    = var.post_meeting_processor.package_version
  cluster_name       = module.compute.cluster_name
  service_names      = values(local.service_names)
  secret_ids         = module.secrets.secret_ids
  secret_arns        = module.secrets.secret_arns
  rotation_days      = var.secret_rotation_days
  vpc                = local.function_network
  daily_budget_usd   = var.budget.daily_usd
  log_retention_days = var.log_retention_days.functions
}

module "monitoring" {
  source = "../monitoring"

  aws_region                = var.aws_region
  critical_topic_arn        = module.alerting.topic_arns["onno-critical-alerts"]
  warning_topic_arn         = module.alerting.topic_arns["onno-warnings"]
  alb_arn_suffix            = module.edge.alb_arn_suffix
  cluster_name              = module.compute.cluster_name
  service_names             = local.service_names
  log_group_names           = { for key, service in module.service : key => service.log_group_name }
  database_identifier       = module.data.database_identifier
  error_scaling_policy_arns = module.service["api"].error_scaling_policy_arns
  application_namespace     = local.metric_namespace
  websocket_baseline        = var.websocket_baseline

  budget = {
    monthly_usd = var.budget.monthly_usd
    emails      = var.budget.emails
  }
}
