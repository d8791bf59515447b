"""Facts about resource types that hold for every system: schema and provider defaults."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from scanner.model.value import Plain, Value


@dataclass(slots=True, frozen=True)
class Default:
    """What a provider uses where code is silent. `source` names the provider's documentation page."""

    value: Plain
    source: str


@dataclass(slots=True, frozen=True)
class Attribute:
    """One attribute of a resource type's schema. `type` is Terraform's type in short form (`bool`, `list(string)`).

    `since` and `until` are the major versions of the provider that brought the attribute and that no longer have it;
    0 where that does not matter.
    """

    type: str
    required: bool = False
    optional: bool = False
    computed: bool = False
    sensitive: bool = False
    deprecated: bool = False
    since: int = 0
    until: int = 0


@dataclass(slots=True, frozen=True)
class Block:
    """A schema: attributes and nested blocks. `nesting` is single, list, set or map; `until` as in Attribute."""

    attributes: Mapping[str, Attribute] = field(default_factory=dict)
    blocks: Mapping[str, Block] = field(default_factory=dict)
    nesting: str = "single"
    min_items: int = 0
    max_items: int = 0
    until: int = 0


class Facts(Protocol):
    """Answers questions about resource types; made by scanner.facts and handed down by scan."""

    def schema(self, type_: str) -> Block | None:
        """The schema of a resource type, or None where none is known."""

    def default(self, type_: str, path: str, resource: Value | None = None) -> Default | None:
        """What is in force where nothing is written at `path` (`metadata_options.http_tokens`; indexes may be given).

        `resource` are the attributes of the resource in question. Some defaults depend on them (on the engine, or on
        the enclosing block being written at all); without them only the defaults that always hold are answered.
        """

    def sensitive(self, type_: str, path: str) -> bool:
        """Whether the provider marks the attribute at a path as sensitive."""

    def types(self, like: str) -> Sequence[str]:
        """The known types of the provider of this one (of the same API group and version in Kubernetes), sorted.

        For suggestions where a rule names a type that does not exist; empty where no types are known to choose from.
        """
