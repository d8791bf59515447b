locals {
  groups = {
    alb    = "Load balancer"
    ecs    = "Tasks of the service"
    rds    = "PostgreSQL"
    redis  = "Redis"
    search = "OpenSearch"
  }

  # Who may call whom; each flow opens both ends.
  flows = {
    alb_to_ecs    = { from = "alb", to = "ecs", port = var.app_port }
    ecs_to_rds    = { from = "ecs", to = "rds", port = 5432 }
    alb_to_rds    = { from = "alb", to = "rds", port = 5432 }
    ecs_to_redis  = { from = "ecs", to = "redis", port = 6379 }
    ecs_to_search = { from = "ecs", to = "search", port = 443 }
  }
}

resource "aws_security_group" "this" {
  for_each = local.groups

  name        = "${var.name}-${each.key}"
  description = each.value
  vpc_id      = var.vpc_id

  tags = { Name = "${var.name}-${each.key}" }

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_vpc_security_group_ingress_rule" "public" {
  for_each = toset(["443", "80"])

  security_group_id = aws_security_group.this["alb"].id
  description       = each.key == "443" ? "HTTPS" : "HTTP, redirected"
  ip_protocol       = "tcp"
  from_port         = tonumber(each.key)
  to_port           = tonumber(each.key)
  cidr_ipv4         = "0.0.0.0/0"
}

resource "aws_vpc_security_group_ingress_rule" "internal" {
  for_each = local.flows

  security_group_id            = aws_security_group.this[each.value.to].id
  referenced_security_group_id = aws_security_group.this[each.value.from].id
  description                  = "From ${local.groups[each.value.from]}"
  ip_protocol                  = "tcp"
  from_port                    = each.value.port
  to_port                      = each.value.port
}

resource "aws_vpc_security_group_egress_rule" "internal" {
  for_each = local.flows

  security_group_id            = aws_security_group.this[each.value.from].id
  referenced_security_group_id = aws_security_group.this[each.value.to].id
  description                  = "To ${local.groups[each.value.to]}"
  ip_protocol                  = "tcp"
  from_port                    = each.value.port
  to_port                      = each.value.port
}

resource "aws_vpc_security_group_egress_rule" "https" {
  security_group_id = aws_security_group.this["ecs"].id
  description       = "AWS services and external interfaces"
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
  cidr_ipv4         = "0.0.0.0/0"
}
