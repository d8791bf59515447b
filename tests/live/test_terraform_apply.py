"""The real apply of examples/onno with the real provider makes what the record holds; where terraform is at hand."""

from __future__ import annotations

import os
from collections import Counter
from pathlib import Path

import pytest

from scanner.model.inventory import Inventory
from tests.live.account import LocalAccount
from tests.live.conftest import source
from tests.live.systems import ONNO
from tools import record_account


@pytest.mark.slow
@pytest.mark.skipif(record_account.MIRROR not in os.environ, reason=f"{record_account.MIRROR} is not set")
def test_the_record_is_what_terraform_makes(tmp_path: Path) -> None:
    with LocalAccount.started() as account:
        account.play()
        played = source(account).collect()
    with LocalAccount.started() as account:
        record_account.prepare(account, ONNO)
        record_account.apply(account, ONNO, tmp_path)
        applied = source(account).collect()
    assert names(applied) == names(played)


def names(inventory: Inventory) -> Counter[tuple[str, str]]:
    """How many of which type are where; names may hold addresses and ids, which are drawn anew."""
    return Counter((item.root, item.type) for item in inventory.resources)
