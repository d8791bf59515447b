"""Groups out of Terraform text, and flows as a set of tuples small enough to try every one."""

from __future__ import annotations

from pathlib import Path

from scanner.model.inventory import Inventory
from scanner.model.resource import Origin, Resource
from scanner.model.value import from_plain
from scanner.network.inventory import Groups
from scanner.network.rules import Group
from scanner.sources.terraform import TerraformOptions, TerraformSource


def read(directory: Path, text: str) -> Inventory:
    """The inventory of one Terraform file."""
    (directory / "main.tf").write_text(text, "utf-8")
    inventory = TerraformSource([directory], TerraformOptions(), directory).collect()
    assert not inventory.notifications, inventory.notifications
    return inventory


def groups(directory: Path, text: str) -> dict[str, Group]:
    """The groups of one Terraform file by address."""
    return {group.resource.address: group for group in Groups(read(directory, text)).every()}


def manifest(type_: str, name: str, **attributes: object) -> Resource:
    """A resource as a reader of manifests makes it."""
    return Resource(type_, f"{type_}/{name}", from_plain(attributes), None, Origin.MANIFEST)


def shown(group: Group) -> set[str]:
    """What a group certainly allows, as text."""
    return {f"{flow.direction.value} {flow.text()}" for flow in group.sure.flows()}
