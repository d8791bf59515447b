# The same system in a smaller size, in an account and a VPC of its own.
environment = "staging"
name_suffix = "staging"
aws_region  = "ap-northeast-2"
dr_region   = "ap-northeast-1"
account_id  = "444455556666"
domain_name = "staging.onno.app"

vpc_cidr = "10.10.0.0/16"

subnets = {
  public-a = { cidr = "10.10.1.0/24", zone = "ap-northeast-2a", tier = "public" }
  public-b = { cidr = "10.10.2.0/24", zone = "ap-northeast-2b", tier = "public" }
  app-a    = { cidr = "10.10.11.0/24", zone = "ap-northeast-2a", tier = "app" }
  app-b    = { cidr = "10.10.12.0/24", zone = "ap-northeast-2b", tier = "app" }
  data-a   = { cidr = "10.10.21.0/24", zone = "ap-northeast-2a", tier = "data" }
  data-b   = { cidr = "10.10.22.0/24", zone = "ap-northeast-2b", tier = "data" }
}

office_cidrs = ["203.0.113.0/28", "198.51.100.16/29"]

database = {
  identifier            = "onno-db-staging"
  engine_version        = "16.6"
  instance_class        = "db.t3.micro"
  multi_az              = false
  allocated_storage     = 20
  max_allocated_storage = 50
  backup_retention_days = 1
  max_connections       = 100
  deletion_protection   = false
}

redis = {
  node_type               = "cache.t3.micro"
  nodes                   = 1
  zones                   = ["ap-northeast-2a"]
  automatic_failover      = false
  snapshot_retention_days = 1
  dns_suffix              = "m4t9ws.apn2.cache.amazonaws.com"
}

services = {
  api = {
    release       = "v1.5.0"
    git_sha       = "0c3ad51"
    cpu           = 256
    memory        = 512
    desired_count = 1
    min_capacity  = 1
    max_capacity  = 2
  }

  ws = {
    release       = "v1.5.0"
    git_sha       = "0c3ad51"
    cpu           = 256
    memory        = 512
    desired_count = 1
    min_capacity  = 1
    max_capacity  = 2
  }
}

post_meeting_processor = {
  reserved_concurrency = 2
  package_version      = "1.5.0"
}

package_bucket = "onno-function-packages-staging"

log_retention_days = {
  services  = 7
  functions = 7
  database  = 3
}

secret_rotation_days = {
  db-url     = 30
  jwt-secret = 90
}

alert_subscribers = {
  onno-critical-alerts = {
    mail = { protocol = "email", endpoint = "alerts@staging.onno.app" }
  }
  onno-warnings = {
    mail = { protocol = "email", endpoint = "alerts@staging.onno.app" }
  }
  redis-alerts = {
    mail = { protocol = "email", endpoint = "alerts@staging.onno.app" }
  }
}

sentry_dsn         = "https://00000000000000000000000000000000@o0.ingest.sentry.io/1"
websocket_baseline = 4

budget = {
  monthly_usd = 200
  daily_usd   = 6.7
  emails      = ["alerts@staging.onno.app"]
}
