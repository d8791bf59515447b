"""The accounts as terraform made them, each in a server of its own for the whole run."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import TypeAlias

import pytest

from scanner.model.inventory import Inventory
from scanner.sources.aws import AwsOptions, AwsSource
from tests.live.account import REGIONS, LocalAccount, session
from tests.live.holding import Held
from tests.live.systems import System

Hold: TypeAlias = Callable[[System], Held]


@pytest.fixture(scope="session")
def hold() -> Iterator[Hold]:
    """Starts the account of a system when a test first asks for it; it lasts for the whole run."""
    held: dict[str, Held] = {}
    with ExitStack() as stack:

        def started(system: System) -> Held:
            if system.name not in held:
                held[system.name] = stack.enter_context(Held.started(system))
            return held[system.name]

        yield started


@pytest.fixture(scope="session")
def account() -> Iterator[LocalAccount]:
    """The account with everything that the apply of examples/onno made."""
    with LocalAccount.started() as started:
        started.play()
        yield started


@pytest.fixture(scope="session")
def inventory(account: LocalAccount) -> Inventory:
    """Everything that is read from it."""
    return source(account).collect()


def source(account: LocalAccount, *types: str) -> AwsSource:
    """A source for the account, of some types only where some are named."""
    options = AwsOptions(
        types=frozenset(types) or None, regions=REGIONS, endpoint_url=account.endpoint, attempts=2, workers=8
    )
    return AwsSource(options, lambda _options, _account: session())
