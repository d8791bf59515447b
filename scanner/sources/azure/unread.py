"""What is not read from a subscription: attributes (unread.tsv, written by tools/azure_unread.py) and whole types."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Final

_NONE: Final[frozenset[str]] = frozenset()
ELSEWHERE: Final[Mapping[str, str]] = {
    "azurerm_application_gateway_backend_health": "it is asked for by a POST",
    "azurerm_key_vault_certificate": "the vault itself tells it, not the Resource Manager",
    "azurerm_monitor_activity_log_event": "events are not read",
    "azurerm_reservation": "it belongs to the tenant, not to a subscription",
    "azuread_*": "Entra ID tells it, not the Resource Manager",
}
"""Types that requirements speak of and that the Resource Manager does not tell by reading a path, with the reason."""

SPELLINGS: Final = frozenset({"azurerm_network_security_rule", "azurerm_servicebus_namespace_network_rule_set"})
"""Types that are other ways to write what is read as a part of another resource."""


def unread(type_: str, path: str = "") -> frozenset[str]:
    """The names that Terraform knows in a resource, or in its nested block at `path`, and that are not read."""
    return _table().get((type_, path), _NONE)


@cache
def _table() -> Mapping[tuple[str, str], frozenset[str]]:
    text = (files("scanner.sources.azure") / "unread.tsv").read_text("utf-8")
    rows = (line.split("\t") for line in text.splitlines())
    return {(type_, path): frozenset(names.split()) for type_, path, names in rows}
