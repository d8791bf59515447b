variable "aws_region" {
  type = string
}

variable "account_id" {
  type = string
}

variable "prefix" {
  description = "Common prefix of the secret names; the IAM policies grant this prefix."
  type        = string
  default     = "onno"
}

variable "secrets" {
  description = "Secrets by short name. Generated ones get a first value here, the others are filled in by hand."
  type = map(object({
    description = string
    generated   = optional(bool, false)
  }))
}
