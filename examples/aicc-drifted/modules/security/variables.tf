variable "name" {
  type = string
}

variable "vpc_id" {
  type = string
}

variable "ports" {
  description = "Ports on which the tasks listen."
  type = object({
    api = number
    ai  = number
  })
}

variable "public_ports" {
  type    = list(number)
  default = [443, 80, 8443]
}
