# The groups of the staging environment as its deployment plan describes them.
locals {
  groups = ["alb", "frontend", "backend", "docdb", "redis", "monitoring"]

  # Who opens connections to whom, and on which ports.
  flows = {
    alb_to_frontend_http    = { from = "alb", to = "frontend", first = 80, last = 80 }
    alb_to_frontend_https   = { from = "alb", to = "frontend", first = 443, last = 443 }
    alb_to_backend          = { from = "alb", to = "backend", first = 8000, last = 8002 }
    frontend_to_backend     = { from = "frontend", to = "backend", first = 8000, last = 8000 }
    backend_to_docdb        = { from = "backend", to = "docdb", first = 27017, last = 27017 }
    backend_to_redis        = { from = "backend", to = "redis", first = 6379, last = 6379 }
    monitoring_to_backend   = { from = "monitoring", to = "backend", first = 8000, last = 8002 }
    monitoring_to_exporters = { from = "monitoring", to = "backend", first = 9100, last = 9100 }
    monitoring_prometheus   = { from = "monitoring", to = "monitoring", first = 9090, last = 9090 }
    monitoring_grafana      = { from = "monitoring", to = "monitoring", first = 3000, last = 3000 }
  }
}

resource "aws_vpc" "staging" {
  cidr_block = "10.1.0.0/16"
}

resource "aws_default_security_group" "staging" {
  vpc_id = aws_vpc.staging.id
}

resource "aws_security_group" "role" {
  for_each = toset(local.groups)

  name   = "staging-${each.key}"
  vpc_id = aws_vpc.staging.id

  tags = { Name = "sg-staging-${each.key}" }
}

resource "aws_security_group_rule" "public" {
  for_each = toset(["80", "443"])

  type              = "ingress"
  security_group_id = aws_security_group.role["alb"].id
  protocol          = "tcp"
  from_port         = tonumber(each.key)
  to_port           = tonumber(each.key)
  cidr_blocks       = ["0.0.0.0/0"]
}

resource "aws_security_group_rule" "inbound" {
  for_each = local.flows

  type                     = "ingress"
  security_group_id        = aws_security_group.role[each.value.to].id
  source_security_group_id = aws_security_group.role[each.value.from].id
  protocol                 = "tcp"
  from_port                = each.value.first
  to_port                  = each.value.last
}

resource "aws_security_group_rule" "outbound" {
  for_each = local.flows

  type                     = "egress"
  security_group_id        = aws_security_group.role[each.value.from].id
  source_security_group_id = aws_security_group.role[each.value.to].id
  protocol                 = "tcp"
  from_port                = each.value.first
  to_port                  = each.value.last
}

resource "aws_lb" "staging" {
  name               = "staging"
  load_balancer_type = "application"
  security_groups    = [aws_security_group.role["alb"].id]
}

resource "aws_instance" "backend" {
  count = 3

  ami                    = "ami-0123456789abcdef0"
  instance_type          = "t3.large"
  vpc_security_group_ids = [aws_security_group.role["backend"].id]

  tags = { Name = "staging-backend-${count.index + 1}" }
}

resource "aws_docdb_cluster" "staging" {
  cluster_identifier     = "staging-docdb"
  vpc_security_group_ids = [aws_security_group.role["docdb"].id]
}

resource "aws_elasticache_replication_group" "staging" {
  replication_group_id = "staging-redis"
  description          = "Sessions and caches"
  security_group_ids   = [aws_security_group.role["redis"].id]
}
