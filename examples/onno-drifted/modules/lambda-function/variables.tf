variable "name" {
  type = string
}

variable "description" {
  type    = string
  default = ""
}

variable "package" {
  description = "Deployment package that the build pipeline uploads."
  type = object({
    bucket = string
    key    = string
  })
}

variable "handler" {
  type    = string
  default = "index.lambda_handler"
}

variable "timeout" {
  type    = number
  default = 60
}

variable "memory_size" {
  type    = number
  default = 256
}

variable "reserved_concurrency" {
  description = "Upper bound of parallel executions; null leaves the function unbounded."
  type        = number
  default     = null
}

variable "environment" {
  type    = map(string)
  default = {}
}

variable "vpc" {
  description = "Network of the function; null keeps it outside the VPC."
  type = object({
    subnet_ids         = list(string)
    security_group_ids = list(string)
  })
  default = null
}

variable "managed_policy_arns" {
  description = "Policies to attach, by a label."
  type        = map(string)
  default     = {}
}

variable "inline_policies" {
  description = "Policy documents in JSON, by name."
  type        = map(string)
  default     = {}
}

variable "log_retention_days" {
  type = number
}
