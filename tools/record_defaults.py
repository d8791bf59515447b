"""Records which provider defaults a plan of the real provider shows, for tests/facts/test_provider_defaults.py.

    TF_CLI_CONFIG_FILE=… python tools/record_defaults.py

Plans tests/facts/minimal (made-up credentials, nothing is asked of AWS) and writes tests/facts/recorded_defaults.json:
the provider's version and, by type and path, each planned value that the configuration does not write. Those are the
provider's static defaults; what the service alone decides is unknown in a plan and stays with its documentation page.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent.parent / "tests" / "facts"
COMPUTED = {"aws_acm_certificate", "aws_budgets_budget.time_period_end", "aws_autoscaling_group.launch_template.id"}
"""Types and paths whose planned values are computed from what is written, so are no defaults."""


def main() -> None:
    """Plans, and writes the record."""
    with tempfile.TemporaryDirectory() as directory:
        for file in (HERE / "minimal").glob("*.tf"):
            shutil.copy(file, directory)
        terraform(directory, "init", "-input=false")
        terraform(directory, "plan", "-input=false", "-refresh=false", "-out=plan")
        plan = json.loads(terraform(directory, "show", "-json", "plan"))
        versions = json.loads(terraform(directory, "version", "-json"))
    record = {
        "provider": versions["provider_selections"]["registry.terraform.io/hashicorp/aws"],
        "defaults": dict(sorted(defaults(plan).items())),
    }
    (HERE / "recorded_defaults.json").write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")


def terraform(directory: str, *arguments: str) -> str:
    """Runs terraform in a directory. Raises CalledProcessError where it fails."""
    command = ["terraform", *arguments, *([] if arguments[0] in ("show", "version") else ["-no-color"])]
    return subprocess.run(command, cwd=directory, check=True, capture_output=True, text=True).stdout


def defaults(plan: Mapping[str, Any]) -> dict[str, Any]:
    """`type.path` -> planned value, for values that nothing in the configuration writes."""
    written = {
        item["address"]: item.get("expressions", {}) for item in plan["configuration"]["root_module"]["resources"]
    }
    found: dict[str, Any] = {}
    for item in plan["planned_values"]["root_module"]["resources"]:
        if item["type"] not in COMPUTED:
            found |= {
                f"{item['type']}.{path}": value
                for path, value in unwritten(item["values"], written[item["address"]])
                if f"{item['type']}.{path}" not in COMPUTED
            }
    return found


def unwritten(values: Mapping[str, Any], written: Any, prefix: str = "") -> Iterator[tuple[str, Any]]:
    """The paths of known values that are not in the configuration; zero values of nested objects are no defaults."""
    for name, value in values.items():
        path, expression = prefix + name, written.get(name) if isinstance(written, dict) else None
        if isinstance(value, list) and value and all(isinstance(item, dict) for item in value):
            if expression is not None and "constant_value" not in expression:
                expressions = expression if isinstance(expression, list) else [expression] * len(value)
                for item, inner in zip(value, expressions, strict=True):
                    yield from unwritten(item, inner, path + ".")
        elif expression is None and value not in (None, "", [], {}):
            yield path, value


if __name__ == "__main__":
    main()
