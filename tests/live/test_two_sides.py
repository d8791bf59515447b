"""One rule, two sides: the code of a system and the account that terraform made of it get the same verdicts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from scanner.model.finding import Verdict
from tests.live.changes_by_hand import CHANGES
from tests.live.conftest import Hold
from tests.live.holding import DECIDED, audited, failing, scanned, verdicts
from tests.live.systems import SYSTEMS, System

DIFFERENCES: dict[str, Any] = yaml.safe_load((Path(__file__).parent / "differences.yaml").read_text(encoding="utf-8"))
BESIDE_ONNO = [system for system in SYSTEMS.values() if system.name != "onno"]


def named(system: object) -> str | None:
    return system.name if isinstance(system, System) else None


@pytest.mark.parametrize("system", SYSTEMS.values(), ids=named)
def test_code_and_account_have_the_same_verdicts(system: System, hold: Hold, monkeypatch: pytest.MonkeyPatch) -> None:
    expected = DIFFERENCES[system.name]
    code = verdicts(scanned(system).findings)
    account = verdicts(audited(system, hold(system).inventory, monkeypatch).findings)
    both = {name for name in code.keys() & account.keys() if code[name] | account[name] <= DECIDED}
    assert {name for name in both if code[name] != account[name]} == set(expected["differ"])
    assert len(both) >= expected["both"]
    # What one side leaves open is either nothing that an account can show, or listed.
    said = {name for name in code if name not in both and Verdict.NOT_APPLICABLE not in account[name]}
    assert said == set(expected["undecided"])


@pytest.mark.parametrize("system", BESIDE_ONNO, ids=named)
def test_the_account_is_clean(system: System, hold: Hold, monkeypatch: pytest.MonkeyPatch) -> None:
    report = audited(system, hold(system).inventory, monkeypatch)
    found = verdicts(report.findings, required=True)
    open_ = {name for name, verdict in found.items() if verdict & {Verdict.FAIL, Verdict.UNKNOWN}}
    assert open_ <= set(DIFFERENCES[system.name]["undecided"])


@pytest.mark.parametrize(
    ("system", "change"),
    [(system, change) for system in BESIDE_ONNO for change in CHANGES[system.name]],
    ids=lambda given: named(given) or given.what,
)
def test_a_change_by_hand_is_found(system: System, change: Any, hold: Hold) -> None:
    held = hold(system)
    try:
        change.done.make(held.account)
        assert failing(system, held.after(change.types)) - held.failing == {change.found_by} | change.also
    finally:
        change.undone.make(held.account)
