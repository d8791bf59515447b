# A state of its own: the token for Cloudflare is not given to the pipeline that manages AWS.
terraform {
  required_version = ">= 1.5"

  required_providers {
    cloudflare = {
      source  = "cloudflare/cloudflare"
      version = "~> 4.52"
    }
  }

  backend "s3" {
    bucket         = "onno-terraform-state-prod"
    key            = "onno/production/cloudflare.tfstate"
    region         = "ap-northeast-2"
    encrypt        = true
    dynamodb_table = "onno-terraform-locks"
  }
}

# The token comes from CLOUDFLARE_API_TOKEN.
provider "cloudflare" {}
