locals {
  panels = [
    { title = "Requests", metrics = [["AWS/ApplicationELB", "RequestCount", "LoadBalancer", var.load_balancer_suffix]] },
    { title = "Tasks", metrics = [["AWS/ECS", "CPUUtilization", "ClusterName", var.cluster_name]] },
    { title = "Aurora", metrics = [["AWS/RDS", "CPUUtilization", "DBClusterIdentifier", var.database_cluster]] },
    { title = "Redis", metrics = [["AWS/ElastiCache", "EngineCPUUtilization", "ReplicationGroupId", var.redis_id]] },
    { title = "Calls", metrics = [["AWS/Connect", "ConcurrentCalls", "InstanceId", var.connect_instance_id, "MetricGroup", "VoiceCalls"]] },
  ]
}

resource "aws_cloudwatch_dashboard" "this" {
  dashboard_name = "${var.name}-overview"

  dashboard_body = jsonencode({
    widgets = [
      for index, panel in local.panels : {
        type       = "metric"
        x          = (index % 2) * 12
        y          = floor(index / 2) * 6
        width      = 12
        height     = 6
        properties = merge(panel, { region = var.region, stat = "Average", period = 60 })
      }
    ]
  })
}
