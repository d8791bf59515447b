environment = "production"
name_suffix = "prod"
aws_region  = "ap-northeast-2"
dr_region   = "ap-northeast-1"
account_id  = "111122223333"
domain_name = "onno.app"

vpc_cidr = "10.0.0.0/16"

subnets = {
  public-a = { cidr = "10.0.1.0/24", zone = "ap-northeast-2a", tier = "public" }
  public-b = { cidr = "10.0.2.0/24", zone = "ap-northeast-2b", tier = "public" }
  app-a    = { cidr = "10.0.11.0/24", zone = "ap-northeast-2a", tier = "app" }
  app-b    = { cidr = "10.0.12.0/24", zone = "ap-northeast-2b", tier = "app" }
  data-a   = { cidr = "10.0.21.0/24", zone = "ap-northeast-2a", tier = "data" }
  data-b   = { cidr = "10.0.22.0/24", zone = "ap-northeast-2b", tier = "data" }
}

# One gateway is enough until the first growth stage.
single_nat_gateway = true

# Addresses from the ranges reserved for documentation.
office_cidrs = ["203.0.113.0/28", "198.51.100.16/29"]

database = {
  identifier            = "onno-db-prod"
  engine_version        = "16.6"
  instance_class        = "db.t3.micro"
  multi_az              = false
  allocated_storage     = 20
  max_allocated_storage = 100
  backup_retention_days = 3
  max_connections       = 100
  monitoring_interval   = 60
  deletion_protection   = true
}

redis = {
  node_type               = "cache.t3.micro"
  nodes                   = 2
  zones                   = ["ap-northeast-2a", "ap-northeast-2b"]
  automatic_failover      = true
  snapshot_retention_days = 5
  dns_suffix              = "x7k2pq.apn2.cache.amazonaws.com"
}

services = {
  api = {
    release       = "v1.4.2"
    git_sha       = "4f9d2c7"
    cpu           = 512
    memory        = 1024
    desired_count = 2
    min_capacity  = 2
    max_capacity  = 10

    # Office hours in Seoul.
    schedule = {
      weekday-morning = { cron = "cron(0 9 ? * MON-FRI *)", min_capacity = 4, max_capacity = 10 }
      weekday-evening = { cron = "cron(0 18 ? * MON-FRI *)", min_capacity = 2, max_capacity = 10 }
    }
  }

  ws = {
    release       = "v1.4.0"
    git_sha       = "b81e06a"
    cpu           = 256
    memory        = 1024
    desired_count = 2
    min_capacity  = 2
    max_capacity  = 4
  }
}

post_meeting_processor = {
  timeout              = 180
  memory_size          = 1024
  reserved_concurrency = 10
  package_version      = "1.4.2"
}

package_bucket = "onno-function-packages-prod"

log_retention_days = {
  services  = 30
  functions = 90
  database  = 7
}

secret_rotation_days = {
  db-url     = 30
  jwt-secret = 90
}

# The zeros stand for the integration key of the on-call service.
alert_subscribers = {
  onno-critical-alerts = {
    on-call = {
      protocol = "https"
      endpoint = "https://events.pagerduty.com/integration/00000000000000000000000000000000/enqueue"
    }
    mail = { protocol = "email", endpoint = "alerts@onno.app" }
  }
  onno-warnings = {
    mail = { protocol = "email", endpoint = "alerts@onno.app" }
  }
  redis-alerts = {
    mail = { protocol = "email", endpoint = "alerts@onno.app" }
  }
}

sentry_dsn         = "https://00000000000000000000000000000000@o0.ingest.sentry.io/0"
websocket_baseline = 32

budget = {
  monthly_usd = 216
  daily_usd   = 7.2
  emails      = ["alerts@onno.app"]
}
