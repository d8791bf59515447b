"""Writes scanner/sources/aws/unread.tsv: which attributes of a type Terraform knows and the AWS source does not read.

    python tools/aws_unread.py

They are unknown in an account, where a name that Terraform does not know either is simply not there. One line for each
type and nested block: type, path of the block (empty: the resource itself), names.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from scanner.facts import load_facts
from scanner.model.resource_type import Block
from scanner.sources.aws.maps import ResourceMap, service_maps, walk
from scanner.sources.mapping import Field, NestedBlock

TARGET = Path(__file__).resolve().parent.parent / "scanner" / "sources" / "aws" / "unread.tsv"
EVERYWHERE = {"id", "arn", "region", "provider"}
ONLY_IN_CODE = {"lifecycle", "depends_on", "timeouts"}


def main() -> None:
    """Writes the file."""
    TARGET.write_text(table(), encoding="utf-8")


def table() -> str:
    """The text of the file."""
    return "".join(sorted({line for made in every_map() for line in lines_of(made)}))


def every_map() -> Iterator[ResourceMap]:
    """Every resource map of every service."""
    for service in service_maps():
        for read in walk(service.reads):
            yield from read.resources


def lines_of(made: ResourceMap) -> Iterator[str]:
    """The lines of one type; none where Terraform has no such type."""
    schema = load_facts().schema(made.type)
    if schema is not None:
        yield from _below(made.type, "", schema, made.attributes, EVERYWHERE | ONLY_IN_CODE)


def _below(type_: str, path: str, schema: Block, read: Mapping[str, Field], other: set[str]) -> Iterator[str]:
    names = sorted((schema.attributes.keys() | schema.blocks.keys()) - read.keys() - other)
    if names:
        yield f"{type_}\t{path}\t{' '.join(names)}\n"
    for name, field in read.items():
        if isinstance(field, NestedBlock) and name in schema.blocks:
            inner = f"{path}.{name}" if path else name
            yield from _below(type_, inner, schema.blocks[name], field.fields, set())


if __name__ == "__main__":
    main()
