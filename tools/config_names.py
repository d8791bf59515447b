"""Writes scanner/sources/aws/recorded/names.tsv: which fields AWS Config records of the types that are mapped.

    python tools/config_names.py CHECKOUT

reads a checkout of github.com/awslabs/aws-config-resource-schema, where AWS publishes them. One line for each type: the
names of all fields at any depth, in lower case.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import yaml

HERE = Path(__file__).resolve().parent.parent / "scanner" / "sources" / "aws" / "recorded"
SCHEMAS = Path("config/properties/resource-types")


def main(checkout: Path) -> None:
    """Writes the file."""
    types = sorted(yaml.safe_load((HERE / "maps.yaml").read_text("utf-8")))
    lines = [f"{type_}\t{' '.join(sorted(names(checkout, type_)))}\n" for type_ in types]
    (HERE / "names.tsv").write_text("".join(lines), encoding="utf-8")


def names(checkout: Path, type_: str) -> set[str]:
    """The names of a type's fields."""
    file = checkout / SCHEMAS / f"{type_}.properties.json"
    paths = json.loads(file.read_text("utf-8"))
    parts = [path.split(".") for path in paths if path.startswith(("configuration.", "supplementaryConfiguration."))]
    return {name.lower() for part in parts for name in part[1:]}


if __name__ == "__main__":
    main(Path(sys.argv[1]))
