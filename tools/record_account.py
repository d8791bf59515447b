"""Applies examples/onno with terraform and the real provider to a local account, and records what changes the account.

    ASBUILT_TF_MIRROR=/path/to/provider/mirror python tools/record_account.py [FILE]

The record (tests/live/onno_account.jsonl.gz) is played to a fresh account by the tests, in seconds and without
terraform.
"""

from __future__ import annotations

import gzip
import io
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.live.account import ACCOUNT, RECORD, REGIONS, LocalAccount  # noqa: E402

MIRROR = "ASBUILT_TF_MIRROR"
EXAMPLE = ROOT / "examples" / "onno"
PACKAGES = "onno-function-packages-prod"
FUNCTIONS = ("post-meeting-processor", "rotate-db-url", "rotate-jwt-secret", "redeploy-services", "cost-report")
SETTINGS = """
  access_key                  = "test"
  secret_key                  = "test"
  max_retries                 = 1
  s3_use_path_style           = true
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_region_validation      = true
"""
OVERRIDE = f'''
terraform {{
  backend "local" {{}}
}}
provider "aws" {{{SETTINGS}}}
provider "aws" {{
  alias = "dr"{SETTINGS}}}
'''


def main() -> None:
    """Applies and records."""
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else RECORD
    with tempfile.TemporaryDirectory() as temporary:
        record = Path(temporary) / "changes.jsonl"
        with LocalAccount.started(record) as account:
            prepare(account)
            apply(account, Path(temporary))
        with gzip.GzipFile(target, "wb", mtime=0) as file:
            file.write(record.read_bytes())


def prepare(account: LocalAccount) -> None:
    """What the example takes for granted: the packages of its functions, and no network that nobody uses."""
    account.remove_default_networks()
    s3 = account.client("s3")
    s3.create_bucket(Bucket=PACKAGES, CreateBucketConfiguration={"LocationConstraint": REGIONS[0]})
    for function in FUNCTIONS:
        s3.put_object(Bucket=PACKAGES, Key=f"{function}/1.4.2.zip", Body=package())


def package() -> bytes:
    """A function that does nothing."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr(zipfile.ZipInfo("index.py"), "def handler(event, context):\n    return {}\n")
    return data.getvalue()


def apply(account: LocalAccount, temporary: Path) -> None:
    """Runs terraform on a copy of the example. Raises CalledProcessError where it does not succeed."""
    copy = temporary / "onno"
    shutil.copytree(EXAMPLE, copy, ignore=shutil.ignore_patterns(".terraform*", "*.tfstate*"))
    directory = copy / "environments" / "production"
    (directory / "local_override.tf").write_text(OVERRIDE)
    config = temporary / "terraformrc"
    config.write_text(
        f'provider_installation {{\n  filesystem_mirror {{\n    path = "{os.environ[MIRROR]}"\n  }}\n}}\n'
    )
    environment = os.environ | {
        "TF_CLI_CONFIG_FILE": str(config),
        "CHECKPOINT_DISABLE": "1",
        "AWS_ENDPOINT_URL": account.endpoint,
        "AWS_EC2_METADATA_DISABLED": "true",
        "TF_VAR_account_id": ACCOUNT,
    }
    for command in (("init", "-input=false"), ("apply", "-auto-approve", "-input=false", "-parallelism=8")):
        subprocess.run(["terraform", *command, "-no-color"], cwd=directory, env=environment, check=True)


if __name__ == "__main__":
    main()
