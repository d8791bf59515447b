variable "subscription_id" {
  description = "Subscription of the production environment."
  type        = string
}

variable "tenant_id" {
  description = "The one Entra ID tenant that cluster, vault and database trust."
  type        = string
}

variable "environment" {
  description = "Short name of the environment, the last part of every resource name."
  type        = string
  default     = "prod"
}

variable "location" {
  description = "Region of everything that serves users."
  type        = string
  default     = "koreacentral"
}

variable "recovery_location" {
  description = "Region of the copies that survive the loss of the main one."
  type        = string
  default     = "koreasouth"
}

variable "domain_name" {
  description = "Domain under which the API is reached."
  type        = string
}

variable "address_space" {
  description = "Address range of the virtual network."
  type        = string
  default     = "10.0.0.0/16"
}

variable "subnet_prefixes" {
  description = "Address range of each subnet."
  type = object({
    application = string
    database    = string
    cache       = string
    gateway     = string
  })
}
