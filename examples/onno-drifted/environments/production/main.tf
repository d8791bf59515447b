module "platform" {
  source = "../../modules/platform"

  providers = {
    aws    = aws
    aws.dr = aws.dr
  }

  name_suffix            = var.name_suffix
  aws_region             = var.aws_region
  dr_region              = var.dr_region
  account_id             = var.account_id
  domain_name            = var.domain_name
  vpc_cidr               = var.vpc_cidr
  subnets                = var.subnets
  single_nat_gateway     = var.single_nat_gateway
  office_cidrs           = var.office_cidrs
  database               = var.database
  redis                  = var.redis
  services               = var.services
  post_meeting_processor = var.post_meeting_processor
  package_bucket         = var.package_bucket
  log_retention_days     = var.log_retention_days
  secret_rotation_days   = var.secret_rotation_days
  alert_subscribers      = var.alert_subscribers
  sentry_dsn             = var.sentry_dsn
  websocket_baseline     = var.websocket_baseline
  budget                 = var.budget
}

check "account" {
  data "aws_caller_identity" "current" {}

  assert {
    condition     = data.aws_caller_identity.current.account_id == var.account_id
    error_message = "The credentials belong to another account."
  }
}

check "zones" {
  data "aws_availability_zones" "available" {
    state = "available"
  }

  assert {
    condition = alltrue([
      for subnet in values(var.subnets) : contains(data.aws_availability_zones.available.names, subnet.zone)
    ])
    error_message = "A subnet is planned in a zone that the region does not offer."
  }
}
