module "platform" {
  source = "../../modules/platform"

  stage              = var.stage
  region             = var.region
  account_id         = var.account_id
  vpc_cidr           = var.vpc_cidr
  subnets            = var.subnets
  zone_name          = var.zone_name
  service_domain     = var.service_domain
  ports              = var.ports
  scaling            = var.scaling
  log_retention_days = var.log_retention_days
  database           = var.database
  redis              = var.redis
  queues             = var.queues
  outbound_queue     = var.outbound_queue
  alert_emails       = var.alert_emails

  task_definitions = {
    api = jsondecode(file("${path.module}/../../ecs/task-definition-dev.json"))
    ai  = jsondecode(file("${path.module}/../../ecs/task-definition-ai-dev.json"))
  }
}
