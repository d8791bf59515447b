region     = "ap-northeast-2"
account_id = "123456789012"

domain = "kb.knowledge.example"
zone   = "knowledge.example"

vpc_cidr = "10.30.0.0/16"
zones    = ["ap-northeast-2a", "ap-northeast-2c"]

uploads_bucket = "knowledge-database-uploads-prod"

service = {
  image_tag    = "v1.0.0"
  port         = 8000
  cpu          = 1024
  memory       = 2048
  min_capacity = 2
  max_capacity = 10
}

database = {
  engine_version = "16.6"
  instance_class = "db.r6g.large"
  storage_gb     = 200
  multi_az       = true
  backup_days    = 1
}

cache = {
  node_type     = "cache.r7g.large"
  nodes         = 2
  snapshot_days = 3
}

search = {
  engine_version  = "Elasticsearch_7.10"
  instance_type   = "r6g.large.search"
  instance_count  = 2
  storage_gb      = 100
  nori_package_id = "G196105221"
}

operator_email    = "operators@knowledge.example"
monthly_limit_usd = 1500
