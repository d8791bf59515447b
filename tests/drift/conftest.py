"""The Onno account as terraform made it, and the same account after everything that was changed by hand."""

from __future__ import annotations

import json
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
from tests.sources.snapshot.config_export import items_of

ONNO = Path(__file__).resolve().parents[2] / "examples" / "onno"


@dataclass(frozen=True)
class Accounts:
    """Snapshots of the account before and after the changes, and as AWS Config records it."""

    clean: Path
    changed: Path
    config: Path
    config_changed: Path


@pytest.fixture(scope="session")
def accounts(tmp_path_factory: pytest.TempPathFactory) -> Accounts:
    """Both snapshots, of an account of their own."""
    directory = tmp_path_factory.mktemp("accounts")
    names = ("clean.jsonl", "changed.jsonl", "config.json", "config_changed.json")
    found = Accounts(*(directory / name for name in names))
    with LocalAccount.started() as account:
        account.play()
        store(account, found.clean)
        record(account, found.config)
        for change in CHANGES:
            change.make(account)
        store(account, found.changed)
        record(account, found.config_changed)
    return found


def record(account: LocalAccount, path: Path) -> None:
    """A configuration snapshot of AWS Config."""
    items = list(items_of(account.client, account.account, account.regions))
    path.write_text(json.dumps({"fileVersion": "1.0", "configSnapshotId": "0", "configurationItems": items}))


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
