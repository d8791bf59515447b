locals {
  public_subnets = { for key, subnet in var.subnets : key => subnet if subnet.tier == "public" }
  app_subnets    = { for key, subnet in var.subnets : key => subnet if subnet.tier == "app" }
  data_subnets   = { for key, subnet in var.subnets : key => subnet if subnet.tier == "data" }

  # keys() sorts, so a single gateway always lands in public subnet A.
  nat_subnets = slice(keys(local.public_subnets), 0, var.single_nat_gateway ? 1 : length(local.public_subnets))
}

resource "aws_eip" "nat" {
  count = length(local.nat_subnets)

  domain = "vpc"

  tags = { Name = "onno-nat-${count.index}" }
}

resource "aws_nat_gateway" "this" {
  count = length(local.nat_subnets)

  allocation_id     = aws_eip.nat[count.index].id
  connectivity_type = "public"
  subnet_id         = aws_subnet.this[local.nat_subnets[count.index]].id

  tags = { Name = "onno-nat-${count.index}" }

  depends_on = [aws_internet_gateway.this]
}

resource "aws_route_table" "public" {
  vpc_id = aws_vpc.this.id

  tags = { Name = "onno-public" }
}

resource "aws_route" "public_internet" {
  route_table_id         = aws_route_table.public.id
  destination_cidr_block = "0.0.0.0/0"
  gateway_id             = aws_internet_gateway.this.id
}

resource "aws_route_table_association" "public" {
  for_each = local.public_subnets

  subnet_id      = aws_subnet.this[each.key].id
  route_table_id = aws_route_table.public.id
}

# One table for each application subnet: a second NAT gateway then needs no other change.
resource "aws_route_table" "app" {
  for_each = local.app_subnets

  vpc_id = aws_vpc.this.id

  tags = { Name = "onno-${each.key}" }
}

resource "aws_route" "app_nat" {
  for_each = local.app_subnets

  route_table_id         = aws_route_table.app[each.key].id
  destination_cidr_block = "0.0.0.0/0"
  nat_gateway_id         = aws_nat_gateway.this[var.single_nat_gateway ? 0 : index(keys(local.app_subnets), each.key)].id
}

resource "aws_route_table_association" "app" {
  for_each = local.app_subnets

  subnet_id      = aws_subnet.this[each.key].id
  route_table_id = aws_route_table.app[each.key].id
}

# The data tier has no way out at all. The explicit association keeps it off the main route table.
resource "aws_route_table" "data" {
  vpc_id = aws_vpc.this.id

  tags = { Name = "onno-data" }
}

resource "aws_route_table_association" "data" {
  for_each = local.data_subnets

  subnet_id      = aws_subnet.this[each.key].id
  route_table_id = aws_route_table.data.id
}

# Recordings and image layers (ECR stores them in S3) bypass the NAT gateway.
resource "aws_vpc_endpoint" "s3" {
  vpc_id            = aws_vpc.this.id
  service_name      = "com.amazonaws.${var.aws_region}.s3"
  vpc_endpoint_type = "Gateway"
  route_table_ids   = [for table in aws_route_table.app : table.id]

  tags = { Name = "onno-s3" }
}
