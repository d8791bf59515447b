variable "stage" {
  description = "Short name of the environment in resource names."
  type        = string
}

variable "region" {
  type = string
}

variable "account_id" {
  type = string

  validation {
    condition     = can(regex("^[0-9]{12}$", var.account_id))
    error_message = "An account id has twelve digits."
  }
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

variable "zone_name" {
  type = string
}

variable "service_domain" {
  type = string
}

variable "ports" {
  type = object({
    api = number
    ai  = number
  })
}

variable "scaling" {
  type = map(object({
    desired = number
    min     = number
    max     = number
  }))
}

variable "log_retention_days" {
  type = number
}

variable "database" {
  type = object({
    name                 = string
    engine_version       = string
    instances            = map(object({ class = string, zone = string }))
    backup_days          = number
    backup_window        = string
    backtrack_hours      = number
    performance_insights = optional(bool, true)
    deletion_protection  = optional(bool, true)
  })
}

variable "redis" {
  type = object({
    node_type     = string
    zones         = list(string)
    failover      = bool
    snapshot_days = number
  })
}

variable "queues" {
  type = map(object({
    description = string
    enabled     = optional(bool, true)
  }))
}

variable "outbound_queue" {
  type = string
}

variable "alert_emails" {
  type = list(string)
}

variable "task_definitions" {
  description = "The decoded task definitions of the API and the AI service."
  type        = any
}
