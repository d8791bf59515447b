variable "buckets" {
  description = "Buckets by purpose."
  type = map(object({
    name         = string
    versioning   = optional(bool, true)
    log_delivery = optional(bool, false)
    public_access = object({
      block_public_acls       = bool
      block_public_policy     = bool
      ignore_public_acls      = bool
      restrict_public_buckets = bool
    })
    lifecycle_rules = map(object({
      enabled           = optional(bool, true)
      prefix            = optional(string, "")
      archive_days      = optional(number)
      archive_class     = optional(string, "GLACIER_IR")
      expire_days       = optional(number)
      purge_after_days  = optional(number)
      abort_upload_days = optional(number)
    }))
  }))
}

variable "account_id" {
  type = string
}

variable "replicated_bucket" {
  description = "Key of the bucket that is copied to the recovery region."
  type        = string
  default     = "audio"
}
