variable "name" {
  type = string
}

variable "region" {
  type = string
}

variable "account_id" {
  type = string
}

variable "task_definitions" {
  description = "The decoded task definitions of the API and the AI service."
  type        = any
}

variable "scaling" {
  type = map(object({
    desired = number
    min     = number
    max     = number
  }))
}

variable "ports" {
  type = object({
    api = number
    ai  = number
  })
}

variable "subnet_ids" {
  type = list(string)
}

variable "security_group_ids" {
  type = map(string)
}

variable "target_groups" {
  type = map(object({
    arn  = string
    name = string
  }))
}

variable "listener_arn" {
  type = string
}

variable "rollback_alarms" {
  type = list(string)
}

variable "log_retention_days" {
  type = number
}
