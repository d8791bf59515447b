resource "aws_lb" "this" {
  name               = "staging"
  load_balancer_type = "application"
  internal           = false
  subnets            = var.subnet_ids
  security_groups    = [var.group_id]
}

# Two sets of backends; a release goes to the one that is idle, then the weights change.
resource "aws_lb_target_group" "backend" {
  for_each = toset(["blue", "green"])

  name     = "staging-backend-${each.key}"
  port     = 8000
  protocol = "HTTPS"
  vpc_id   = var.vpc_id

  health_check {
    path                = "/health"
    protocol            = "HTTPS"
    matcher             = "200"
    interval            = var.health_check.interval
    timeout             = 10
    healthy_threshold   = 2
    unhealthy_threshold = var.health_check.unhealthy_threshold
  }
}

resource "aws_lb_target_group" "frontend" {
  name        = "staging-frontend"
  port        = 80
  protocol    = "HTTP"
  target_type = "ip"
  vpc_id      = var.vpc_id

  health_check {
    path     = "/"
    interval = 30
  }
}

resource "aws_lb_target_group_attachment" "backend" {
  for_each = var.servers

  target_group_arn = aws_lb_target_group.backend["blue"].arn
  target_id        = each.value
  port             = 7999 + tonumber(element(split("-", each.key), 2))
}

resource "aws_lb_listener" "https" {
  load_balancer_arn = aws_lb.this.arn
  port              = 443
  protocol          = "HTTPS"
  ssl_policy        = "ELBSecurityPolicy-2016-08"
  certificate_arn   = aws_acm_certificate_validation.this.certificate_arn

  default_action {
    type = "fixed-response"

    fixed_response {
      content_type = "text/plain"
      status_code  = "404"
    }
  }
}

resource "aws_lb_listener_rule" "site" {
  listener_arn = aws_lb_listener.https.arn
  priority     = 10

  condition {
    host_header {
      values = ["staging.ai-model-mgmt.com"]
    }
  }

  action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.frontend.arn
  }
}

resource "aws_lb_listener_rule" "api" {
  listener_arn = aws_lb_listener.https.arn
  priority     = 20

  condition {
    host_header {
      values = ["api-staging.ai-model-mgmt.com"]
    }
  }

  action {
    type = "forward"

    forward {
      target_group {
        arn    = aws_lb_target_group.backend["blue"].arn
        weight = var.active_color == "blue" ? 100 : 0
      }

      target_group {
        arn    = aws_lb_target_group.backend["green"].arn
        weight = var.active_color == "green" ? 100 : 0
      }
    }
  }
}

resource "aws_lb_listener" "http" {
  load_balancer_arn = aws_lb.this.arn
  port              = 80
  protocol          = "HTTP"

  default_action {
    type = "redirect"

    redirect {
      protocol    = "HTTPS"
      port        = "443"
      status_code = "HTTP_301"
    }
  }
}
