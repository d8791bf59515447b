variable "cidr" {
  type = string
}

variable "subnets" {
  type = map(object({
    tier = string
    zone = string
    cidr = string
  }))
}
