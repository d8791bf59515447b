variable "cluster_name" {
  type    = string
  default = "onno-cluster"
}

variable "repositories" {
  description = "Image repositories of the services."
  type        = set(string)
}

variable "dr_region" {
  description = "Region that receives a copy of every pushed image."
  type        = string
}

variable "account_id" {
  type = string
}
