locals {
  entry_points = {
    api = { dns_name = aws_lb.api.dns_name, zone_id = aws_lb.api.zone_id }
    ws  = { dns_name = aws_lb.ws.dns_name, zone_id = aws_lb.ws.zone_id }
  }
}

resource "aws_route53_zone" "this" {
  name = var.domain_name
}

# The validation CNAMEs never change and were entered once when the zone was delegated.
resource "aws_acm_certificate" "this" {
  for_each = toset(["api", "ws"])

  domain_name       = "${each.key}.${var.domain_name}"
  validation_method = "DNS"

  lifecycle {
    create_before_destroy = true
  }
}

# Alias answers live for 60 seconds, short enough for a switch to the other region.
resource "aws_route53_record" "entry" {
  for_each = local.entry_points

  zone_id = aws_route53_zone.this.zone_id
  name    = "${each.key}.${var.domain_name}"
  type    = "A"

  alias {
    name                   = each.value.dns_name
    zone_id                = each.value.zone_id
    evaluate_target_health = true
  }
}

resource "aws_sesv2_email_identity" "this" {
  email_identity = var.domain_name
}
