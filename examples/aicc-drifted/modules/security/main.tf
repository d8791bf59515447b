locals {
  groups = {
    alb    = "Entrance from the internet"
    api    = "API tasks"
    ai     = "AI tasks"
    aurora = "Aurora cluster"
    redis  = "Redis replication group"
  }

  # Who may call whom inside the VPC.
  flows = {
    alb-api    = { from = "alb", to = "api", port = var.ports.api }
    api-ai     = { from = "api", to = "ai", port = var.ports.ai }
    api-aurora = { from = "api", to = "aurora", port = 3306 }
    ai-aurora  = { from = "ai", to = "aurora", port = 3306 }
    api-redis  = { from = "api", to = "redis", port = 6379 }
    ai-redis   = { from = "ai", to = "redis", port = 6379 }
  }
}

resource "aws_security_group" "this" {
  for_each = local.groups

  name        = "${var.name}-${each.key}"
  description = each.value
  vpc_id      = var.vpc_id

  tags = { Name = "${var.name}-${each.key}" }
}

resource "aws_vpc_security_group_ingress_rule" "internet" {
  for_each = toset([for port in var.public_ports : tostring(port)])

  security_group_id = aws_security_group.this["alb"].id
  ip_protocol       = "tcp"
  from_port         = tonumber(each.key)
  to_port           = tonumber(each.key)
  cidr_ipv4         = "0.0.0.0/0"
}

resource "aws_vpc_security_group_ingress_rule" "inside" {
  for_each = local.flows

  security_group_id            = aws_security_group.this[each.value.to].id
  ip_protocol                  = "tcp"
  from_port                    = each.value.port
  to_port                      = each.value.port
  referenced_security_group_id = aws_security_group.this[each.value.from].id
}

resource "aws_vpc_security_group_egress_rule" "inside" {
  for_each = local.flows

  security_group_id            = aws_security_group.this[each.value.from].id
  ip_protocol                  = "tcp"
  from_port                    = each.value.port
  to_port                      = each.value.port
  referenced_security_group_id = aws_security_group.this[each.value.to].id
}

# Images, secrets, logs and the contact centre are reached over HTTPS.
resource "aws_vpc_security_group_egress_rule" "https" {
  for_each = toset(["api", "ai"])

  security_group_id = aws_security_group.this[each.key].id
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
  cidr_ipv4         = "0.0.0.0/0"
}
