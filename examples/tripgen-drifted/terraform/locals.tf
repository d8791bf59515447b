locals {
  name_prefix   = "tripgen"
  name_suffix   = "tripgen-${var.environment}"
  compact_name  = "tripgen${var.environment}"
  recovery_name = "tripgen-${var.environment}-dr"

  services = toset(["user-service", "location-service", "trip-service", "ai-service"])

  # Namespaces of the cluster that the infrastructure refers to.
  application_namespace = "production"
  argocd_namespace      = "argocd-system"

  tags = {
    Project     = "tripgen"
    Environment = "production"
    ManagedBy   = "terraform"
  }
}
