locals {
  buckets = {
    # Meeting recordings. GLACIER_IR keeps an archived recording readable at once.
    audio = {
      name = "onno-audio-files-${var.name_suffix}"
      public_access = {
        block_public_acls       = true
        block_public_policy     = true
        ignore_public_acls      = true
        restrict_public_buckets = true
      }
      lifecycle_rules = {
        archive        = { archive_days = 30 }
        purge-versions = { purge_after_days = 30, abort_upload_days = 7 }
      }
    }

    # Files that users attach, kept until the user removes them.
    uploads = {
      name = "onno-user-uploads-${var.name_suffix}"
      public_access = {
        block_public_acls       = true
        block_public_policy     = true
        ignore_public_acls      = true
        restrict_public_buckets = false
      }
      lifecycle_rules = {
        archive        = { archive_days = 365, archive_class = "GLACIER" }
        purge-versions = { purge_after_days = 90, abort_upload_days = 7 }
      }
    }

    # Database dumps and log archives.
    backups = {
      name         = "onno-backups-${var.name_suffix}"
      log_delivery = true
      public_access = {
        block_public_acls       = true
        block_public_policy     = true
        ignore_public_acls      = true
        restrict_public_buckets = true
      }
      lifecycle_rules = {
        archive        = { archive_days = 90, archive_class = "GLACIER" }
        delete         = { expire_days = 365 }
        purge-versions = { purge_after_days = 30 }
      }
    }
  }
}

module "storage" {
  source = "../storage"

  providers = {
    aws    = aws
    aws.dr = aws.dr
  }

  account_id = var.account_id
  buckets    = local.buckets
}
