"""The Onno account as terraform made it, in a server of its own for the whole run."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from scanner.model.inventory import Inventory
from scanner.sources.aws import AwsOptions, AwsSource
from tests.live.account import REGIONS, LocalAccount, session


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
