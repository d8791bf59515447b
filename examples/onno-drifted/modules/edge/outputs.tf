output "zone_id" {
  value = aws_route53_zone.this.zone_id
}

output "alb_arn_suffix" {
  value = aws_lb.api.arn_suffix
}

# A service can only register in a group that a listener already uses.
output "api_target_group_arn" {
  value      = aws_lb_target_group.api.arn
  depends_on = [aws_lb_listener.https]
}

output "ws_target_group_arn" {
  value      = aws_lb_target_group.ws.arn
  depends_on = [aws_lb_listener.wss]
}
