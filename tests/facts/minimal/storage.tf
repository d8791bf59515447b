# Buckets, backups, volumes and file systems.

resource "aws_s3_account_public_access_block" "minimal" {
  account_id = "123456789012"
}

resource "aws_s3_bucket" "minimal" {}

resource "aws_s3_bucket_accelerate_configuration" "minimal" {
  bucket = "minimal"
  status = "Enabled"
}

resource "aws_s3_bucket_cors_configuration" "minimal" {
  bucket = "minimal"
  cors_rule {
    allowed_methods = ["GET"]
    allowed_origins = ["https://example.com"]
  }
}

resource "aws_s3_bucket_intelligent_tiering_configuration" "minimal" {
  bucket = "minimal"
  name   = "minimal"
  tiering {
    access_tier = "ARCHIVE_ACCESS"
    days        = 90
  }
}

resource "aws_s3_bucket_lifecycle_configuration" "minimal" {
  bucket = "minimal"
  rule {
    id     = "minimal"
    status = "Enabled"
    expiration {
      days = 1
    }
    filter {}
  }
}

resource "aws_s3_bucket_logging" "minimal" {
  bucket        = "minimal"
  target_bucket = "minimal"
  target_prefix = "log/"
}

resource "aws_s3_bucket_public_access_block" "minimal" {
  bucket = "minimal"
}

resource "aws_s3_bucket_replication_configuration" "minimal" {
  bucket = "minimal"
  role   = local.arn
  rule {
    status = "Enabled"
    destination {
      bucket = "arn:aws:s3:::minimal-copy"
    }
  }
}

resource "aws_s3_bucket_server_side_encryption_configuration" "minimal" {
  bucket = "minimal"
  rule {
    apply_server_side_encryption_by_default {
      sse_algorithm = "AES256"
    }
  }
}

resource "aws_s3_bucket_versioning" "minimal" {
  bucket = "minimal"
  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_backup_plan" "minimal" {
  name = "minimal"
  rule {
    rule_name         = "minimal"
    target_vault_name = "minimal"
  }
}

resource "aws_backup_selection" "minimal" {
  iam_role_arn = local.arn
  name         = "minimal"
  plan_id      = "minimal"
}

resource "aws_backup_vault" "minimal" {
  name = "minimal"
}

resource "aws_ebs_encryption_by_default" "minimal" {}

resource "aws_ebs_volume" "minimal" {
  availability_zone = "eu-west-1a"
  size              = 1
}

resource "aws_efs_file_system" "minimal" {}
