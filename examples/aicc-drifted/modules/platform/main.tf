locals {
  name = "aicc-${var.stage}"
}

module "network" {
  source = "../network"

  name     = local.name
  vpc_cidr = var.vpc_cidr
  subnets  = var.subnets
}

module "security" {
  source = "../security"

  name   = local.name
  vpc_id = module.network.vpc_id
  ports  = var.ports
}

module "edge" {
  source = "../edge"

  name                = local.name
  vpc_id              = module.network.vpc_id
  public_subnet_ids   = module.network.subnet_ids.public
  security_group_id   = module.security.group_ids.alb
  api_port            = var.ports.api
  zone_name           = var.zone_name
  service_domain      = var.service_domain
  deletion_protection = var.database.deletion_protection
}

module "data" {
  source = "../data"

  name               = local.name
  subnet_ids         = module.network.subnet_ids.database
  security_group_ids = module.security.group_ids
  database           = var.database
  redis              = var.redis
}

module "services" {
  source = "../services"

  name               = local.name
  region             = var.region
  account_id         = var.account_id
  task_definitions   = var.task_definitions
  scaling            = var.scaling
  ports              = var.ports
  subnet_ids         = module.network.subnet_ids.private
  security_group_ids = module.security.group_ids
  target_groups      = module.edge.target_groups
  listener_arn       = module.edge.listener_arn
  rollback_alarms    = [for trigger in ["availability", "response-time", "error-rate"] : "${local.name}-${trigger}"]
  log_retention_days = var.log_retention_days
}

module "contact_center" {
  source = "../contact-center"

  name           = local.name
  queues         = var.queues
  outbound_queue = var.outbound_queue
}

module "monitoring" {
  source = "../monitoring"

  name                 = local.name
  region               = var.region
  load_balancer_suffix = module.edge.load_balancer_suffix
  cluster_name         = module.services.cluster_name
  database_cluster     = module.data.cluster_identifier
  redis_id             = module.data.redis_id
  connect_instance_id  = module.contact_center.instance_id
  alert_emails         = var.alert_emails
}
