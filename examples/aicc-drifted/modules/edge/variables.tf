variable "name" {
  type = string
}

variable "vpc_id" {
  type = string
}

variable "public_subnet_ids" {
  type = list(string)
}

variable "security_group_id" {
  type = string
}

variable "api_port" {
  type = number
}

variable "health_path" {
  type    = string
  default = "/actuator/health"
}

variable "tls_policy" {
  type    = string
  default = "ELBSecurityPolicy-2016-08"
}

variable "zone_name" {
  type = string
}

variable "service_domain" {
  type = string
}

variable "deletion_protection" {
  type = bool
}

variable "managed_rule_groups" {
  type    = list(string)
  default = ["AWSManagedRulesCommonRuleSet", "AWSManagedRulesKnownBadInputsRuleSet"]
}
