locals {
  public  = { for name, subnet in var.subnets : name => subnet if subnet.tier == "public" }
  private = { for name, subnet in var.subnets : name => subnet if subnet.tier == "private" }

  # The public subnet of a zone, which holds the zone's NAT gateway.
  public_by_zone = { for name, subnet in local.public : subnet.zone => name }
}

resource "aws_vpc" "this" {
  cidr_block           = var.cidr
  enable_dns_hostnames = true

  tags = { Name = "staging" }
}

resource "aws_subnet" "public" {
  for_each = local.public

  vpc_id            = aws_vpc.this.id
  cidr_block        = each.value.cidr
  availability_zone = each.value.zone

  tags = {
    Name = "staging-${each.key}"
    Tier = "public"
  }
}

resource "aws_subnet" "private" {
  for_each = local.private

  vpc_id            = aws_vpc.this.id
  cidr_block        = each.value.cidr
  availability_zone = each.value.zone

  tags = {
    Name = "staging-${each.key}"
    Tier = "private"
  }
}
