"""Applies examples with terraform and the real provider to a local account, and records what changes the account.

    ASBUILT_TF_MIRROR=/path/to/provider/mirror python tools/record_account.py [NAME ...]

The records (tests/live/*_account.jsonl.gz) are played to a fresh account by the tests, in seconds and without
terraform. An apply takes a minute or two; that of the Knowledge Database takes ten more, for so long the provider waits
before it first asks whether a new OpenSearch domain is ready.
"""

from __future__ import annotations

import gzip
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tests.live.account import LocalAccount
from tests.live.systems import SYSTEMS, System

MIRROR = "ASBUILT_TF_MIRROR"
SETTINGS = """
  access_key                  = "test"
  secret_key                  = "test"
  max_retries                 = 1
  s3_use_path_style           = true
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_region_validation      = true
"""
BACKEND = """
terraform {
  backend "local" {}
}
"""


def main() -> None:
    """Applies and records."""
    for name in sys.argv[1:] or list(SYSTEMS):
        record(SYSTEMS[name])


def record(system: System) -> None:
    """Writes the record of one system. Raises CalledProcessError where terraform does not succeed."""
    with tempfile.TemporaryDirectory() as temporary:
        changes = Path(temporary) / "changes.jsonl"
        with LocalAccount.started(changes, system.account, system.regions) as account:
            prepare(account, system)
            apply(account, system, Path(temporary))
        with gzip.GzipFile(system.record, "wb", mtime=0) as file:
            file.write(changes.read_bytes())


def prepare(account: LocalAccount, system: System) -> None:
    """What the example takes for granted, and no network that nobody uses."""
    account.remove_default_networks()
    system.prepare(account)


def apply(account: LocalAccount, system: System, temporary: Path) -> None:
    """Runs terraform on a copy of the example. Raises CalledProcessError where it does not succeed."""
    copy = temporary / system.name
    shutil.copytree(system.example, copy, ignore=shutil.ignore_patterns(".terraform*", "*.tfstate*"))
    directory = copy / system.root
    (directory / "local_override.tf").write_text(override(directory))
    config = temporary / "terraformrc"
    config.write_text(
        f'provider_installation {{\n  filesystem_mirror {{\n    path = "{os.environ[MIRROR]}"\n  }}\n}}\n'
    )
    environment = os.environ | {
        "TF_CLI_CONFIG_FILE": str(config),
        "CHECKPOINT_DISABLE": "1",
        "AWS_ENDPOINT_URL": account.endpoint,
        "AWS_EC2_METADATA_DISABLED": "true",
    }
    made = ("apply", "-auto-approve", "-input=false", "-parallelism=8", *system.arguments)
    for command in (("init", "-input=false"), made):
        subprocess.run(["terraform", *command, "-no-color"], cwd=directory, env=environment, check=True)


def override(directory: Path) -> str:
    """What is put over the settings of a root: no state elsewhere, and credentials that mean nothing."""
    written = "\n".join(path.read_text() for path in directory.glob("*.tf"))
    second = f'provider "aws" {{\n  alias = "dr"{SETTINGS}}}\n' if "alias " in written else ""
    return f'{BACKEND}provider "aws" {{{SETTINGS}}}\n{second}'


if __name__ == "__main__":
    main()
