"""Terraform of any size, for measuring growth: ordinary resources that refer to variables, locals and each other."""

from __future__ import annotations

from pathlib import Path

PER_FILE = 100
_HEAD = """\
variable "environment" {
  type    = string
  default = "production"
}

variable "retention" {
  type    = number
  default = 30
}

locals {
  name = "load-${var.environment}"
  tags = { Environment = var.environment, Owner = "platform" }
}
"""
_GROUP = """\

resource "aws_s3_bucket" "b{n}" {{
  bucket = "${{local.name}}-{n}"
  tags   = merge(local.tags, {{ Number = "{n}" }})
}}

resource "aws_s3_bucket_versioning" "b{n}" {{
  bucket = aws_s3_bucket.b{n}.id
  versioning_configuration {{
    status = var.environment == "production" ? "Enabled" : "Suspended"
  }}
}}

resource "aws_cloudwatch_log_group" "g{n}" {{
  name              = "/app/${{local.name}}/{n}"
  retention_in_days = var.retention
  tags              = local.tags
}}

resource "aws_security_group" "s{n}" {{
  name   = "${{local.name}}-{n}"
  vpc_id = "vpc-1"
  ingress {{
    from_port   = 443
    to_port     = 443
    protocol    = "tcp"
    cidr_blocks = ["10.0.0.0/8"]
  }}
}}
"""
_RESOURCES_IN_GROUP = 4


def write_tree(directory: Path, resources: int) -> int:
    """Writes one root module with so many resources into a new directory; gives the size of its text in bytes."""
    directory.mkdir(parents=True)
    (directory / "main.tf").write_text(_HEAD, encoding="utf-8")
    groups = range(resources // _RESOURCES_IN_GROUP)
    step = PER_FILE // _RESOURCES_IN_GROUP
    for first in range(0, len(groups), step):
        text = "".join(_GROUP.format(n=number) for number in groups[first : first + step])
        (directory / f"part{first:05d}.tf").write_text(text, encoding="utf-8")
    return sum(file.stat().st_size for file in directory.glob("*.tf"))
