variable "vpc_id" {
  description = "VPC that the groups belong to."
  type        = string
}

variable "name_prefix" {
  description = "Prefix of the group names. AWS refuses names that begin with sg-."
  type        = string
  default     = "onno"
}

variable "office_cidrs" {
  description = "Office networks that may open SSH to the bastion."
  type        = list(string)

  validation {
    condition     = alltrue([for cidr in var.office_cidrs : tonumber(split("/", cidr)[1]) >= 24])
    error_message = "An office network is a /24 or narrower."
  }
}
