variable "name" {
  description = "Short name: family, service, log group and stream prefix follow from it."
  type        = string
}

variable "aws_region" {
  type = string
}

variable "cluster" {
  type = object({
    name = string
    arn  = string
  })
}

variable "container" {
  description = "The one container of the task."
  type = object({
    name        = string
    image       = string
    port        = number
    cpu         = number
    memory      = number
    environment = map(string)
    secrets     = map(string)
    health_check = optional(object({
      path         = optional(string, "/health")
      interval     = optional(number, 30)
      timeout      = optional(number, 5)
      retries      = optional(number, 3)
      start_period = optional(number, 60)
    }), {})
  })
}

variable "execution_role_arn" {
  type = string
}

variable "task_role_arn" {
  type = string
}

variable "subnet_ids" {
  type = list(string)
}

variable "security_group_ids" {
  type = list(string)
}

variable "target_group_arn" {
  type = string
}

variable "scaling" {
  type = object({
    desired_count    = number
    min_capacity     = number
    max_capacity     = number
    cpu_target       = optional(number, 70)
    step_on_errors   = optional(bool, false)
    scale_in_seconds = optional(number, 300)
    schedule = optional(map(object({
      cron         = string
      min_capacity = number
      max_capacity = number
    })), {})
    timezone = optional(string, "Asia/Seoul")
  })
}

variable "log_retention_days" {
  type = number
}
