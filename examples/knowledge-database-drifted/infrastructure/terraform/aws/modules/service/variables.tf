variable "region" {
  type = string
}

variable "service" {
  type = object({
    image_tag    = string
    port         = number
    cpu          = number
    memory       = number
    min_capacity = number
    max_capacity = number
  })
}

variable "subnet_ids" {
  type = list(string)
}

variable "security_group_id" {
  type = string
}

variable "target_group_arn" {
  type = string
}

variable "environment" {
  description = "Plain variables of the container."
  type        = map(string)
}

variable "secrets" {
  description = "Secret variables of the container: ARNs, with a key where one is meant."
  type        = map(string)
}

variable "uploads_bucket_arn" {
  type = string
}

variable "search_domain_arn" {
  type = string
}
