"""Writes Terraform code and reads it as the scanner does."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

from scanner.model.inventory import Inventory
from scanner.model.resource import Resource
from scanner.model.value import Value, plain
from scanner.sources.terraform import TerraformOptions, TerraformSource


def write(directory: Path, files: dict[str, str]) -> Path:
    """Writes files by their relative names; texts may be indented."""
    for name, text in files.items():
        path = directory / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(dedent(text).removeprefix("\n"), encoding="utf-8")
    return directory


def collect(directory: Path, files: dict[str, str] | str | None = None, **options: object) -> Inventory:
    """The inventory of a directory, after writing files into it (a text alone is main.tf)."""
    write(directory, {"main.tf": files} if isinstance(files, str) else files or {})
    return TerraformSource([directory], TerraformOptions(**options), directory).collect()  # type: ignore[arg-type]


def resource(inventory: Inventory, address: str) -> Resource:
    """The one resource with this address, whichever root it is in."""
    found = [resource for resource in inventory.resources if resource.address == address]
    assert len(found) == 1, f"{address} is there {len(found)} times"
    return found[0]


def value(inventory: Inventory, address: str, path: str) -> Value:
    """The one value that a path reaches."""
    found = resource(inventory, address).lookup(path)
    assert len(found) == 1, f"{path} reaches {len(found)} values"
    return found[0].value


def data(inventory: Inventory, address: str, path: str) -> object:
    """The plain data that a path reaches."""
    return plain(value(inventory, address, path), reveal=True)


def evaluated(directory: Path, expression: str, before: str = "") -> Value:
    """The value of one expression, as an attribute of a resource."""
    text = f'{dedent(before)}\nresource "aws_x" "test" {{\n  value = {expression}\n}}\n'
    return value(collect(directory, text), "aws_x.test", "value")


def span(located: Value) -> str:
    """The place of a value: file:line:column-line:column."""
    place = located.location
    assert place is not None
    return f"{place.path}:{place.line}:{place.column}-{place.end_line}:{place.end_column}"


def chain(found: Value) -> list[str]:
    """The hops of a value as text."""
    return [f"{hop.what} {hop.location}" for hop in found.hops]


def references(found: Value) -> set[str]:
    """What a value refers to as text."""
    return {f"{reference.address}.{reference.attribute}".rstrip(".") for reference in found.refs}


def problems(inventory: Inventory) -> list[str]:
    """The notifications as text."""
    return [f"{notification.location}: {notification.what}" for notification in inventory.notifications]
