"""Writes scanner/sources/azure/unread.tsv: which attributes of a type Terraform has and the Azure source does not read.

    python tools/azure_unread.py

They are unknown in an account, where a name that Terraform does not know either is simply not there. Names that newer
versions of the provider no longer have are left out: what they said is read under its present name. One line for each
type and nested block: type, path of the block (empty: the resource itself), names.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from scanner.facts import load_facts
from scanner.model.resource_type import Block
from scanner.sources.azure.maps import ResourceMap, all_reads, walk
from scanner.sources.mapping import Field, NestedBlock

TARGET = Path(__file__).resolve().parent.parent / "scanner" / "sources" / "azure" / "unread.tsv"
EVERYWHERE = {"id", "name", "location", "tags", "resource_group_name", "provider"}
ONLY_IN_CODE = {"lifecycle", "depends_on", "timeouts"}
MEASURED = {"azurerm_log_analytics_workspace": {"observed"}}
"""What requirements ask for beside the provider's attributes, and only a query would tell."""


def main() -> None:
    """Writes the file."""
    TARGET.write_text(table(), encoding="utf-8")


def table() -> str:
    """The text of the file."""
    return "".join(sorted({line for made in every_map() for line in lines_of(made)}))


def every_map() -> Iterator[ResourceMap]:
    """Every resource map."""
    for read in walk(all_reads()):
        yield from read.resources


def lines_of(made: ResourceMap) -> Iterator[str]:
    """The lines of one type; none where Terraform has no such type."""
    schema = load_facts().schema(made.type)
    if schema is not None:
        yield from _below(made.type, "", schema, made.attributes, MEASURED.get(made.type, set()))


def _below(type_: str, path: str, schema: Block, read: Mapping[str, Field], more: set[str]) -> Iterator[str]:
    other = set() if path else EVERYWHERE | ONLY_IN_CODE
    names = sorted((present(schema) | more) - read.keys() - other)
    if names:
        yield f"{type_}\t{path}\t{' '.join(names)}\n"
    for name, field in read.items():
        if isinstance(field, NestedBlock) and name in schema.blocks:
            inner = f"{path}.{name}" if path else name
            yield from _below(type_, inner, schema.blocks[name], field.fields, set())


def present(schema: Block) -> set[str]:
    """The names that the newest version of the provider has."""
    attributes = {name for name, item in schema.attributes.items() if not item.until and not item.deprecated}
    return attributes | {name for name, item in schema.blocks.items() if not item.until}


if __name__ == "__main__":
    main()
