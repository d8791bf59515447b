variable "name" {
  type = string
}

variable "queues" {
  type = map(object({
    description = string
    enabled     = optional(bool, true)
  }))
}

variable "outbound_queue" {
  type = string
}
