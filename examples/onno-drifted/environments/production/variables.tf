variable "environment" {
  description = "Environment name, as in the Environment tag."
  type        = string
}

variable "name_suffix" {
  description = "Suffix of names that are unique beyond one account."
  type        = string
}

variable "aws_region" {
  description = "Region of the environment. Another value builds the stack there."
  type        = string
}

variable "dr_region" {
  description = "Region of the disaster-recovery copies."
  type        = string
}

variable "account_id" {
  description = "The AWS account of this environment; no other account is touched."
  type        = string

  validation {
    condition     = can(regex("^[0-9]{12}$", var.account_id))
    error_message = "An account id has twelve digits."
  }
}

variable "domain_name" {
  type = string
}

variable "vpc_cidr" {
  type = string
}

variable "subnets" {
  type = map(object({
    cidr = string
    zone = string
    tier = string
  }))
}

variable "single_nat_gateway" {
  type    = bool
  default = true
}

variable "office_cidrs" {
  description = "Office networks that may reach the bastion."
  type        = list(string)
}

variable "database" {
  type = object({
    identifier            = string
    engine_version        = string
    instance_class        = string
    multi_az              = bool
    allocated_storage     = number
    max_allocated_storage = number
    backup_retention_days = number
    max_connections       = number
    monitoring_interval   = optional(number, 60)
    deletion_protection   = optional(bool, true)
  })
}

variable "redis" {
  type = object({
    node_type               = string
    nodes                   = number
    zones                   = list(string)
    automatic_failover      = bool
    snapshot_retention_days = number
    dns_suffix              = string
  })
}

variable "services" {
  type = map(object({
    release       = string
    git_sha       = string
    cpu           = number
    memory        = number
    desired_count = number
    min_capacity  = number
    max_capacity  = number
    schedule = optional(map(object({
      cron         = string
      min_capacity = number
      max_capacity = number
    })), {})
  }))
}

variable "post_meeting_processor" {
  type = object({
    timeout              = optional(number, 180)
    memory_size          = optional(number, 1024)
    reserved_concurrency = number
    package_version      = string
  })
}

variable "package_bucket" {
  type = string
}

variable "log_retention_days" {
  type = object({
    services  = number
    functions = number
    database  = number
  })
}

variable "secret_rotation_days" {
  type = map(number)
}

variable "alert_subscribers" {
  type = map(map(object({
    protocol = string
    endpoint = string
  })))
}

variable "sentry_dsn" {
  type = string
}

variable "websocket_baseline" {
  type = number
}

variable "budget" {
  type = object({
    monthly_usd = number
    daily_usd   = number
    emails      = list(string)
  })
}
