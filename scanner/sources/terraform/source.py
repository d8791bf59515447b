"""Terraform code as a source of resources."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from scanner.model.inventory import Inventory, Level
from scanner.model.resource import Origin, Resource
from scanner.model.value import Value
from scanner.sources.terraform.body import Block, Body
from scanner.sources.terraform.body_object import BodyObject
from scanner.sources.terraform.discover import find_roots
from scanner.sources.terraform.loader import Loader
from scanner.sources.terraform.module import ModuleInstance
from scanner.sources.terraform.root import Root
from scanner.sources.terraform.variables import given_variables

MAX_RESOURCES: Final = 1_000_000
MAX_MODULES: Final = 50_000


@dataclass(frozen=True, slots=True)
class TerraformOptions:
    """What `terraform plan` would be told: values of variables, variable files, workspace; and which root module."""

    variables: Mapping[str, str] = field(default_factory=dict)
    var_files: Sequence[str] = ()
    workspace: str = "default"
    root: str | None = None


class TerraformSource:
    """Reads the root modules under `paths`, with the modules that they call; locations are relative to `base`."""

    def __init__(self, paths: Sequence[Path], options: TerraformOptions, base: Path) -> None:
        self.paths = paths
        self.options = options
        self.base = base

    def collect(self) -> Inventory:
        """All resources, and what could not be read. Raises UsageError for options that fit nothing."""
        loader = Loader(self.base)
        inventory = Inventory(inputs=[str(path) for path in self.paths])
        undeclared = set(self.options.variables)
        for directory in find_roots(loader, self.paths, self.options.root):
            root = Root(loader, directory, self.options.workspace)
            given = given_variables(loader, directory, self.options.var_files, self.options.variables)
            root_module = ModuleInstance(root, loader.module(directory), arguments=given)
            self._collect_root(root_module, inventory)
            undeclared -= root_module.code.variables.keys()
        for name in sorted(undeclared):
            loader.note(Level.WARNING, f"no root module has a variable {name}, for which a value is given", None)
        inventory.notifications.extend(loader.notifications)
        return inventory

    def _collect_root(self, top: ModuleInstance, inventory: Inventory) -> None:
        waiting = [top]
        count = 0
        while waiting:
            module = waiting.pop()
            count += 1
            inventory.resources.extend(_resources(module))
            if count > MAX_MODULES or len(inventory.resources) > MAX_RESOURCES:
                place = next(iter(top.code.calls.values())).location if top.code.calls else None
                top.shared.loader.note(Level.ERROR, "too many resources; the rest was not read", place)
                return
            below: list[ModuleInstance] = []
            for name in module.code.calls:
                found = module.children(name)
                if found is not None:
                    below.extend(found[1])
            waiting.extend(reversed(below))


def _resources(module: ModuleInstance) -> Iterator[Resource]:
    root = module.shared.name
    if not module.address:
        yield from _backends(module, root)
    for key, block in module.code.providers.items():
        address = module.full(f"provider.{key}")
        value = module.providers[key]
        yield Resource(f"provider.{block.labels[0]}", address, value, block.location, Origin.TERRAFORM, root)
    for (type_, name), block in module.code.resources.items():
        if type_.startswith("ephemeral."):
            continue
        expansion = module.expansion(type_, name)
        for instance in expansion.instances:
            body = module.instance(type_, name, instance)
            yield Resource(
                type_,
                body.address,
                Value(body, block.location),
                block.location,
                Origin.TERRAFORM,
                root,
                expansion.undecided or module.undecided,
            )


def _backends(module: ModuleInstance, root: str) -> Iterator[Resource]:
    for settings in module.code.settings:
        for block in settings.body.of_type("backend", "cloud"):
            yield Resource(
                "terraform.backend",
                "terraform.backend",
                Value(_Backend(block, module), block.location),
                block.location,
                Origin.TERRAFORM,
                root,
            )
            return


class _Backend(BodyObject):
    """A backend's arguments, with its type among them."""

    __slots__ = ("kind",)

    def __init__(self, block: Block, module: ModuleInstance) -> None:
        body: Body = block.body
        super().__init__(body, module.scope, "terraform.backend")
        self.kind = Value(block.labels[0] if block.labels else block.type, block.location)

    def __getitem__(self, name: str) -> Value:
        return self.kind if name == "type" else super().__getitem__(name)

    def __iter__(self) -> Iterator[str]:
        yield "type"
        yield from super().__iter__()

    def __contains__(self, name: object) -> bool:
        return name == "type" or super().__contains__(name)
