variable "aws_region" {
  type = string
}

variable "account_id" {
  type = string
}

variable "package_bucket" {
  type = string
}

variable "package_version" {
  type = string
}

variable "cluster_name" {
  type = string
}

variable "service_names" {
  description = "Services that need a new deployment after a secret was rotated."
  type        = list(string)
}

variable "secret_ids" {
  type = map(string)
}

variable "secret_arns" {
  type = map(string)
}

variable "rotation_days" {
  description = "Longest age of a secret value, by secret."
  type        = map(number)
}

variable "vpc" {
  description = "Network of the function that changes the password inside PostgreSQL."
  type = object({
    subnet_ids         = list(string)
    security_group_ids = list(string)
  })
}

variable "daily_budget_usd" {
  type = number
}

variable "log_retention_days" {
  type = number
}
