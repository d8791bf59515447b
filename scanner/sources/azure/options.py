"""What to read of which subscriptions, and how."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class AzureOptions:
    """How the Azure source works.

    types            the resource types to read; None: all that are known
    subscriptions    ids of the subscriptions to read; none: every one that the credential can see
    resource_groups  names of the resource groups to read; none: all. What belongs to no group is read in any case
    credential       a credential of azure-identity; None: DefaultAzureCredential
    endpoint         another endpoint of the Resource Manager
    workers          how many calls are under way at once
    timeout_seconds  how long one answer may take
    attempts         how often a call is tried before it counts as failed
    graph            whether Resource Graph is asked first, where its client is installed
    """

    types: frozenset[str] | None = None
    subscriptions: Sequence[str] = ()
    resource_groups: Sequence[str] = ()
    credential: Any = None
    endpoint: str | None = None
    workers: int = 8
    timeout_seconds: float = 20
    attempts: int = 6
    graph: bool = True
