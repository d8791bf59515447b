variable "name" {
  type = string
}

variable "subnet_ids" {
  type = list(string)
}

variable "security_groups" {
  description = "Ids of the groups by component."
  type        = map(string)
}

variable "database" {
  type = object({
    engine_version = string
    instance_class = string
    storage_gb     = number
    multi_az       = bool
    backup_days    = number
  })
}

variable "cache" {
  type = object({
    node_type     = string
    nodes         = number
    snapshot_days = number
  })
}

variable "search" {
  type = object({
    engine_version  = string
    instance_type   = string
    instance_count  = number
    storage_gb      = number
    nori_package_id = string
  })
}
