locals {
  internet_ingress = {
    alb_https = { group = "alb", port = 443, description = "HTTPS from anywhere" }
    alb_http  = { group = "alb", port = 80, description = "HTTP, answered with a redirect" }
    nlb_wss   = { group = "nlb", port = 443, description = "WSS from anywhere" }
  }

  # Each flow becomes an egress rule on one side and an ingress rule on the other.
  internal_flows = {
    alb_to_api      = { from = "alb", to = "ecs_api", port = 3000 }
    nlb_to_ws       = { from = "nlb", to = "ecs_ws", port = 3001 }
    api_to_rds      = { from = "ecs_api", to = "rds", port = 5432 }
    ws_to_rds       = { from = "ecs_ws", to = "rds", port = 5432 }
    lambda_to_rds   = { from = "lambda", to = "rds", port = 5432 }
    bastion_to_rds  = { from = "bastion", to = "rds", port = 5432 }
    api_to_redis    = { from = "ecs_api", to = "redis", port = 6379 }
    ws_to_redis     = { from = "ecs_ws", to = "redis", port = 6379 }
    lambda_to_redis = { from = "lambda", to = "redis", port = 6379 }
  }

  # OpenAI, Pinecone and the AWS APIs.
  https_clients = ["ecs_api", "ecs_ws", "lambda"]
}

resource "aws_vpc_security_group_ingress_rule" "internet" {
  for_each = local.internet_ingress

  security_group_id = aws_security_group.this[each.value.group].id
  description       = each.value.description
  ip_protocol       = "tcp"
  from_port         = each.value.port
  to_port           = each.value.port
  cidr_ipv4         = "0.0.0.0/0"
}

resource "aws_vpc_security_group_ingress_rule" "office_ssh" {
  for_each = toset(var.office_cidrs)

  security_group_id = aws_security_group.this["bastion"].id
  description       = "SSH from an office network"
  ip_protocol       = "tcp"
  from_port         = 22
  to_port           = 22
  cidr_ipv4         = each.value
}

resource "aws_vpc_security_group_ingress_rule" "internal" {
  for_each = local.internal_flows

  security_group_id            = aws_security_group.this[each.value.to].id
  referenced_security_group_id = aws_security_group.this[each.value.from].id
  description                  = "From ${local.security_groups[each.value.from].label}"
  ip_protocol                  = "tcp"
  from_port                    = each.value.port
  to_port                      = each.value.port
}

resource "aws_vpc_security_group_egress_rule" "internal" {
  for_each = local.internal_flows

  security_group_id            = aws_security_group.this[each.value.from].id
  referenced_security_group_id = aws_security_group.this[each.value.to].id
  description                  = "To ${local.security_groups[each.value.to].label}"
  ip_protocol                  = "tcp"
  from_port                    = each.value.port
  to_port                      = each.value.port
}

resource "aws_vpc_security_group_egress_rule" "https" {
  for_each = toset(local.https_clients)

  security_group_id = aws_security_group.this[each.key].id
  description       = "HTTPS to external services"
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
  cidr_ipv4         = "0.0.0.0/0"
}
