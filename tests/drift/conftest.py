"""The Onno account as terraform made it, and the same account after everything that was changed by hand."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from scanner.model.report import Report
from scanner.sources.aws.maps import known_types, spellings
from scanner.sources.snapshot import Header, write_snapshot
from tests.drift.comparing import compared
from tests.drift.hand_changes import CHANGES
from tests.live.account import ACCOUNT, LocalAccount
from tests.live.conftest import source

ONNO = Path(__file__).resolve().parents[2] / "examples" / "onno"


@dataclass(frozen=True)
class Accounts:
    """Snapshots of the account before and after the changes."""

    clean: Path
    changed: Path


@pytest.fixture(scope="session")
def accounts(tmp_path_factory: pytest.TempPathFactory) -> Accounts:
    """Both snapshots, of an account of their own."""
    directory = tmp_path_factory.mktemp("accounts")
    found = Accounts(directory / "clean.jsonl", directory / "changed.jsonl")
    with LocalAccount.started() as account:
        account.play()
        store(account, found.clean)
        for change in CHANGES:
            change.make(account)
        store(account, found.changed)
    return found


def store(account: LocalAccount, path: Path) -> None:
    """Everything that is read of the account, as a snapshot."""
    types = known_types() | frozenset(spellings())
    header = Header("2026-01-02T00:00:00Z", "aws", {"account": ACCOUNT}, (), types)
    write_snapshot(path, header, source(account).stream())


@pytest.fixture(scope="session")
def clean(accounts: Accounts) -> Report:
    """The example against the account that was made of it."""
    return compared(ONNO, accounts.clean)


@pytest.fixture(scope="session")
def changed(accounts: Accounts) -> Report:
    """The example against the account with all changes."""
    return compared(ONNO, accounts.changed)
