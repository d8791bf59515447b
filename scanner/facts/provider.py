"""One provider's part of the facts: its schemas, the differences of another major version, and its defaults."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from scanner.facts.defaults import DefaultTable
from scanner.facts.lines import SortedLines
from scanner.facts.schema import with_changes

_CHANGES = {"aws": ("aws-6", 6), "azurerm": ("azurerm-3", 4)}
"""The file of differences to the recorded major version, and the major version that removes what is marked there.

AWS: recorded is 5, the differences lead to 6. Azure: recorded is 4, the differences are what only 3 has.
"""
KUBERNETES = "kubernetes"
MANIFESTS = "manifests"
PROVIDERS = ("aws", "azuread", "azurerm", KUBERNETES, MANIFESTS, "terraform")
"""Everything that facts are kept of; Kubernetes, other manifests and Terraform's own blocks count as providers here."""
_PREFIXES = frozenset(PROVIDERS) - {KUBERNETES, MANIFESTS, "terraform"}
_MANIFEST_TYPES = frozenset({"compose_service", "prometheus_config", "alertmanager_config"})
"""Formats without a recorded schema whose documentation says what holds where a file is silent."""


def provider_of(type_: str) -> str | None:
    """The provider that a type belongs to, or None where no facts are kept of it."""
    if "/" in type_:
        return KUBERNETES
    if type_ in _MANIFEST_TYPES:
        return MANIFESTS
    if type_.startswith("terraform."):
        return "terraform"
    name = type_.removeprefix("data.").removeprefix("provider.").partition("_")[0]
    return name if name in _PREFIXES else None


class Provider:
    """The data files of one provider, each read when it is first needed."""

    def __init__(self, directory: Path, name: str) -> None:
        changes, self._major = _CHANGES.get(name, ("", 0))
        self.defaults = DefaultTable(directory / "defaults" / f"{name}.tsv")
        self._schemas = SortedLines(directory / "schemas" / f"{name}.jsonl")
        self._changes = SortedLines(directory / "schemas" / f"{changes}.jsonl") if changes else None

    def schema(self, type_: str) -> dict[str, Any] | None:
        """The recorded short form of a type's schema, with the differences of the other major version."""
        data: dict[str, Any] | None = self._schemas.get(type_)
        changes = self._changes.get(type_) if self._changes else None
        if data is None or not changes:
            return data or changes
        return with_changes(data, changes, self._major)

    def everywhere(self, data: dict[str, Any]) -> dict[str, Any]:
        """The short form with what the other major version gives to every resource and data source."""
        changes = self._changes.get("*") if self._changes else None
        return with_changes(data, changes, self._major) if changes else data

    def names(self) -> list[str]:
        """Every type that this provider has, in whichever major version."""
        later = self._changes.names() if self._changes else []
        return sorted({*self._schemas.names(), *later} - {"*"})
