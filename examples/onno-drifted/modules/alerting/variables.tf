variable "account_id" {
  type = string
}

variable "topics" {
  description = "Topics by name, with their subscribers by label."
  type = map(map(object({
    protocol = string
    endpoint = string
  })))
}
