"""The Azure source: every wanted path of every subscription, read at once with bounded workers."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Final

from scanner.model.inventory import Inventory, Level, Notification
from scanner.model.resource import Resource
from scanner.sources.azure.arm import Arm, Manager
from scanner.sources.azure.failures import Failure
from scanner.sources.azure.graph import PERMISSION, Graphed, Rows, ask, kinds_of
from scanner.sources.azure.maps import Read, all_reads
from scanner.sources.azure.options import AzureOptions
from scanner.sources.azure.permissions import read_types, unread_types
from scanner.sources.azure.unit import Breaker, Found, Unit

_SUBSCRIPTIONS_API: Final = "2022-12-01"
_AT_ONCE: Final = 50
"""So many subscriptions are asked for in one query: this bounds the memory."""
_ANY: Final = "00000000-0000-0000-0000-000000000000"


class AzureSource:
    """Reads subscriptions of Azure. Nothing is called before `collect`, `stream` or `identity` is."""

    def __init__(self, options: AzureOptions) -> None:
        self._options = options

    def collect(self) -> Inventory:
        """Everything that could be read, ordered by subscription, region, type and address."""
        return Inventory.gathered(self.stream())

    def stream(self) -> Iterator[Found]:
        """Resources and notifications, subscription by subscription."""
        for name, why in unread_types(self._options.types).items():
            yield Notification(Level.WARNING, f"{name} is not read from a subscription: {why}", None, (name,))
        types = read_types(self._options.types)
        reads = [cut for cut in (read.wanted(types) for read in all_reads()) if cut is not None]
        try:
            subscriptions = self._subscriptions()
        except Failure as failure:
            yield _unreadable("subscriptions", failure)
            return
        if not subscriptions:
            yield Notification(Level.ERROR, "the credentials can read no subscription")
        for start in range(0, len(subscriptions), _AT_ONCE):
            part = subscriptions[start : start + _AT_ONCE]
            rows = yield from self._rows(part, reads)
            for subscription in part:
                arm = Arm(subscription, self._options)
                try:
                    yield from self._subscription(subscription, _faster(arm, subscription, rows), reads)
                finally:
                    arm.close()

    def identity(self) -> Mapping[str, str]:
        """Tenant, id and name of the first subscription. Raises Failure."""
        arm = Arm(_ANY, self._options)
        try:
            wanted = next(iter(self._subscriptions()), _ANY)
            said = arm.get(f"/subscriptions/{wanted}", _SUBSCRIPTIONS_API)
        finally:
            arm.close()
        names = {"subscription": "subscriptionId", "name": "displayName", "tenant": "tenantId"}
        return {name: str(said[field]) for name, field in names.items() if field in said}

    def _subscriptions(self) -> list[str]:
        if self._options.subscriptions:
            return list(self._options.subscriptions)
        arm = Arm(_ANY, self._options)
        try:
            found = list(arm.items("/subscriptions", _SUBSCRIPTIONS_API))
        finally:
            arm.close()
        return sorted(str(item["subscriptionId"]) for item in found if item.get("subscriptionId"))

    def _rows(self, subscriptions: list[str], reads: list[Read]) -> Generator[Found, None, Rows | None]:
        """What Resource Graph has of some subscriptions; without it everything is listed, and nothing is lost."""
        kinds = kinds_of(reads)
        if not self._options.graph or not kinds:
            return None
        try:
            return ask(subscriptions, kinds, self._options)
        except ModuleNotFoundError:
            return None
        except Failure as failure:
            missing = f" (missing permission {PERMISSION})" if failure.denied else ""
            said = f"Resource Graph: {failure.reason}{missing}: every type is listed instead"
            yield Notification(Level.NOTE, said)
            return None

    def _subscription(self, subscription: str, arm: Manager, reads: list[Read]) -> Iterator[Found]:
        groups: tuple[str | None, ...] = tuple(self._options.resource_groups) or (None,)
        account = Breaker()
        units = []
        for read in reads:
            whole = isinstance(read.path.text, str) and read.path.text.startswith("/")
            units += [Unit(read, subscription, group, arm, account) for group in ((None,) if whole else groups)]
        with ThreadPoolExecutor(self._options.workers, "azure") as workers:
            listed = [workers.submit(_index, arm, group) for group in groups]
            seen: set[str] = set()
            for found in workers.map(lambda unit: list(unit.run()), units):
                for one in found:
                    if not isinstance(one, Resource) or (one.type + one.address) not in seen:
                        yield one
                    if isinstance(one, Resource):
                        seen.add(one.type + one.address)
            for index in listed:
                yield from _missing(index.result(), subscription, units)


def _faster(arm: Arm, subscription: str, rows: Rows | None) -> Manager:
    """What reads a subscription: with the help of the graph where that can be checked."""
    try:
        return arm if rows is None else Graphed(arm, subscription, rows)
    except Failure:
        return arm  # the list of all resources fails again where it is said


def _index(arm: Manager, group: str | None) -> list[str] | Failure:
    try:
        return list(arm.index(group))
    except Failure as failure:
        return failure


def _missing(index: list[str] | Failure, subscription: str, units: list[Unit]) -> Iterator[Notification]:
    """What the list of all resources names and no path has delivered: nothing of it is known."""
    if isinstance(index, Failure):
        yield _unreadable(f"resources of {subscription}", index)
        return
    read = set[str]().union(*(unit.ids for unit in units))
    # A path with a filter delivers some of what is listed.
    kinds = {unit.read.path.kind.lower(): unit.read for unit in units if not unit.read.path.query}
    for id_ in sorted({each.lower() for each in index} - read):
        kind = id_.rpartition("/providers/")[2].split("/")
        if len(kind) == 3 and (found := kinds.get("/".join(kind[:2]))) is not None:
            yield Notification(Level.ERROR, f"{id_} is listed but was not read", None, tuple(sorted(found.types())))


def _unreadable(what: str, failure: Failure) -> Notification:
    missing = " (missing permission Microsoft.Resources/subscriptions/resources/read)" if failure.denied else ""
    return Notification(Level.ERROR, f"{what}: {failure.reason}{missing}")
