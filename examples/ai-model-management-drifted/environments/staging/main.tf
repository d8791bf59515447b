module "network" {
  source = "../../modules/network"

  cidr    = var.vpc_cidr
  subnets = var.subnets
}

module "security" {
  source = "../../modules/security"

  vpc_id         = module.network.vpc_id
  operator_cidrs = var.operator_cidrs
}

module "data" {
  source = "../../modules/data"

  subnet_ids        = values(module.network.private_subnet_ids)
  docdb             = var.docdb
  docdb_group_id    = module.security.group_ids["docdb"]
  redis             = var.redis
  redis_group_id    = module.security.group_ids["redis"]
  redis_token       = data.aws_secretsmanager_secret_version.redis_token.secret_string
  files_bucket_name = "ai-model-mgmt-files-staging"
}

module "compute" {
  source = "../../modules/compute"

  instance_type = var.backend.instance_type
  servers       = { for name, subnet in var.backend.servers : name => module.network.private_subnet_ids[subnet] }
  group_id      = module.security.group_ids["backend"]
}

module "edge" {
  source = "../../modules/edge"

  vpc_id       = module.network.vpc_id
  subnet_ids   = values(module.network.public_subnet_ids)
  group_id     = module.security.group_ids["alb"]
  servers      = module.compute.server_ids
  health_check = var.health_check
  active_color = var.active_color
}

data "aws_secretsmanager_secret_version" "redis_token" {
  secret_id = "staging/redis-token"
}
