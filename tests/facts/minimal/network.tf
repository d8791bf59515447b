# Networks, load balancers and names.

resource "aws_vpc" "minimal" {
  cidr_block = "10.0.0.0/16"
}

resource "aws_subnet" "minimal" {
  vpc_id     = "vpc-1"
  cidr_block = "10.0.0.0/24"
}

resource "aws_internet_gateway" "minimal" {}

resource "aws_nat_gateway" "minimal" {
  subnet_id = "subnet-1"
}

resource "aws_eip" "minimal" {}

resource "aws_route_table" "minimal" {
  vpc_id = "vpc-1"
}

resource "aws_route" "minimal" {
  route_table_id         = "rtb-1"
  destination_cidr_block = "0.0.0.0/0"
  gateway_id             = "igw-1"
}

resource "aws_security_group" "minimal" {}

resource "aws_security_group" "blocks" {
  name = "minimal-blocks"
  ingress {
    from_port   = 443
    to_port     = 443
    protocol    = "tcp"
    cidr_blocks = ["10.0.0.0/8"]
  }
}

resource "aws_security_group_rule" "minimal" {
  type              = "ingress"
  from_port         = 443
  to_port           = 443
  protocol          = "tcp"
  cidr_blocks       = ["10.0.0.0/8"]
  security_group_id = "sg-1"
}

resource "aws_vpc_security_group_ingress_rule" "minimal" {
  security_group_id = "sg-1"
  ip_protocol       = "-1"
  cidr_ipv4         = "10.0.0.0/8"
}

resource "aws_network_acl" "minimal" {
  vpc_id = "vpc-1"
}

resource "aws_network_acl_rule" "minimal" {
  network_acl_id = "acl-1"
  rule_number    = 100
  protocol       = "tcp"
  rule_action    = "allow"
  cidr_block     = "10.0.0.0/8"
  from_port      = 443
  to_port        = 443
}

resource "aws_flow_log" "minimal" {
  vpc_id          = "vpc-1"
  traffic_type    = "ALL"
  log_destination = "arn:aws:logs:eu-west-1:123456789012:log-group:minimal"
  iam_role_arn    = local.arn
}

resource "aws_vpc_endpoint" "minimal" {
  vpc_id       = "vpc-1"
  service_name = "com.amazonaws.eu-west-1.s3"
}

resource "aws_vpc_peering_connection" "minimal" {
  vpc_id      = "vpc-1"
  peer_vpc_id = "vpc-2"
}

resource "aws_lb" "minimal" {
  subnets = ["subnet-1", "subnet-2"]
}

resource "aws_lb" "blocks" {
  subnets = ["subnet-1", "subnet-2"]
  access_logs {
    bucket = "minimal"
  }
  connection_logs {
    bucket = "minimal"
  }
}

resource "aws_lb_listener" "minimal" {
  load_balancer_arn = local.balancer
  default_action {
    type             = "forward"
    target_group_arn = local.target
  }
}

resource "aws_lb_listener" "blocks" {
  load_balancer_arn = local.balancer
  port              = 80
  default_action {
    type = "redirect"
    redirect {
      status_code = "HTTP_301"
    }
  }
}

resource "aws_lb_listener_rule" "minimal" {
  listener_arn = local.listener
  action {
    type             = "forward"
    target_group_arn = local.target
  }
  condition {
    path_pattern {
      values = ["/"]
    }
  }
}

resource "aws_lb_target_group" "minimal" {
  port     = 80
  protocol = "HTTP"
  vpc_id   = "vpc-1"
}

resource "aws_lb_target_group" "blocks" {
  port     = 80
  protocol = "HTTP"
  vpc_id   = "vpc-1"
  health_check {}
  stickiness {
    type = "lb_cookie"
  }
}

resource "aws_lb_target_group_attachment" "minimal" {
  target_group_arn = local.target
  target_id        = "i-1"
}

resource "aws_route53_zone" "minimal" {
  name = "example.com"
}

resource "aws_route53_record" "minimal" {
  zone_id = "Z1"
  name    = "www.example.com"
  type    = "A"
  ttl     = 300
  records = ["10.0.0.1"]
}

resource "aws_route53_health_check" "minimal" {
  type = "HTTPS"
  fqdn = "example.com"
}

resource "aws_acm_certificate" "minimal" {
  domain_name       = "example.com"
  validation_method = "DNS"
}

resource "aws_wafv2_web_acl" "minimal" {
  name  = "minimal"
  scope = "REGIONAL"
  default_action {
    allow {}
  }
  visibility_config {
    cloudwatch_metrics_enabled = true
    metric_name                = "minimal"
    sampled_requests_enabled   = true
  }
  rule {
    name     = "rate"
    priority = 1
    action {
      block {}
    }
    statement {
      rate_based_statement {
        limit = 1000
      }
    }
    visibility_config {
      cloudwatch_metrics_enabled = true
      metric_name                = "rate"
      sampled_requests_enabled   = true
    }
  }
}

resource "aws_cloudfront_distribution" "minimal" {
  enabled = true
  origin {
    domain_name = "minimal.example.com"
    origin_id   = "minimal"
    custom_origin_config {
      http_port              = 80
      https_port             = 443
      origin_protocol_policy = "https-only"
      origin_ssl_protocols   = ["TLSv1.2"]
    }
  }
  default_cache_behavior {
    allowed_methods        = ["GET", "HEAD"]
    cached_methods         = ["GET", "HEAD"]
    target_origin_id       = "minimal"
    viewer_protocol_policy = "https-only"
  }
  restrictions {
    geo_restriction {
      restriction_type = "none"
    }
  }
  viewer_certificate {}
}

resource "aws_apigatewayv2_api" "minimal" {
  name          = "minimal"
  protocol_type = "HTTP"
}

resource "aws_api_gateway_stage" "minimal" {
  deployment_id = "minimal"
  rest_api_id   = "minimal"
  stage_name    = "minimal"
}
