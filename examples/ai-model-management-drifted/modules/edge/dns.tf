locals {
  names = ["staging.ai-model-mgmt.com", "api-staging.ai-model-mgmt.com"]
}

data "aws_route53_zone" "this" {
  name = "ai-model-mgmt.com"
}

resource "aws_acm_certificate" "this" {
  domain_name               = "staging.ai-model-mgmt.com"
  subject_alternative_names = ["api-staging.ai-model-mgmt.com"]
  validation_method         = "DNS"

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_route53_record" "validation" {
  for_each = { for option in aws_acm_certificate.this.domain_validation_options : option.domain_name => option }

  zone_id = data.aws_route53_zone.this.zone_id
  name    = each.value.resource_record_name
  type    = each.value.resource_record_type
  records = [each.value.resource_record_value]
  ttl     = 300
}

resource "aws_acm_certificate_validation" "this" {
  certificate_arn         = aws_acm_certificate.this.arn
  validation_record_fqdns = [for record in aws_route53_record.validation : record.fqdn]
}

resource "aws_route53_record" "alias" {
  for_each = toset(local.names)

  zone_id = data.aws_route53_zone.this.zone_id
  name    = each.key
  type    = "A"

  alias {
    name                   = aws_lb.this.dns_name
    zone_id                = aws_lb.this.zone_id
    evaluate_target_health = true
  }
}

resource "aws_route53_record" "caa" {
  zone_id = data.aws_route53_zone.this.zone_id
  name    = "staging.ai-model-mgmt.com"
  type    = "CAA"
  ttl     = 3600
  records = ["0 issue \"amazon.com\""]
}
