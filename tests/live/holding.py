"""The accounts of the systems, held while tests ask them, and what is decided about them and about their code."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

import pytest

from scanner.audit import AuditRequest, audit
from scanner.facts import load_facts
from scanner.model.finding import Enforce, Finding, Kind, Verdict
from scanner.model.inventory import Inventory, Notification
from scanner.model.report import Report
from scanner.model.resource import Origin, Resource
from scanner.policy.baseline import load_baseline
from scanner.policy.evaluate import evaluate_baseline
from scanner.policy.library import Library
from scanner.policy.needs import needed_types
from scanner.scan import Request, scan
from scanner.sources import live
from scanner.sources.aws import AwsOptions, AwsSource
from tests.live.account import LocalAccount, session
from tests.live.systems import System

DECIDED = frozenset({Verdict.PASS, Verdict.FAIL})


@dataclass(frozen=True)
class Held:
    """A system whose account is as its apply left it; `inventory` is what its baseline looks at of it."""

    system: System
    account: LocalAccount
    inventory: Inventory

    @classmethod
    @contextmanager
    def started(cls, system: System) -> Iterator[Held]:
        """The account in a server of its own that ends with the block."""
        with LocalAccount.started(None, system.account, system.regions) as account:
            account.play(system.record)
            yield cls(system, account, source(account, *looked_at(system)).collect())

    @cached_property
    def failing(self) -> set[str]:
        """The requirements that are broken as it is."""
        return failing(self.system, self.inventory)

    def after(self, types: Iterable[str]) -> Inventory:
        """The inventory with some types read again."""
        again = frozenset(types)
        kept = [item for item in self.inventory.resources if item.type not in again]
        fresh = source(self.account, *again).collect()
        return Inventory(kept + fresh.resources, [*self.inventory.notifications, *fresh.notifications])


def source(account: LocalAccount, *types: str) -> AwsSource:
    """A source for the account, of some types only where some are named."""
    options = AwsOptions(
        types=frozenset(types) or None, regions=account.regions, endpoint_url=account.endpoint, attempts=2, workers=8
    )
    return AwsSource(options, lambda _options, _account: session())


@cache
def looked_at(system: System) -> frozenset[str]:
    """The types that its baseline looks at in an account; none where it may be any."""
    types = {type_ for type_ in needed_types(_baseline(system)) if type_.startswith("aws_")}
    return frozenset() if any("*" in type_ for type_ in types) else frozenset(types)


@cache
def _baseline(system: System) -> Any:
    return load_baseline(system.config.baselines[0], Library.load(None, load_facts()), load_facts())


class _Told:
    """A source that tells what was read before."""

    def __init__(self, inventory: Inventory) -> None:
        self._inventory = inventory

    def stream(self) -> Iterator[Resource | Notification]:
        yield from self._inventory.resources
        yield from self._inventory.notifications

    def identity(self) -> dict[str, str]:
        return {}


def audited(system: System, inventory: Inventory, monkeypatch: pytest.MonkeyPatch) -> Report:
    """The report of an audit that reads this inventory."""
    opened = live.Opened(_Told(inventory), looked_at(system))
    monkeypatch.setitem(live._OPEN, Origin.AWS, lambda _reach, _types: opened)
    config = system.config
    return audit(AuditRequest(Origin.AWS, config.baselines, inputs=config.inputs, bindings=config.bind))


def scanned(system: System) -> Report:
    """The report of a scan of its code."""
    config = system.config
    files = [str(system.example / file) for file in config.var_files]
    return scan(
        Request([system.example], config.baselines, var_files=files, inputs=config.inputs, bindings=config.bind)
    )


def failing(system: System, inventory: Inventory) -> set[str]:
    """The requirements that an audit of this inventory finds broken."""
    found = evaluate_baseline(
        _baseline(system), inventory, load_facts(), inputs=system.config.inputs, bindings=system.config.bind,
        live=True, origins=[Origin.AWS],
    )  # fmt: skip
    return {item.requirement or "" for item in found if item.verdict is Verdict.FAIL}


def verdicts(findings: Iterable[Finding], *, required: bool = False) -> dict[str, set[Verdict]]:
    """What was said about each static requirement, of those that are required where only they are asked for."""
    result: dict[str, set[Verdict]] = defaultdict(set)
    for finding in findings:
        if finding.kind is Kind.STATIC and (finding.enforce is Enforce.REQUIRED or not required):
            result[finding.requirement or ""].add(finding.verdict)
    return result
