account_id = "210987654321"
vpc_cidr   = "10.1.0.0/16"

subnets = {
  public-a  = { tier = "public", zone = "ap-northeast-2a", cidr = "10.1.1.0/24" }
  public-c  = { tier = "public", zone = "ap-northeast-2c", cidr = "10.1.2.0/24" }
  private-a = { tier = "private", zone = "ap-northeast-2a", cidr = "10.1.10.0/24" }
  private-c = { tier = "private", zone = "ap-northeast-2c", cidr = "10.1.11.0/24" }
}

operator_cidrs = ["203.0.113.0/28"]

backend = {
  instance_type = "t3.large"
  servers = {
    staging-backend-1 = "private-a"
    staging-backend-2 = "private-c"
    staging-backend-3 = "private-a"
  }
}

docdb = {
  engine_version   = "5.0.0"
  instance_class   = "db.t3.medium"
  instances        = 3
  backup_retention = 1
}

redis = {
  engine_version = "7.0"
  node_type      = "cache.t3.micro"
  nodes          = 2
}

health_check = {
  interval            = 30
  unhealthy_threshold = 10
}
