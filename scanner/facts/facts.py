"""The facts that policies, drift and reports ask for, answered from data files and read only as far as needed."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from scanner.facts.defaults import DefaultTable
from scanner.facts.lines import SortedLines
from scanner.facts.schema import read_attribute, read_schema, with_changes
from scanner.model.path import Name, parse_path
from scanner.model.resource_type import Attribute, Block, Default
from scanner.model.value import Value

_DATA = Path(__file__).parent
_LIST_OF_TEXT = read_attribute("o list(string)")
_FLAG = read_attribute("o bool")
_CHECK = Block({"condition": read_attribute("r bool"), "error_message": read_attribute("r string")})
LIFECYCLE = Block(
    {
        "create_before_destroy": _FLAG,
        "prevent_destroy": _FLAG,
        "ignore_changes": _LIST_OF_TEXT,
        "replace_triggered_by": _LIST_OF_TEXT,
    },
    {"precondition": _CHECK, "postcondition": _CHECK},
    max_items=1,
    nesting="list",
)
"""Terraform's own block that every managed resource may have."""

_PROVIDER_META = {name: Attribute("string", optional=True) for name in ("alias", "version")}
"""What Terraform itself reads in a provider block."""


class AwsFacts:
    """Schemas and defaults of the AWS provider 5 with the differences of 6, and of Terraform's backend block.

    Satisfies scanner.model.resource_type.Facts. A resource's schema also has the names that Terraform itself gives to
    resources: `depends_on`, `lifecycle` and `provider`.
    """

    def __init__(self, directory: Path = _DATA) -> None:
        self._terraform = SortedLines(directory / "schemas" / "terraform.jsonl")
        self._aws = SortedLines(directory / "schemas" / "aws.jsonl")
        self._changes = SortedLines(directory / "schemas" / "aws-6.jsonl")
        self._defaults = DefaultTable(directory / "defaults" / "aws.tsv")
        self._schemas: dict[str, Block | None] = {}

    def schema(self, type_: str) -> Block | None:
        """The schema of a resource type, data source (`data.aws_x`) or `provider.aws`; None for unknown types."""
        if type_ not in self._schemas:
            self._schemas[type_] = self._read(type_)
        return self._schemas[type_]

    def default(self, type_: str, path: str, resource: Value | None = None) -> Default | None:
        """See scanner.model.resource_type.Facts."""
        return self._defaults.get(type_, path, resource)

    def sensitive(self, type_: str, path: str) -> bool:
        """Whether the provider marks the attribute at a path, or one that encloses it, as sensitive."""
        attribute = self.attribute(type_, path)
        return attribute is not None and attribute.sensitive

    def attribute(self, type_: str, path: str) -> Attribute | None:
        """The schema's attribute at a path; what lies inside a map or object attribute belongs to that attribute."""
        block = self.schema(type_)
        for step in parse_path(path)[0]:
            if block is None:
                return None
            if isinstance(step, Name):
                if step.key in block.attributes:
                    return block.attributes[step.key]
                block = block.blocks.get(step.key)
        return None

    def types(self) -> list[str]:
        """Every type with a schema, sorted; for suggestions in error messages."""
        return sorted(self._aws.names() + self._terraform.names())

    def _read(self, type_: str) -> Block | None:
        if type_.startswith("terraform."):
            data = self._terraform.get(type_)
            return read_schema(data) if data else None
        data = self._aws.get(type_)
        if data is None:
            return None
        changes = self._changes.get(type_)
        data = with_changes(data, changes) if changes else data
        if type_ == "provider.aws":
            provider = read_schema(data)
            return Block({**provider.attributes, **_PROVIDER_META}, provider.blocks)
        written = read_schema(with_changes(data, self._changes.get("*")))
        if type_.startswith("data."):
            return written
        return Block(
            {**written.attributes, "depends_on": _LIST_OF_TEXT},
            {**written.blocks, "lifecycle": LIFECYCLE, "provider": self.schema("provider.aws") or Block()},
        )


@cache
def load_facts() -> AwsFacts:
    """The facts of this installation; made once a process, cheap until something is looked up."""
    return AwsFacts()
