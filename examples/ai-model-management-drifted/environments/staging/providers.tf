provider "aws" {
  region              = var.aws_region
  allowed_account_ids = [var.account_id]

  default_tags {
    tags = {
      Project     = "ai-model-management"
      Environment = "staging"
      ManagedBy   = "terraform"
    }
  }
}
