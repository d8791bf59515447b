variable "aws_region" {
  description = "Region of the VPC, needed for endpoint service names."
  type        = string
}

variable "vpc_cidr" {
  description = "Address block of the VPC."
  type        = string
}

variable "subnets" {
  description = "Subnets by key; the tier decides which route table a subnet gets."
  type = map(object({
    cidr = string
    zone = string
    tier = string
  }))

  validation {
    condition     = alltrue([for subnet in values(var.subnets) : contains(["public", "app", "data"], subnet.tier)])
    error_message = "The tier of a subnet is public, app or data."
  }
}

variable "single_nat_gateway" {
  description = "One NAT gateway in the first public subnet instead of one in each zone."
  type        = bool
  default     = true
}

variable "flow_log_retention_days" {
  description = "How long flow log records are kept."
  type        = number
  default     = 30
}
