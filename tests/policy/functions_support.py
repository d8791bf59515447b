"""Terraform text to the outcome of a policy function, through the real reader and the real facts."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from scanner.facts import load_facts
from scanner.model.inventory import Inventory
from scanner.model.value import absent
from scanner.policy.conditions import Call
from scanner.policy.evidence import Outcome
from scanner.policy.functions import compile_call
from scanner.policy.world import Subject, World
from scanner.sources.terraform import TerraformOptions, TerraformSource


def read(directory: Path, files: Mapping[str, str]) -> Inventory:
    """The inventory of some files, by path."""
    for name, text in files.items():
        path = directory / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return TerraformSource([directory], TerraformOptions(), directory).collect()


def call(inventory: Inventory, function: str, address: str | None = None, **arguments: Any) -> Outcome:
    """The outcome of a function on a resource, or on the inventory as a whole."""
    world = World(inventory, load_facts())
    resource = inventory.at(address, ".") if address else None
    assert resource is not None or address is None
    names = {name.rstrip("_"): value for name, value in arguments.items()}
    subject = world.subject(resource, resource) if resource else _whole(world)
    return compile_call(Call(function, names))(subject)


def _whole(world: World) -> Subject:
    return Subject(world, None, absent(), "", None)
