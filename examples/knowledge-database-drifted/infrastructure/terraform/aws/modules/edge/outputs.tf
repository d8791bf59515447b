output "target_group_arn" {
  value = aws_lb_target_group.service.arn
}

output "target_group_suffix" {
  value = aws_lb_target_group.service.arn_suffix
}

output "load_balancer_suffix" {
  value = aws_lb.this.arn_suffix
}
