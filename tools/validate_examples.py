"""Validates the examples with terraform and the real provider and records the result in tests/recorded/validate.json.

    ASBUILT_TF_MIRROR=/path/to/provider/mirror python tools/validate_examples.py

The record names the versions, and for each root module a digest of all files of its example, so that a test without
terraform can tell whether what was validated is what is there.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
RECORD = ROOT / "tests" / "recorded" / "validate.json"
MIRROR = "ASBUILT_TF_MIRROR"
PROVIDER = "registry.terraform.io/hashicorp/aws"
KEPT = (".tf", ".tfvars", ".tftpl", ".json", ".sh", ".py")


def main() -> None:
    """Validates every root module and writes the record."""
    RECORD.parent.mkdir(exist_ok=True)
    RECORD.write_text(json.dumps(record(), indent=1, sort_keys=True) + "\n", encoding="utf-8")


def record() -> dict[str, Any]:
    """The result for every root module that needs nothing but the AWS provider."""
    with tempfile.TemporaryDirectory() as temporary:
        config = Path(temporary) / "terraformrc"
        config.write_text(
            f'provider_installation {{\n  filesystem_mirror {{\n    path = "{os.environ[MIRROR]}"\n  }}\n}}\n'
        )
        environment = os.environ | {"TF_CLI_CONFIG_FILE": str(config), "CHECKPOINT_DISABLE": "1"}
        results = {name_of(root): validate(root, Path(temporary), environment) for root in root_modules()}
    versions = {key: value for result in results.values() for key, value in result.pop("versions").items()}
    return {"versions": versions, "roots": results}


def root_modules() -> list[Path]:
    """The environments of the examples; the Cloudflare variant needs a provider that is not at hand."""
    return sorted(path.parent for path in ROOT.glob("examples/**/environments/*/main.tf"))


def name_of(root: Path) -> str:
    """How the record names a root module."""
    return root.relative_to(ROOT).as_posix()


def digest(root: Path) -> str:
    """Of everything in the example that validation may read: names and contents."""
    example = ROOT / "examples" / root.relative_to(ROOT / "examples").parts[0]
    whole = hashlib.sha256()
    for file in sorted(example.rglob("*")):
        if file.is_file() and file.suffix in KEPT and ".terraform" not in file.parts:
            whole.update(file.relative_to(example).as_posix().encode() + b"\0" + file.read_bytes() + b"\0")
    return whole.hexdigest()


def validate(root: Path, temporary: Path, environment: dict[str, str]) -> dict[str, Any]:
    """One root module, validated in a copy of its example."""
    example = ROOT / "examples" / root.relative_to(ROOT / "examples").parts[0]
    copy = temporary / example.name
    if not copy.exists():
        shutil.copytree(example, copy, ignore=shutil.ignore_patterns(".terraform*", "*.tfstate*"))
    directory = copy / root.relative_to(example)
    run(directory, environment, "init", "-backend=false", "-input=false", "-no-color")
    answer = json.loads(run(directory, environment, "validate", "-json", check=False))
    versions = json.loads(run(directory, environment, "version", "-json"))
    return {
        "digest": digest(root),
        "success": answer["valid"],
        "diagnostics": [f"{item['severity']}: {item['summary']}" for item in answer["diagnostics"]],
        "versions": {
            "terraform": versions["terraform_version"],
            "provider": versions["provider_selections"][PROVIDER],
        },
    }


def run(directory: Path, environment: dict[str, str], *arguments: str, check: bool = True) -> str:
    """Terraform's standard output. Raises CalledProcessError where it fails and may not."""
    command = ["terraform", *arguments]
    return subprocess.run(
        command, cwd=directory, env=environment, check=check, stdout=subprocess.PIPE, text=True
    ).stdout


if __name__ == "__main__":
    main()
