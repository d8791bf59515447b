variable "aws_region" {
  type = string
}

variable "account_id" {
  type = string
}

variable "object_bucket_names" {
  description = "Buckets whose objects the tasks read, write and delete."
  type        = list(string)
}

variable "mail_domain" {
  description = "Verified SES identity that the tasks send from."
  type        = string
}

variable "metric_namespace" {
  description = "The one CloudWatch namespace that the tasks may write to."
  type        = string
}
