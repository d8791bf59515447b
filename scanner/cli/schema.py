"""`asbuilt schema`."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import click

from scanner.cli.streams import emit

_DIRECTORY: Final = Path(__file__).resolve().parent.parent / "schemas"
NAMES: Final = ("config", "policy", "baseline", "document", "attestations", "report")


@click.command(
    epilog="""\b
Examples:
  asbuilt schema config > .asbuilt.schema.json
  asbuilt schema report

\b
In asbuilt.yaml, for editors with the YAML language server:
  # yaml-language-server: $schema=.asbuilt.schema.json"""
)
@click.argument("name", type=click.Choice(NAMES))
def command(name: str) -> None:
    """Print the JSON Schema of a kind of file, with which editors complete and check it."""
    emit((_DIRECTORY / f"{name}.schema.json").read_text(encoding="utf-8"))
