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
    bucket       = "knowledge-terraform-state"
    key          = "knowledge-database/production/github.tfstate"
    region       = "ap-northeast-2"
    encrypt      = true
    use_lockfile = true
  }
}

# The token comes from GITHUB_TOKEN.
provider "github" {}
