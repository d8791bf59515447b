output "group_ids" {
  value = { for key, group in aws_security_group.this : key => group.id }
}
