variable "name" {
  type = string
}

variable "vpc_cidr" {
  type = string
}

variable "subnets" {
  description = "Subnets by tier and zone letter, such as public-a."
  type = map(object({
    cidr = string
    zone = string
    tier = string
  }))
}
