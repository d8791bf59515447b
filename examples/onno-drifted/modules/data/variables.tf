variable "data_subnet_ids" {
  type = list(string)
}

variable "rds_security_group_id" {
  type = string
}

variable "redis_security_group_id" {
  type = string
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
    backup_window         = optional(string, "03:00-04:00")
    maintenance_window    = optional(string, "mon:04:00-mon:05:00")
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
    engine_version          = optional(string, "7.0")
    snapshot_window         = optional(string, "03:00-05:00")
    maintenance_window      = optional(string, "mon:05:00-mon:06:00")
  })
}

variable "redis_auth_token" {
  type      = string
  sensitive = true
}

variable "redis_alert_topic_arn" {
  type = string
}

variable "log_retention_days" {
  type = number
}
