"""Reading a local subscription."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from scanner.model.inventory import Inventory
from scanner.sources.azure import AzureOptions, AzureSource
from tests.http_server import Answer, Asked
from tests.sources.azure.arm_server import arm
from tests.sources.azure.tripgen import Body


class Credential:
    """No token ever goes to a local server."""

    def get_token(self, *_: str, **__: Any) -> Any:
        """Fails the test."""
        raise AssertionError("a token was asked for")


def collect(
    bodies: dict[str, Body],
    types: Iterable[str] | None = None,
    faults: dict[str, list[Answer]] | None = None,
    lagging: tuple[str, ...] = (),
    **options: Any,
) -> tuple[Inventory, list[Asked]]:
    """What the source reads of a subscription with these bodies, and what it asked for."""
    wanted = None if types is None else frozenset(types)
    with arm(bodies, faults, lagging) as (url, asked):
        given = {"types": wanted, "endpoint": url, "credential": Credential(), "attempts": 3, "graph": False, **options}
        return AzureSource(AzureOptions(**given)).collect(), asked
