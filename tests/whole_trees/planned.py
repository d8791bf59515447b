"""Plans a rewritten tree with the real terraform and reads what it plans for each resource."""

from __future__ import annotations

import json
import os
import subprocess
from decimal import Decimal
from pathlib import Path
from typing import Any

from rewrite import PROVIDER, original_address, rewrite_tree

MIRROR = "ASBUILT_TF_MIRROR"
UNKNOWN = {"?": "unknown"}
"""Stands for a value that is only known after apply."""


def plan(tree: Path, root: str, work: Path) -> dict[str, Any]:
    """The arguments of every resource by its address in the original tree, as terraform plans them."""
    target = work / "tree"
    rewrite_tree(tree, target)
    directory = target / root
    (directory / "zz_provider.tf").write_text(PROVIDER, encoding="utf-8")
    config = work / "terraformrc"
    config.write_text(
        f'provider_installation {{\n  filesystem_mirror {{\n    path = "{os.environ[MIRROR]}"\n  }}\n}}\n'
    )
    environment = os.environ | {"TF_CLI_CONFIG_FILE": str(config), "CHECKPOINT_DISABLE": "1"}
    terraform(directory, environment, "init", "-input=false", "-no-color")
    terraform(directory, environment, "plan", "-input=false", "-no-color", "-refresh=false", "-out=plan")
    shown = json.loads(terraform(directory, environment, "show", "-json", "plan"), parse_float=Decimal)
    return {
        original_address(change["address"]): known(change["change"]["after"], change["change"]["after_unknown"])[
            "input"
        ]
        for change in shown.get("resource_changes", [])
        if change["type"] == "terraform_data"
    }


class TerraformFailed(Exception):
    """Terraform's own words."""


def terraform(directory: Path, environment: dict[str, str], *arguments: str) -> str:
    """Terraform's standard output. Raises TerraformFailed."""
    done = subprocess.run(
        ["terraform", *arguments], cwd=directory, env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise TerraformFailed(done.stderr.strip() or done.stdout.strip())
    return done.stdout


def known(after: Any, unknown: Any) -> Any:
    """A planned value with UNKNOWN where terraform marks it so."""
    if unknown is True:
        return UNKNOWN
    if isinstance(unknown, dict):
        after = after or {}
        return {key: known(after.get(key), unknown.get(key)) for key in sorted({*after, *unknown})}
    if isinstance(unknown, list):
        after = after or []
        size = max(len(after), len(unknown))
        return [known(*(part[i] if i < len(part) else None for part in (after, unknown))) for i in range(size)]
    return after
