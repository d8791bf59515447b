variable "instance_type" {
  type = string
}

variable "servers" {
  description = "Subnet of each server by its host name."
  type        = map(string)
}

variable "group_id" {
  type = string
}
