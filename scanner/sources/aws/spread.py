"""AWS accounts read by the workers of a cluster: a task for each account, and one for each of its regions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache, partial
from typing import Final

from scanner.sources.aws.failures import Failure
from scanner.sources.aws.options import AwsOptions
from scanner.sources.aws.permissions import read_types
from scanner.sources.aws.session import Sessions
from scanner.sources.aws.source import Account, AwsSource, nowhere_read, unreadable
from scanner.sources.aws.unit import Found
from scanner.sources.spread import Dask, Part, Task, dask, spread

_SOURCE: Final = "aws"


class SpreadAwsSource:
    """Reads accounts of AWS with the workers of a Dask cluster, and with their credentials.

    The profile, where one is named, is one of the workers' configuration files.
    """

    def __init__(self, options: AwsOptions, scheduler: str) -> None:
        self._options = options
        self._scheduler = scheduler
        self._identity: Mapping[str, str] | None = None

    def stream(self) -> Iterator[Found]:
        """What `AwsSource` streams. Raises UsageError without Dask, SourceError for a cluster that cannot work."""
        with dask(self._scheduler) as cluster:
            self._ask(cluster)
            yield from nowhere_read(self._options)
            yield from spread(cluster, tasks(self._options))

    def identity(self) -> Mapping[str, str]:
        """Account and ARN of a worker, in the first account where there are several; empty where AWS does not say."""
        if self._identity is None:
            with dask(self._scheduler) as cluster:
                self._ask(cluster)
        return self._identity or {}

    def _ask(self, cluster: Dask) -> None:
        """Looks, before the accounts are read, whether the workers can work at all."""
        if self._identity is None:
            self._identity = cluster.answer(partial(who, self._options))


def tasks(options: AwsOptions) -> Iterator[Task]:
    """The tasks to begin with: one for each account, which leads to those for its regions."""
    for account in options.accounts or (None,):
        name = f"account {account or 'of the credentials'}"
        yield Task(name, partial(read_account, replace(options, accounts=()), account, name), _hides(options))


def who(options: AwsOptions) -> dict[str, str]:
    """On a worker: who reads; empty where AWS does not say."""
    try:
        return dict(AwsSource(options, _sessions()).identity())
    except Failure:
        return {}


def read_account(options: AwsOptions, account: str | None, name: str) -> Part:
    """On a worker: the services without regions; the regions are left to further tasks."""
    source = AwsSource(options, _sessions())
    try:
        opened = source.opened(account)
    except Failure as failure:
        return Part.of(_SOURCE, [unreadable(account, failure)])
    regions = [
        Task(f"{name} {region}", partial(read_region, options, account, opened.number, region), _hides(options))
        for region in opened.regions
    ]
    return Part.of(_SOURCE, source.part(opened, None), regions)


def read_region(options: AwsOptions, account: str | None, number: str, region: str) -> Part:
    """On a worker: a region of an account."""
    source = AwsSource(options, _sessions())
    return Part.of(_SOURCE, source.part(Account(source.clients(account), number, [region]), region))


def _hides(options: AwsOptions) -> tuple[str, ...]:
    return () if options.types is None else tuple(sorted(read_types(options.types)))


@cache
def _sessions() -> Sessions:
    """Those of the worker's process: it looks for its credentials once, not in every task."""
    return Sessions()
