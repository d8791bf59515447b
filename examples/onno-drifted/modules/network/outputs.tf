output "vpc_id" {
  value = aws_vpc.this.id
}

output "public_subnet_ids" {
  value = [for key in keys(local.public_subnets) : aws_subnet.this[key].id]
}

output "app_subnet_ids" {
  value = [for key in keys(local.app_subnets) : aws_subnet.this[key].id]
}

output "data_subnet_ids" {
  value = [for key in keys(local.data_subnets) : aws_subnet.this[key].id]
}
