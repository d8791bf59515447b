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


STAGES = ("development", "staging", "production")
SERVICES = 20
MODULES = ("network", "database", "storage", "service", "queue", "alarms", "secrets", "cache", "functions", "roles",
           "registry", "dns", "certificates", "backup", "logs")  # fmt: skip
_MODULE = """\
locals {{
  name = "${{var.name}}-{module}"
  tags = {{ Name = local.name, Stage = var.stage, Part = "{module}" }}
}}

resource "aws_s3_bucket" "store" {{
  bucket = "${{local.name}}-store"
  tags   = local.tags
}}

resource "aws_s3_bucket_public_access_block" "store" {{
  bucket                  = aws_s3_bucket.store.id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}}

resource "aws_sqs_queue" "events" {{
  name                    = "${{local.name}}-events"
  sqs_managed_sse_enabled = true
  tags                    = local.tags
}}
"""
_MODULE_EXTRA = """\
resource "aws_cloudwatch_log_group" "this" {
  name              = "/app/${local.name}"
  retention_in_days = var.retention
  kms_key_id        = var.key
  tags              = local.tags
}

resource "aws_security_group" "this" {
  name   = local.name
  vpc_id = var.vpc

  dynamic "ingress" {
    for_each = var.ports
    content {
      from_port   = ingress.value
      to_port     = ingress.value
      protocol    = "tcp"
      cidr_blocks = ["10.0.0.0/8"]
    }
  }
}
"""
_INPUTS = """\
variable "name" { type = string }

variable "stage" { type = string }

variable "vpc" { type = string }

variable "key" { type = string }

variable "retention" {
  type    = number
  default = 90
}

variable "ports" {
  type    = list(number)
  default = [443]
}
"""
_OUTPUTS = """\
output "bucket" {
  value = aws_s3_bucket.store.arn
}
"""
_ROOT = """\
module "{first}" {{
  source    = "../../../modules/{first}"
  name      = var.name
  stage     = var.stage
  vpc       = var.vpc
  key       = aws_kms_key.this.arn
  retention = var.retention
}}

module "{second}" {{
  source = "../../../modules/{second}"
  name   = var.name
  stage  = var.stage
  vpc    = var.vpc
  key    = aws_kms_key.this.arn
  ports  = [443, 8443]
}}
"""
_OWN = """\
resource "aws_kms_key" "this" {
  description         = "Everything of ${var.name}"
  enable_key_rotation = true
}

resource "aws_db_instance" "this" {
  identifier                      = "${var.name}-${var.stage}"
  engine                          = "postgres"
  instance_class                  = "db.t4g.medium"
  allocated_storage               = 50
  multi_az                        = var.multi_az
  storage_encrypted               = true
  kms_key_id                      = aws_kms_key.this.arn
  backup_retention_period         = 14
  deletion_protection             = true
  copy_tags_to_snapshot           = true
  performance_insights_enabled    = true
  performance_insights_kms_key_id = aws_kms_key.this.arn
}
"""
_VARIABLES = """\
variable "name" { type = string }

variable "stage" { type = string }

variable "vpc" { type = string }

variable "multi_az" { type = bool }

variable "retention" { type = number }
"""
_VALUES = """\
name      = "service{number:02d}"
stage     = "{stage}"
vpc       = "vpc-{number:04d}"
multi_az  = true
retention = {retention}
"""


def write_repository(directory: Path) -> list[Path]:
    """Writes 60 small root modules of a company over 15 shared modules, 300 files; gives five of them that change.

    Of those, three belong to one root module, one to another, and one to a shared module.
    """
    for module in MODULES:
        place = directory / "modules" / module
        _write(place / "main.tf", _MODULE.format(module=module))
        _write(place / "extra.tf", _MODULE_EXTRA)
        _write(place / "variables.tf", _INPUTS)
        _write(place / "outputs.tf", _OUTPUTS)
    for stage in STAGES:
        for number in range(SERVICES):
            place = directory / "live" / stage / f"service{number:02d}"
            first, second = MODULES[number % len(MODULES)], MODULES[(number + 7) % len(MODULES)]
            _write(place / "main.tf", _ROOT.format(first=first, second=second))
            _write(place / "resources.tf", _OWN)
            _write(place / "variables.tf", _VARIABLES)
            _write(place / "terraform.tfvars", _VALUES.format(number=number, stage=stage, retention=90 + number))
    one, other = directory / "live/production/service03", directory / "live/staging/service11"
    return [one / "main.tf", one / "resources.tf", one / "variables.tf", other / "resources.tf",
            directory / "modules/queue/main.tf"]  # fmt: skip


def _write(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
