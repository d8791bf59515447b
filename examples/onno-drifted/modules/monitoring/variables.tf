variable "aws_region" {
  type = string
}

variable "critical_topic_arn" {
  type = string
}

variable "warning_topic_arn" {
  type = string
}

variable "alb_arn_suffix" {
  type = string
}

variable "cluster_name" {
  type = string
}

variable "service_names" {
  description = "ECS services by short name."
  type        = map(string)
}

variable "log_group_names" {
  description = "Log groups of the services by short name."
  type        = map(string)
}

variable "database_identifier" {
  type = string
}

variable "error_scaling_policy_arns" {
  description = "Scaling policies that the error-rate alarm starts."
  type        = list(string)
  default     = []
}

variable "application_namespace" {
  description = "Namespace of the metrics that the application publishes."
  type        = string
}

variable "websocket_baseline" {
  description = "Number of WebSocket connections that counts as normal."
  type        = number
}

variable "budget" {
  type = object({
    monthly_usd = number
    emails      = list(string)
  })
}
