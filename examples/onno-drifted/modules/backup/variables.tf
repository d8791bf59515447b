variable "database_arn" {
  type = string
}

variable "weekly_schedule" {
  description = "When the extra snapshot is taken, in UTC."
  type        = string
  default     = "cron(0 5 ? * SUN *)"
}

variable "retention_days" {
  type    = number
  default = 30
}
