module "network" {
  source = "../../modules/network"

  name       = var.name
  cidr_block = var.vpc_cidr
  zones      = var.zones
}

module "security" {
  source = "../../modules/security"

  name     = var.name
  vpc_id   = module.network.vpc_id
  app_port = var.service.port
}

module "storage" {
  source = "../../modules/storage"

  uploads_bucket = var.uploads_bucket
}

module "data" {
  source = "../../modules/data"

  name            = var.name
  subnet_ids      = module.network.private_subnet_ids
  database        = var.database
  cache           = var.cache
  search          = var.search
  security_groups = module.security.group_ids
}

module "edge" {
  source = "../../modules/edge"

  name              = var.name
  domain            = var.domain
  zone              = var.zone
  vpc_id            = module.network.vpc_id
  subnet_ids        = module.network.public_subnet_ids
  security_group_id = module.security.group_ids["alb"]
  port              = var.service.port
}

module "service" {
  source = "../../modules/service"

  region            = var.region
  service           = var.service
  subnet_ids        = module.network.private_subnet_ids
  security_group_id = module.security.group_ids["ecs"]
  target_group_arn  = module.edge.target_group_arn

  environment = {
    APP_ENV           = "production"
    PUBLIC_URL        = "https://your-domain.com"
    DATABASE_HOST     = module.data.database_address
    DATABASE_NAME     = "knowledge"
    REDIS_HOST        = module.data.cache_endpoint
    OPENSEARCH_URL    = "https://${module.data.search_endpoint}"
    UPLOADS_BUCKET    = module.storage.uploads_bucket
    JWT_ISSUER        = var.domain
    KOREAN_ANALYZER   = "nori"
    SENTRY_SAMPLERATE = "0.1"
  }

  secrets = {
    DATABASE_PASSWORD = "${module.data.database_secret_arn}:password::"
    JWT_SIGNING_KEY   = aws_secretsmanager_secret.application["jwt-signing-key"].arn
    REDIS_AUTH_TOKEN  = aws_secretsmanager_secret.application["redis-auth-token"].arn
  }

  uploads_bucket_arn = module.storage.uploads_bucket_arn
  search_domain_arn  = module.data.search_arn

  depends_on = [module.edge]
}

module "monitoring" {
  source = "../../modules/monitoring"

  name              = var.name
  cluster           = module.service.cluster_name
  service           = module.service.service_name
  load_balancer     = module.edge.load_balancer_suffix
  target_group      = module.edge.target_group_suffix
  database          = module.data.database_id
  search_domain     = module.data.search_domain
  cache             = module.data.cache_id
  region            = var.region
  operator_email    = var.operator_email
  monthly_limit_usd = var.monthly_limit_usd
}

# Values are put in by hand and rotated there; the code knows the names alone.
resource "aws_secretsmanager_secret" "application" {
  for_each = toset(["jwt-signing-key", "redis-auth-token"])

  name                    = "knowledge/production/${each.key}"
  recovery_window_in_days = 30
}
