# One resource of each type with as little written as the provider allows, so that a plan shows the provider's static
# defaults. A second resource named "blocks" writes the optional blocks in which a default matters.

terraform {
  required_version = ">= 1.9"
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 5.100"
    }
  }
}

provider "aws" {
  region                      = "eu-west-1"
  access_key                  = "none"
  secret_key                  = "none"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_region_validation      = true
  skip_requesting_account_id  = true
}

locals {
  arn      = "arn:aws:iam::123456789012:role/minimal"
  kms      = "arn:aws:kms:eu-west-1:123456789012:key/11111111-2222-3333-4444-555555555555"
  topic    = "arn:aws:sns:eu-west-1:123456789012:minimal"
  balancer = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:loadbalancer/app/minimal/0123456789abcdef"
  target   = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/minimal/0123456789abcdef"
  listener = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:listener/app/minimal/0123456789abcdef/0123456789abcdef"
  policy   = jsonencode({ Version = "2012-10-17", Statement = [] })
}
