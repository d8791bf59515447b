"""Live Azure subscriptions, in the names that Terraform's azurerm provider has for what is there."""

from scanner.sources.azure.options import AzureOptions
from scanner.sources.azure.permissions import permissions
from scanner.sources.azure.source import AzureSource

__all__ = ["AzureOptions", "AzureSource", "permissions"]
