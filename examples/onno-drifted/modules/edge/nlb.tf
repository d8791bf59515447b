# The group has to be there at creation: a network load balancer made without one can never get one.
resource "aws_lb" "ws" {
  name                             = "onno-nlb"
  load_balancer_type               = "network"
  internal                         = false
  subnets                          = var.public_subnet_ids
  security_groups                  = [var.nlb_security_group_id]
  enable_cross_zone_load_balancing = true
  enable_deletion_protection       = var.deletion_protection

  access_logs {
    bucket  = var.access_log_bucket
    prefix  = "nlb"
    enabled = true
  }
}

resource "aws_lb_target_group" "ws" {
  name                 = "onno-ws"
  vpc_id               = var.vpc_id
  target_type          = "ip"
  protocol             = "TCP"
  port                 = 3001
  deregistration_delay = 120

  stickiness {
    enabled = true
    type    = "source_ip"
  }

  health_check {
    enabled             = true
    protocol            = "TCP"
    port                = "traffic-port"
    interval            = 30
    healthy_threshold   = 2
    unhealthy_threshold = 2
  }
}

# TLS ends here; the container speaks plain WebSocket on 3001.
resource "aws_lb_listener" "wss" {
  load_balancer_arn = aws_lb.ws.arn
  port              = 443
  protocol          = "TLS"
  ssl_policy        = var.tls_policy
  certificate_arn   = aws_acm_certificate.this["ws"].arn

  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.ws.arn
  }
}
