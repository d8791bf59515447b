variable "name" {
  type = string
}

variable "region" {
  type = string
}

variable "load_balancer_suffix" {
  type = string
}

variable "cluster_name" {
  type = string
}

variable "database_cluster" {
  type = string
}

variable "redis_id" {
  type = string
}

variable "connect_instance_id" {
  type = string
}

variable "alert_emails" {
  type = list(string)
}

variable "rollback_triggers" {
  type = object({
    availability_percent = optional(number, 95)
    response_seconds     = optional(number, 5)
    error_percent        = optional(number, 5)
  })
  default = {}
}
