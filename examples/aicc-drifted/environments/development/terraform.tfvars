stage      = "dev"
region     = "ap-northeast-2"
account_id = "444455556666"

vpc_cidr = "10.10.0.0/16"

subnets = {
  public-a   = { cidr = "10.10.1.0/24", zone = "ap-northeast-2a", tier = "public" }
  public-c   = { cidr = "10.10.2.0/24", zone = "ap-northeast-2c", tier = "public" }
  private-a  = { cidr = "10.10.10.0/24", zone = "ap-northeast-2a", tier = "private" }
  private-c  = { cidr = "10.10.20.0/24", zone = "ap-northeast-2c", tier = "private" }
  database-a = { cidr = "10.10.100.0/24", zone = "ap-northeast-2a", tier = "database" }
  database-c = { cidr = "10.10.200.0/24", zone = "ap-northeast-2c", tier = "database" }
}

zone_name      = "dev.aicc.example"
service_domain = "api.dev.aicc.example"

ports = {
  api = 8080
  ai  = 8090
}

scaling = {
  api = { desired = 1, min = 1, max = 2 }
  ai  = { desired = 1, min = 1, max = 2 }
}

log_retention_days = 14

# Backups run at 03:00 in Seoul.
database = {
  name            = "dev"
  engine_version  = "8.0.mysql_aurora.3.08.2"
  backup_days     = 1
  backup_window   = "18:00-19:00"
  backtrack_hours = 0

  instances = {
    writer = { class = "db.t4g.medium", zone = "ap-northeast-2a" }
  }
}

redis = {
  node_type     = "cache.t4g.small"
  zones         = ["ap-northeast-2a"]
  failover      = false
  snapshot_days = 0
}

queues = {
  general   = { description = "Questions of every kind" }
  technical = { description = "Faults, handed over by the AI service" }
}

outbound_queue = "general"

alert_emails = ["operations@aicc.example"]
