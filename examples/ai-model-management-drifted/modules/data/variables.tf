variable "subnet_ids" {
  type = list(string)
}

variable "docdb" {
  type = object({
    engine_version   = string
    instance_class   = string
    instances        = number
    backup_retention = number
  })
}

variable "docdb_group_id" {
  type = string
}

variable "redis" {
  type = object({
    engine_version = string
    node_type      = string
    nodes          = number
  })
}

variable "redis_group_id" {
  type = string
}

variable "redis_token" {
  type      = string
  sensitive = true
}

variable "files_bucket_name" {
  type = string
}
