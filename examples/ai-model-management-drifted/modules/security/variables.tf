variable "vpc_id" {
  type = string
}

variable "operator_cidrs" {
  type = list(string)
}
