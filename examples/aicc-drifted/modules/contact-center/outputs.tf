output "instance_id" {
  value = aws_connect_instance.this.id
}
