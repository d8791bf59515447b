output "load_balancer_suffix" {
  value = aws_lb.this.arn_suffix
}

output "listener_arn" {
  value = aws_lb_listener.https.arn
}

output "target_groups" {
  description = "ARN and name of the blue and the green target group."
  value       = { for colour, group in aws_lb_target_group.api : colour => { arn = group.arn, name = group.name } }
}
