locals {
  charts = {
    Service         = [["AWS/ECS", "CPUUtilization", "ClusterName", var.cluster, "ServiceName", var.service], ["AWS/ECS", "MemoryUtilization", "ClusterName", var.cluster, "ServiceName", var.service]]
    "Load balancer" = [["AWS/ApplicationELB", "RequestCount", "LoadBalancer", var.load_balancer], ["AWS/ApplicationELB", "TargetResponseTime", "LoadBalancer", var.load_balancer]]
    Database        = [["AWS/RDS", "CPUUtilization", "DBInstanceIdentifier", var.database], ["AWS/RDS", "DatabaseConnections", "DBInstanceIdentifier", var.database]]
    Search          = [["AWS/ES", "SearchLatency", "DomainName", var.search_domain], ["AWS/ES", "ClusterStatus.green", "DomainName", var.search_domain]]
    Cache           = [["AWS/ElastiCache", "CacheHits", "CacheClusterId", "${var.cache}-001"], ["AWS/ElastiCache", "CacheMisses", "CacheClusterId", "${var.cache}-001"]]
  }
}

resource "aws_cloudwatch_dashboard" "this" {
  dashboard_name = "${var.name}-production"

  dashboard_body = jsonencode({
    widgets = [
      for title, metrics in local.charts : {
        type   = "metric"
        width  = 12
        height = 6
        properties = {
          title   = title
          region  = var.region
          metrics = metrics
          period  = 300
          view    = "timeSeries"
        }
      }
    ]
  })
}
