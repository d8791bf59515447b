"""The AWS source: every wanted listing of every account and region, read at once with bounded workers."""

from __future__ import annotations

import queue
import threading
from collections.abc import Iterator, Mapping
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Final

from scanner.model.inventory import Inventory, Level, Notification
from scanner.sources.aws.failures import Failure
from scanner.sources.aws.maps import Read, ServiceMap, service_maps
from scanner.sources.aws.options import AwsOptions
from scanner.sources.aws.permissions import read_types, unread_types
from scanner.sources.aws.session import HOME, Clients, SessionFactory, open_session
from scanner.sources.aws.shape import Place
from scanner.sources.aws.unit import Breaker, Found, Unit

_MOST_WAITING: Final = 1000
"""How many results wait for the consumer at most: this bounds the memory."""
_GLOBAL: Final = "global"
_PATIENCE: Final = 0.1
"""How often, in seconds, a waiting worker looks whether anybody still wants its results."""


@dataclass(frozen=True, slots=True)
class _Done:
    """Says that a unit has ended, and what it was ended by, if by an error of the program."""

    error: BaseException | None = None


class AwsSource:
    """Reads accounts of AWS. Nothing is called before `collect`, `stream` or `identity` is."""

    def __init__(self, options: AwsOptions, session_factory: SessionFactory = open_session) -> None:
        self._options = options
        self._session_factory = session_factory
        self._clients: dict[str | None, Clients] = {}

    def collect(self) -> Inventory:
        """Everything that could be read, ordered by account, region, type and address."""
        return Inventory.gathered(self.stream())

    def stream(self) -> Iterator[Found]:
        """Resources and notifications as they come, in no order, with bounded memory."""
        types = read_types(self._options.types)
        for name in unread_types(types):
            yield Notification(Level.WARNING, f"{name} is not read from an account", None, (name,))
        for account in self._options.accounts or (None,):
            yield from self._account(account, types)

    def identity(self) -> Mapping[str, str]:
        """Account and ARN of the caller, of the first account where there are several. Raises Failure."""
        return self._of(next(iter(self._options.accounts), None)).identity()

    def regions(self) -> list[str]:
        """The regions that are read. Raises Failure."""
        return list(self._options.regions) or self._of(next(iter(self._options.accounts), None)).enabled_regions()

    def _of(self, account: str | None) -> Clients:
        if account not in self._clients:
            self._clients[account] = Clients(self._session_factory(self._options, account), self._options)
        return self._clients[account]

    def _account(self, account: str | None, types: frozenset[str]) -> Iterator[Found]:
        clients = self._of(account)
        try:
            number = clients.identity()["account"]
            regions = list(self._options.regions) or clients.enabled_regions()
        except Failure as failure:
            yield _unreadable(account, failure)
            return
        with (
            ThreadPoolExecutor(self._options.workers, "aws-details") as details,
            ThreadPoolExecutor(self._options.workers, "aws") as workers,
        ):
            yield from _run(_units(clients, number, regions, types, details), workers)


def _unreadable(account: str | None, failure: Failure) -> Notification:
    missing = {"DescribeRegions": "ec2:DescribeRegions", "GetCallerIdentity": "sts:GetCallerIdentity"}
    said = f"account {account or 'of the credentials'}: {failure}"
    if failure.denied and failure.operation in missing:
        said += f" (missing permission {missing[failure.operation]})"
    return Notification(Level.ERROR, said)


def _units(
    clients: Clients, account: str, regions: list[str], types: frozenset[str], details: Executor
) -> Iterator[Unit]:
    """What there is to read in an account."""
    whole = Breaker()
    for service in service_maps():
        reads = [read for read in (item.wanted(types) for item in service.reads) if read is not None]
        if reads:
            yield from _of_service(clients, service, reads, account, regions, details, whole)


def _of_service(
    clients: Clients,
    service: ServiceMap,
    reads: list[Read],
    account: str,
    regions: list[str],
    details: Executor,
    whole: Breaker,
) -> Iterator[Unit]:
    for region in regions if service.everywhere else [HOME]:
        if service.everywhere and not clients.offers(service.service, region):
            continue
        place = Place(account, region if service.everywhere else _GLOBAL, region)
        caller, here = clients.caller(service.service, region), Breaker()
        for read in reads:
            yield Unit(service, read, place, caller, details, whole, here)


class _Results:
    """What units find, on its way to the consumer; no more of it waits than there is room for."""

    def __init__(self) -> None:
        self.stopped = threading.Event()
        self._queue: queue.SimpleQueue[Found | _Done] = queue.SimpleQueue()
        self._room = threading.Semaphore(_MOST_WAITING)

    def fill(self, unit: Unit) -> None:
        """Reads a unit, until nobody wants its results any more."""
        for found in unit.run():
            while not self._room.acquire(timeout=_PATIENCE):
                if self.stopped.is_set():
                    return
            self._queue.put(found)

    def done(self, future: Future[None]) -> None:
        """Takes note of the end of a unit."""
        self._queue.put(_Done(None if future.cancelled() else future.exception()))

    def until(self, ends: int) -> Iterator[Found]:
        """Everything until so many units have ended. Raises what ended a unit, if it was an error of the program."""
        while ends:
            found = self._queue.get()
            if not isinstance(found, _Done):
                self._room.release()
                yield found
                continue
            ends -= 1
            if found.error is not None:
                raise found.error


def _run(units: Iterator[Unit], workers: Executor) -> Iterator[Found]:
    """What the units find, as it comes. A consumer that stops early stops the units too."""
    results = _Results()
    futures = [workers.submit(results.fill, unit) for unit in units]
    for future in futures:
        future.add_done_callback(results.done)
    try:
        yield from results.until(len(futures))
    finally:
        results.stopped.set()
        for future in futures:
            future.cancel()
