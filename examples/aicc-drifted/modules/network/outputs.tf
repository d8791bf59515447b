output "vpc_id" {
  value = aws_vpc.this.id
}

output "subnet_ids" {
  description = "Subnet ids by tier."
  value       = { for tier, subnets in local.tiers : tier => [for key in keys(subnets) : aws_subnet.this[key].id] }
}
