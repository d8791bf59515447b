"""What a reader of one format of manifests looks like to the source that finds their files."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol, TypeAlias

from scanner.model.inventory import Inventory
from scanner.model.value import Value
from scanner.sources.manifests.files import Bytes


class Syntax(StrEnum):
    """How a file is taken apart before a reader sees it."""

    YAML = "yaml"
    """Documents of YAML or JSON."""
    TEXT = "text"
    """Not at all: the file is one document without a value."""


@dataclass(slots=True)
class ManifestDocument:
    """One document of a file.

    path     of its file, as locations name it (`<stdin>` for standard input)
    text     of its whole file
    value    what it says; null for Syntax.TEXT
    """

    path: str
    text: str
    value: Value


Neighbour: TypeAlias = Callable[[str], "str | None"]
"""The text of another file by its path relative to the scanned directory; None where it cannot be read."""


class Reader(Protocol):
    """Reads one format.

    types    what its files may hold: resource types, also with `*`. A file of the format that cannot be read hides them
    yaml_11  whether yes, no, on and off are booleans in its files, as in Kubernetes
    """

    @property
    def name(self) -> str:
        """The format as messages name it."""

    @property
    def syntax(self) -> Syntax:
        """How its files are taken apart."""

    @property
    def types(self) -> tuple[str, ...]:
        """The resource types that it makes."""

    @property
    def yaml_11(self) -> bool:
        """Whether YAML is read as version 1.1."""

    def claims(self, path: str, data: Bytes) -> bool:
        """Whether a file may be of the format: a cheap test of its name and bytes before anything is parsed."""

    def detects(self, path: str, value: Value) -> bool:
        """Whether a document is of the format."""

    def read(self, documents: Sequence[ManifestDocument], neighbour: Neighbour) -> Inventory:
        """The resources in all documents of the format that a scan found, and what could not be read."""
