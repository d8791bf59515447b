variable "account_id" {
  description = "AWS account of staging."
  type        = string
}

variable "aws_region" {
  description = "Region of everything."
  type        = string
  default     = "ap-northeast-2"
}

variable "vpc_cidr" {
  description = "Address range of the VPC."
  type        = string
}

variable "subnets" {
  description = "Subnets by name: tier, zone and address range."
  type = map(object({
    tier = string
    zone = string
    cidr = string
  }))
}

variable "operator_cidrs" {
  description = "Networks from which operators open Prometheus and Grafana."
  type        = list(string)
}

variable "backend" {
  description = "Backend servers: their type, and by name the subnet of each."
  type = object({
    instance_type = string
    servers       = map(string)
  })
}

variable "docdb" {
  description = "DocumentDB cluster."
  type = object({
    engine_version   = string
    instance_class   = string
    instances        = number
    backup_retention = number
  })
}

variable "redis" {
  description = "Redis replication group."
  type = object({
    engine_version = string
    node_type      = string
    nodes          = number
  })
}

variable "health_check" {
  description = "Health check of the backend target groups."
  type = object({
    interval            = number
    unhealthy_threshold = number
  })
}

variable "active_color" {
  description = "Which of the two backend target groups gets the traffic."
  type        = string
  default     = "blue"

  validation {
    condition     = contains(["blue", "green"], var.active_color)
    error_message = "The colour is blue or green."
  }
}
