variable "name" {
  type = string
}

variable "subnet_ids" {
  type = list(string)
}

variable "security_group_ids" {
  type = map(string)
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
