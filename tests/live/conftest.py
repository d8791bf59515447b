"""The Onno account as terraform made it and as it works, in a server of its own for the whole run."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import TypeAlias

import boto3
import pytest

from scanner.model.inventory import Inventory
from scanner.sources.aws import AwsOptions, AwsSource
from tests.live.account import REGIONS, LocalAccount, session
from tests.live.beside import beside
from tests.live.holding import Held
from tests.live.running import work
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
    """The account with everything that the apply of examples/onno made, and that the system does every day."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MOTO_ACM_VALIDATION_WAIT", "-1")  # certificates are validated at once
        with LocalAccount.started() as started:
            started.play()
            work(started)
            yield started


@pytest.fixture(scope="session")
def sessions() -> Iterator[Callable[[], boto3.Session]]:
    """Makes sessions that ask the server beside moto for what moto cannot hold."""
    with beside() as made:
        yield made


@pytest.fixture(scope="session")
def inventory(account: LocalAccount, sessions: Callable[[], boto3.Session]) -> Inventory:
    """Everything that is read from it."""
    return source(account, sessions=sessions).collect()


def source(account: LocalAccount, *types: str, sessions: Callable[[], boto3.Session] = session) -> AwsSource:
    """A source for the account, of some types only where some are named."""
    options = AwsOptions(
        types=frozenset(types) or None, regions=REGIONS, endpoint_url=account.endpoint, attempts=2, workers=8
    )
    return AwsSource(options, lambda _options, _account: sessions())
