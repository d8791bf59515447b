resource "aws_cloudwatch_dashboard" "this" {
  dashboard_name = "Onno-Production-Dashboard"

  dashboard_body = templatefile("${path.module}/templates/dashboard.json.tftpl", {
    region      = var.aws_region
    cluster     = var.cluster_name
    services    = var.service_names
    database    = var.database_identifier
    alb         = var.alb_arn_suffix
    application = var.application_namespace
    api_logs    = var.log_group_names["api"]
  })
}
