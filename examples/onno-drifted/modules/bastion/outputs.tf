output "host_name" {
  value = aws_route53_record.bastion.name
}
