variable "name" {
  description = "Prefix of resource names."
  type        = string
  default     = "knowledge"
}

variable "region" {
  description = "Region of the system."
  type        = string
}

variable "account_id" {
  description = "Account that production lives in."
  type        = string
}

variable "domain" {
  description = "Public name of the service."
  type        = string
}

variable "zone" {
  description = "Hosted zone that the public name lies in."
  type        = string
}

variable "vpc_cidr" {
  description = "Address range of the VPC."
  type        = string
}

variable "zones" {
  description = "Availability zones, in the order of the subnets."
  type        = list(string)
}

variable "uploads_bucket" {
  description = "Bucket for uploaded files."
  type        = string
}

variable "service" {
  description = "The application: which image in which size, and how far it scales."
  type = object({
    image_tag    = string
    port         = number
    cpu          = number
    memory       = number
    min_capacity = number
    max_capacity = number
  })
}

variable "database" {
  description = "PostgreSQL."
  type = object({
    engine_version = string
    instance_class = string
    storage_gb     = number
    multi_az       = bool
    backup_days    = number
  })
}

variable "cache" {
  description = "Redis."
  type = object({
    node_type     = string
    nodes         = number
    snapshot_days = number
  })
}

variable "search" {
  description = "OpenSearch; the package is analysis-nori of the engine version."
  type = object({
    engine_version  = string
    instance_type   = string
    instance_count  = number
    storage_gb      = number
    nori_package_id = string
  })
}

variable "operator_email" {
  description = "Who is told about alarms."
  type        = string
}

variable "monthly_limit_usd" {
  description = "Monthly cost that the budget warns about."
  type        = number
}
