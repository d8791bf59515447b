"""A git repository with a database against a document, in which every kind of input plays a part."""

from __future__ import annotations

import subprocess
from pathlib import Path

import cli_project

FILES = {
    "infra/main.tf": """\
module "db" {
  source   = "../modules/db"
  multi_az = var.multi_az
  key      = templatefile("${path.module}/key.tftpl", { name = trimspace(file("${path.module}/key.txt")) })
}

variable "multi_az" {
  type = bool
}
""",
    "infra/terraform.tfvars": "multi_az = true\n",
    "infra/key.txt": "shop\n",
    "infra/key.tftpl": "alias/${name}",
    "infra/logs.tf": """\
resource "aws_s3_bucket" "logs" {
  bucket = "logs"
  tags   = { Marked = fileexists("${path.module}/marked") ? "yes" : "no" }
}
""",
    "modules/db/main.tf": """\
variable "multi_az" {}
variable "key" {}

resource "aws_db_instance" "db" {
  identifier = "shop-db"
  engine     = "postgres"
  multi_az   = var.multi_az
  kms_key_id = var.key
}
""",
    "asbuilt.yaml": "baseline: shop.yaml\n",
    "shop.yaml": cli_project.BASELINE,
    "notes.txt": "nothing to see\n",
}


def git(*arguments: str, cwd: Path) -> str:
    """What git prints."""
    done = subprocess.run(
        ["git", "-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false", *arguments],
        cwd=cwd, check=True, capture_output=True, text=True,
    )  # fmt: skip
    return done.stdout


def write(top: Path) -> None:
    """Puts the files into a new repository, and commits them."""
    for name, text in FILES.items():
        put(top, name, text)
    git("init", "-q", "-b", "main", cwd=top)
    commit(top)


def put(top: Path, name: str, text: str) -> None:
    """Writes a file."""
    (top / name).parent.mkdir(parents=True, exist_ok=True)
    (top / name).write_text(text, encoding="utf-8")


def change(top: Path, name: str, old: str, new: str) -> None:
    """Replaces what stands in a file."""
    text = (top / name).read_text(encoding="utf-8")
    assert old in text
    (top / name).write_text(text.replace(old, new), encoding="utf-8")


def commit(top: Path) -> None:
    """Commits everything."""
    git("add", "-A", cwd=top)
    git("commit", "-q", "-m", "change", cwd=top)
