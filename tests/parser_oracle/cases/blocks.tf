resource "aws_x" "y" {}
resource aws_x z { a = 1 }
resource "aws_x" "w" {
  single { b = true }
  many { n = 1 }
  many { n = 2 }
  dynamic "rule" {
    for_each = [1]
    content {
      value = "literal"
    }
  }
  deeper {
    and {
      deeper { c = "x" }
    }
  }
  lifecycle {
    ignore_changes = [tags]
  }
}
variable "v" {
  type    = string
  default = "d"
}
output "한국" {
  value = "이름"
}
moved {
  from = aws_x.a
  to   = aws_x.y
}
terraform {
  required_providers {
    aws = { source = "hashicorp/aws", version = "~> 5.0" }
  }
}
