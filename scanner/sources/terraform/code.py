"""The code of one module: what the files of a directory declare, independent of who calls it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from scanner.sources.terraform.body import Attribute, Block, Body
from scanner.sources.terraform.overrides import merged

RESOURCE_BLOCKS = {"resource": "", "data": "data.", "ephemeral": "ephemeral."}


class ModuleCode:
    """Everything that a module declares, by name.

    directory   where it is
    resources   blocks by type (`aws_lb`, `data.aws_ami`, `ephemeral.x`) and name
    settings    the `terraform` blocks
    """

    __slots__ = ("calls", "directory", "locals", "outputs", "providers", "resources", "settings", "variables")

    def __init__(self, directory: Path, files: Iterable[Body], overrides: Iterable[Body]) -> None:
        self.directory = directory
        self.resources: dict[tuple[str, str], Block] = {}
        self.calls: dict[str, Block] = {}
        self.variables: dict[str, Block] = {}
        self.outputs: dict[str, Block] = {}
        self.locals: dict[str, Attribute] = {}
        self.providers: dict[str, Block] = {}
        self.settings: list[Block] = []
        for body in files:
            for block in body.blocks:
                self._declare(block)
        for body in overrides:
            for block in body.blocks:
                self._override(block)

    def sources(self) -> Iterator[tuple[str, Attribute]]:
        """The name and `source` of every module call."""
        for name, block in self.calls.items():
            source = block.body.attributes.get("source")
            if source is not None:
                yield name, source

    @property
    def stands_alone(self) -> bool:
        """Whether it makes sense as a root module: it declares more than values."""
        return bool(self.resources or self.calls or self.providers or self.settings)

    def _table(self, block: Block) -> tuple[dict[str, Block], str] | None:
        """Where a block with one label belongs, and under which name."""
        if len(block.labels) != 1:
            return None
        if block.type == "provider":
            return self.providers, provider_key(block)
        tables = {"module": self.calls, "variable": self.variables, "output": self.outputs}
        return (tables[block.type], block.labels[0]) if block.type in tables else None

    def _declare(self, block: Block) -> None:
        kind, labels = block.type, block.labels
        if kind in RESOURCE_BLOCKS and len(labels) == 2:
            self.resources.setdefault((RESOURCE_BLOCKS[kind] + labels[0], labels[1]), block)
        elif kind == "locals":
            for name, attribute in block.body.attributes.items():
                self.locals.setdefault(name, attribute)
        elif kind == "terraform":
            self.settings.append(block)
        elif (found := self._table(block)) is not None:
            found[0].setdefault(found[1], block)

    def _override(self, block: Block) -> None:
        kind, labels = block.type, block.labels
        if kind in RESOURCE_BLOCKS and len(labels) == 2:
            key = (RESOURCE_BLOCKS[kind] + labels[0], labels[1])
            self.resources[key] = merged(self.resources.get(key), block)
        elif kind == "locals":
            self.locals.update(block.body.attributes)
        elif kind == "terraform":
            self.settings.insert(0, block)
        elif (found := self._table(block)) is not None:
            found[0][found[1]] = merged(found[0].get(found[1]), block)


def provider_key(block: Block) -> str:
    """How resources name a provider configuration: `aws`, or `aws.dr` with an alias."""
    alias = block.body.attributes.get("alias")
    literal = getattr(alias.expression, "value", None) if alias is not None else None
    return f"{block.labels[0]}.{literal.raw}" if literal is not None else block.labels[0]
