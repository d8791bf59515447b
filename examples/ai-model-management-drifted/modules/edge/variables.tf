variable "vpc_id" {
  type = string
}

variable "subnet_ids" {
  type = list(string)
}

variable "group_id" {
  type = string
}

variable "servers" {
  description = "Instance of each backend server by its host name."
  type        = map(string)
}

variable "health_check" {
  type = object({
    interval            = number
    unhealthy_threshold = number
  })
}

variable "active_color" {
  type = string
}
