variable "name" {
  type = string
}

variable "region" {
  type = string
}

variable "cluster" {
  type = string
}

variable "service" {
  type = string
}

variable "load_balancer" {
  type = string
}

variable "target_group" {
  type = string
}

variable "database" {
  type = string
}

variable "search_domain" {
  type = string
}

variable "cache" {
  type = string
}

variable "operator_email" {
  type = string
}

variable "monthly_limit_usd" {
  type = number
}
