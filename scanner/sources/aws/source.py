"""The AWS source: every wanted listing of every account and region, read at once with bounded workers."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import Final

from scanner.model.inventory import Inventory, Level, Notification
from scanner.sources.aws.failures import Failure
from scanner.sources.aws.maps import ServiceMap, service_maps
from scanner.sources.aws.options import AwsOptions
from scanner.sources.aws.permissions import read_types, unread_types
from scanner.sources.aws.pool import Work, run
from scanner.sources.aws.session import Clients, Desk, SessionFactory, Sessions
from scanner.sources.aws.shape import Place
from scanner.sources.aws.unit import Breaker, Found, Unit

_GLOBAL: Final = "global"
_OPENED_AHEAD: Final = 4
"""How many accounts are opened before their turn: that takes several calls, one after the other."""


@dataclass(frozen=True, slots=True)
class Account:
    """An account that answers: its number, and the regions that are to be read."""

    clients: Clients
    number: str
    regions: Sequence[str]


class AwsSource:
    """Reads accounts of AWS. Nothing is called before `collect`, `stream` or `identity` is."""

    def __init__(self, options: AwsOptions, session_factory: SessionFactory | None = None) -> None:
        self._options = options
        self._session_factory = session_factory or Sessions()

    def collect(self) -> Inventory:
        """Everything that could be read, ordered by account, region, type and address."""
        return Inventory.gathered(self.stream())

    def stream(self) -> Iterator[Found]:
        """Resources and notifications as they come, in no order, with bounded memory and connections."""
        yield from nowhere_read(self._options)
        yield from self._run(self._everything)

    def part(self, account: Account, *places: str | None) -> Iterator[Found]:
        """What is in some regions of an account; None stands for the services without regions."""
        yield from self._run(lambda details: self._works(account, places, details))

    def identity(self) -> Mapping[str, str]:
        """Account and ARN of the caller, of the first account where there are several. Raises Failure."""
        return self.clients(next(iter(self._options.accounts), None)).identity()

    def regions(self) -> list[str]:
        """The regions that are read. Raises Failure."""
        return self._regions(self.clients(next(iter(self._options.accounts), None)))

    def clients(self, account: str | None) -> Clients:
        """The clients of an account; nothing is called."""
        return Clients(self._session_factory(self._options, account), self._options)

    def opened(self, account: str | None) -> Account:
        """An account, asked who it is and for its regions. Raises Failure."""
        clients = self.clients(account)
        return Account(clients, clients.identity()["account"], self._regions(clients))

    def _regions(self, clients: Clients) -> list[str]:
        return list(self._options.regions) or clients.enabled_regions()

    def _run(self, works: Callable[[Executor], Iterator[Work]]) -> Iterator[Found]:
        with ThreadPoolExecutor(self._options.workers, "aws-details") as details:
            yield from run(works(details), self._options.workers)

    def _everything(self, details: Executor) -> Iterator[Work]:
        for name, opening in self._opening(details):
            try:
                account = opening.result()
            except Failure as failure:
                yield partial(iter, [unreadable(name, failure)])
            else:
                yield from self._works(account, (None, *account.regions), details)

    def _opening(self, details: Executor) -> Iterator[tuple[str | None, Future[Account]]]:
        """The accounts in their order; some are opened while the ones before are read."""
        names = iter(self._options.accounts or (None,))
        ahead: deque[tuple[str | None, Future[Account]]] = deque()
        while True:
            for name in islice(names, _OPENED_AHEAD - len(ahead)):
                ahead.append((name, details.submit(self.opened, name)))
            if not ahead:
                return
            yield ahead.popleft()

    def _works(self, account: Account, places: Sequence[str | None], details: Executor) -> Iterator[Work]:
        """The listings of some regions of an account."""
        types, whole = read_types(self._options.types), Breaker()
        for place in places:
            for service in service_maps():
                if service.everywhere == (place is not None):
                    yield from _listings(account, service, place, types, details, whole)


def nowhere_read(options: AwsOptions) -> Iterator[Notification]:
    """The types that no account would tell."""
    for name in unread_types(read_types(options.types)):
        yield Notification(Level.WARNING, f"{name} is not read from an account", None, (name,))


def unreadable(account: str | None, failure: Failure) -> Notification:
    """What to say of an account that cannot be opened: it hides everything."""
    missing = {"DescribeRegions": "ec2:DescribeRegions", "GetCallerIdentity": "sts:GetCallerIdentity"}
    said = f"account {account or 'of the credentials'}: {failure}"
    if failure.denied and failure.operation in missing:
        said += f" (missing permission {missing[failure.operation]})"
    return Notification(Level.ERROR, said)


def _listings(
    account: Account,
    service: ServiceMap,
    place: str | None,
    types: frozenset[str],
    details: Executor,
    whole: Breaker,
) -> Iterator[Work]:
    """The listings of a service in a region, or of a service that has none."""
    reads = [read for read in (item.wanted(types) for item in service.reads) if read is not None]
    region = place or account.clients.main_region(service.home)
    if not reads or (place is not None and not account.clients.offers(service.service, place)):
        return
    desk, here = Desk(account.clients, service.service, region, len(reads)), Breaker()
    where = Place(account.number, place or _GLOBAL, region)
    for read in reads:
        yield partial(_read, desk, partial(Unit, service, read, where, details=details, account=whole, here=here))


def _read(desk: Desk, unit: Callable[..., Unit]) -> Iterator[Found]:
    with desk.caller() as caller:
        yield from unit(caller=caller).run()
