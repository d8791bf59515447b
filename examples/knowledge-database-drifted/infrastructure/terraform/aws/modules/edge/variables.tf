variable "name" {
  type = string
}

variable "domain" {
  type = string
}

variable "zone" {
  type = string
}

variable "vpc_id" {
  type = string
}

variable "subnet_ids" {
  type = list(string)
}

variable "security_group_id" {
  type = string
}

variable "port" {
  type = number
}

variable "rate_limit" {
  description = "Requests of one address in five minutes."
  type        = number
  default     = 2000
}
