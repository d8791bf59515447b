"""Plans and states that are named themselves, each read as what it is.

A directory that is scanned is read as code; a plan or state in it stays unread, because it says the same again.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from scanner.model.inventory import Inventory, Level, Notification
from scanner.model.resource_type import Facts
from scanner.sources.manifests import STDIN
from scanner.sources.plan import Document, Kind, kind_of, read_plan
from scanner.sources.state import read_state

_CODE: Final = re.compile(r".*\.(?:tf|tofu|tfvars)(?:\.json)?|.*\.(?:hcl|ya?ml)")
_HEAD: Final = 4096
_STARTS: Final = re.compile(rb"PK\x03\x04|\xff\xfe\s*\{|\xfe\xff\x00?\s*\{|(?:\xef\xbb\xbf)?\s*\{", re.DOTALL)
_IN_FILES: Final = (
    "terraform.backend", "*/*", "dockerfile", "compose_*", "env_file", "github_*", "prometheus_*", "alertmanager_*",
    "grafana_*", "file",
)  # fmt: skip
ALONE: Final = Notification(
    Level.WARNING, "plans and states do not tell of manifests, files and the backend of the state", None, _IN_FILES
)
"""What it means that nothing else is read."""
_NO_PROVIDERS: Final = Notification(
    Level.WARNING, "states do not tell how providers are configured", None, ("provider.*",)
)


def document_of_file(path: Path, base: Path) -> Document | None:
    """The file as a document that may be a plan or state, None where it clearly is none."""
    if _CODE.fullmatch(path.name):
        return None
    try:
        with path.open("rb") as file:
            if not _STARTS.match(file.read(_HEAD)):
                return None
    except OSError:
        return None
    name = path.relative_to(base).as_posix() if path.is_relative_to(base) else path.as_posix()
    return Document.of_file(path, name)


def split(
    paths: Sequence[Path], base: Path, standard_input: bytes | None = None
) -> tuple[list[tuple[Document, Kind]], list[Path]]:
    """The plans and states among paths and on standard input, and the other paths.

    Raises SourceError for what terraform writes but nobody else can read.
    """
    found: list[tuple[Document, Kind]] = []
    rest: list[Path] = []
    for path in paths:
        document = None if path.is_dir() else document_of_file(path, base)
        kind = kind_of(document) if document else None
        if document is not None and kind is not None:
            found.append((document, kind))
        else:
            rest.append(path)
    if standard_input is not None and _STARTS.match(standard_input[:_HEAD]):
        document = Document.of_bytes(standard_input, STDIN)
        kind = kind_of(document)
        if kind is not None:
            found.append((document, kind))
    return found, rest


def read_documents(documents: Sequence[tuple[Document, Kind]], facts: Facts | None) -> Inventory:
    """Everything in them. Raises SourceError where one cannot be opened."""
    inventory = Inventory()
    for document, kind in documents:
        found = read_plan(document, facts).inventory if kind is Kind.PLAN else read_state(document, kind, facts)
        inventory.extend(found)
    if any(kind is not Kind.PLAN for _, kind in documents):
        inventory.notifications.append(_NO_PROVIDERS)
    return inventory
