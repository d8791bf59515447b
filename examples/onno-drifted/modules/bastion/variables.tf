variable "subnet_id" {
  type = string
}

variable "security_group_id" {
  type = string
}

variable "key_name" {
  description = "Key pair imported by hand; only its public half is known to AWS."
  type        = string
  default     = "onno-bastion-key"
}

variable "instance_type" {
  type    = string
  default = "t3.nano"
}

variable "zone_id" {
  type = string
}

variable "domain_name" {
  type = string
}
