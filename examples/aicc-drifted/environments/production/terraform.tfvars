stage      = "prod"
region     = "ap-northeast-2"
account_id = "111122223333"

vpc_cidr = "10.0.0.0/16"

subnets = {
  public-a   = { cidr = "10.0.1.0/24", zone = "ap-northeast-2a", tier = "public" }
  public-c   = { cidr = "10.0.2.0/24", zone = "ap-northeast-2c", tier = "public" }
  private-a  = { cidr = "10.0.10.0/24", zone = "ap-northeast-2a", tier = "private" }
  private-c  = { cidr = "10.0.20.0/24", zone = "ap-northeast-2c", tier = "private" }
  database-a = { cidr = "10.0.100.0/24", zone = "ap-northeast-2a", tier = "database" }
  database-c = { cidr = "10.0.200.0/24", zone = "ap-northeast-2c", tier = "database" }
}

zone_name      = "aicc.example"
service_domain = "api.aicc.example"

ports = {
  api = 8080
  ai  = 8090
}

scaling = {
  api = { desired = 2, min = 2, max = 6 }
  ai  = { desired = 2, min = 2, max = 4 }
}

log_retention_days = 90

# Backups run at 03:00 in Seoul.
database = {
  name            = "prod"
  engine_version  = "8.0.mysql_aurora.3.08.2"
  backup_days     = 7
  backup_window   = "18:00-19:00"
  backtrack_hours = 48

  instances = {
    writer = { class = "db.r6g.large", zone = "ap-northeast-2a" }
    reader = { class = "db.t4g.medium", zone = "ap-northeast-2c" }
  }
}

redis = {
  node_type     = "cache.r6g.large"
  zones         = ["ap-northeast-2a", "ap-northeast-2c"]
  failover      = false
  snapshot_days = 3
}

queues = {
  general   = { description = "Questions of every kind" }
  technical = { description = "Faults, handed over by the AI service" }
}

outbound_queue = "general"

alert_emails = ["operations@aicc.example"]
