"""The facts that policies, drift and reports ask for, answered from data files and read only as far as needed."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from scanner.facts.provider import KUBERNETES, PROVIDERS, Provider, provider_of
from scanner.facts.schema import read_attribute, read_schema
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


class ProviderFacts:
    """Schemas and defaults of the AWS, Azure and Entra ID providers, of Kubernetes and of Terraform's own blocks.

    Satisfies scanner.model.resource_type.Facts. Only the files of the provider that a question is about are opened.
    A resource's schema also has the names that Terraform itself gives to resources: `depends_on`, `lifecycle` and
    `provider`.
    """

    def __init__(self, directory: Path = _DATA) -> None:
        self._providers = {name: Provider(directory, name) for name in PROVIDERS}
        self._schemas: dict[str, Block | None] = {}

    def schema(self, type_: str) -> Block | None:
        """The schema of a resource type, data source (`data.aws_x`) or `provider.aws`; None for unknown types."""
        if type_ not in self._schemas:
            self._schemas[type_] = self._read(type_)
        return self._schemas[type_]

    def default(self, type_: str, path: str, resource: Value | None = None) -> Default | None:
        """See scanner.model.resource_type.Facts."""
        name = provider_of(type_)
        return self._providers[name].defaults.get(type_, path, resource) if name else None

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

    def types(self, like: str) -> list[str]:
        """See scanner.model.resource_type.Facts."""
        name = provider_of(like)
        if name is None:
            return []
        names = self._providers[name].names()
        group = like.rpartition("/")[0] + "/" if name == KUBERNETES else ""
        return [known for known in names if known.startswith(group)]

    def _read(self, type_: str) -> Block | None:
        name = provider_of(type_)
        if name is None:
            return None
        provider = self._providers[name]
        data = provider.schema(type_)
        if data is None:
            return None
        if name in ("terraform", KUBERNETES):
            return read_schema(data)
        own = f"provider.{name}"
        if type_ == own:
            block = read_schema(data)
            return Block({**block.attributes, **_PROVIDER_META}, block.blocks)
        written = read_schema(provider.everywhere(data))
        if type_.startswith("data."):
            return written
        return Block(
            {**written.attributes, "depends_on": _LIST_OF_TEXT},
            {**written.blocks, "lifecycle": LIFECYCLE, "provider": self.schema(own) or Block()},
            until=written.until,
        )


@cache
def load_facts() -> ProviderFacts:
    """The facts of this installation; made once a process, cheap until something is looked up."""
    return ProviderFacts()
