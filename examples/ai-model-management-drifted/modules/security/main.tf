locals {
  groups = {
    alb        = "Load balancer"
    frontend   = "Frontend containers"
    backend    = "Backend containers"
    docdb      = "DocumentDB"
    redis      = "Redis"
    monitoring = "Prometheus, Alertmanager and Grafana"
  }

  # Who may reach whom: port or first and last port.
  flows = {
    alb-frontend       = { to = "frontend", from = "alb", ports = [80, 80] }
    alb-frontend-tls   = { to = "frontend", from = "alb", ports = [443, 443] }
    alb-backend        = { to = "backend", from = "alb", ports = [8000, 8002] }
    frontend-backend   = { to = "backend", from = "frontend", ports = [8000, 8000] }
    backend-docdb      = { to = "docdb", from = "backend", ports = [27017, 27017] }
    backend-redis      = { to = "redis", from = "backend", ports = [6379, 6379] }
    frontend-docdb     = { to = "docdb", from = "frontend", ports = [27017, 27017] }
    scraping           = { to = "backend", from = "monitoring", ports = [8000, 8002] }
    node-exporter      = { to = "backend", from = "monitoring", ports = [9100, 9100] }
    grafana-prometheus = { to = "monitoring", from = "monitoring", ports = [9090, 9090] }
    grafana            = { to = "monitoring", from = "monitoring", ports = [3000, 3000] }
    alertmanager       = { to = "monitoring", from = "monitoring", ports = [9093, 9093] }
  }

  operators = { for pair in setproduct(var.operator_cidrs, [3000, 9090]) : "${pair[0]}-${pair[1]}" => pair }
}

resource "aws_security_group" "this" {
  for_each = local.groups

  name        = "staging-${each.key}"
  description = each.value
  vpc_id      = var.vpc_id

  tags = { Name = "sg-staging-${each.key}" }
}

resource "aws_vpc_security_group_ingress_rule" "public" {
  for_each = toset(["80", "443"])

  security_group_id = aws_security_group.this["alb"].id
  description       = "Clients"
  ip_protocol       = "tcp"
  from_port         = tonumber(each.key)
  to_port           = tonumber(each.key)
  cidr_ipv4         = "0.0.0.0/0"
}

resource "aws_vpc_security_group_ingress_rule" "flows" {
  for_each = local.flows

  security_group_id            = aws_security_group.this[each.value.to].id
  referenced_security_group_id = aws_security_group.this[each.value.from].id
  description                  = each.key
  ip_protocol                  = "tcp"
  from_port                    = each.value.ports[0]
  to_port                      = each.value.ports[1]
}

resource "aws_vpc_security_group_ingress_rule" "operators" {
  for_each = local.operators

  security_group_id = aws_security_group.this["monitoring"].id
  description       = "Operators"
  ip_protocol       = "tcp"
  from_port         = each.value[1]
  to_port           = each.value[1]
  cidr_ipv4         = each.value[0]
}

resource "aws_vpc_security_group_egress_rule" "all" {
  for_each = local.groups

  security_group_id = aws_security_group.this[each.key].id
  ip_protocol       = "-1"
  cidr_ipv4         = "0.0.0.0/0"
}
