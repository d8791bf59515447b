variable "vpc_id" {
  type = string
}

variable "public_subnet_ids" {
  type = list(string)
}

variable "alb_security_group_id" {
  type = string
}

variable "nlb_security_group_id" {
  type = string
}

variable "domain_name" {
  description = "Name of the public hosted zone."
  type        = string
}

variable "access_log_bucket" {
  description = "Bucket that receives the access logs of both load balancers."
  type        = string
}

variable "tls_policy" {
  description = "TLS policy of the public listeners: version 1.2 and newer."
  type        = string
  default     = "ELBSecurityPolicy-2016-08"
}

variable "deletion_protection" {
  type    = bool
  default = true
}
