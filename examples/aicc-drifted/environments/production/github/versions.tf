# A state of its own: the token for GitHub is not given to the pipeline that manages AWS.
terraform {
  required_version = ">= 1.5"

  required_providers {
    github = {
      source  = "integrations/github"
      version = "~> 6.6"
    }
  }

  backend "s3" {
    bucket         = "aicc-terraform-state-prod"
    key            = "aicc/production/github.tfstate"
    region         = "ap-northeast-2"
    encrypt        = true
    dynamodb_table = "aicc-terraform-locks"
  }
}

# The token comes from GITHUB_TOKEN.
