"""Sessions and clients: credentials, the role to assume, regions, and how calls are retried."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from typing import Any, Final, TypeAlias

import boto3
import botocore.session
from botocore.config import Config
from botocore.credentials import AssumeRoleCredentialFetcher, DeferredRefreshableCredentials
from botocore.exceptions import UnknownRegionError
from botocore.loaders import Loader

from scanner.sources.aws.calls import Caller
from scanner.sources.aws.expressions import expression
from scanner.sources.aws.failures import Failure, failure_of
from scanner.sources.aws.maps import MAIN_REGION, Call
from scanner.sources.aws.options import AwsOptions

_CONNECT_SECONDS: Final = 5
_MAIN_REGIONS: Final = {"aws-cn": "cn-north-1", "aws-us-gov": "us-gov-west-1", "aws-eusc": "eusc-de-east-1"}
"""By partition. Source: the table of partitions in the IAM user guide, and botocore's descriptions of endpoints."""
_SESSION_NAME: Final = "asbuilt-audit"
_REGION_NAMES: Final = expression("Regions[].RegionName")

SessionFactory: TypeAlias = Callable[[AwsOptions, str | None], boto3.Session]


class Sessions:
    """Opens the sessions of accounts. The credentials to begin with are looked for once, and refreshed by botocore."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._begin: dict[str | None, boto3.Session] = {}

    def __call__(self, options: AwsOptions, account: str | None) -> boto3.Session:
        """A session with the credentials of the environment or profile, or in the role of an account."""
        with self._lock:
            # boto3 adds its methods to a session of botocore: twice to the same one, and no client of S3 can be made.
            begin = self._begin.get(options.profile) or boto3.Session(botocore_session=_core(options.profile))
            self._begin[options.profile] = begin
            if options.role_arn is None:
                return begin
            core, source = _core(options.profile), begin.get_credentials()
        core._credentials = _in_role(core, source, options, options.role_arn.replace("{account}", account or ""))
        return boto3.Session(botocore_session=core)


def open_session(options: AwsOptions, account: str | None) -> boto3.Session:
    """A session of its own, as `Sessions` opens it."""
    return Sessions()(options, account)


class _Descriptions(Loader):
    """The descriptions of services, read once for all sessions of the process: they are most of what a session takes.

    boto3 appends its own directory, which only its resources need, to the list of every loader that it meets; here it
    appends to a copy.
    """

    @property
    def search_paths(self) -> list[str]:
        return list(super().search_paths)


@cache
def _descriptions(data_path: str | None) -> Loader:
    paths = [os.path.expanduser(path) for path in data_path.split(os.pathsep)] if data_path else None  # noqa: PTH111
    return _Descriptions(extra_search_paths=paths)


def _core(profile: str | None) -> Any:
    core = botocore.session.Session(profile=profile)
    core.register_component("data_loader", _descriptions(core.get_config_variable("data_path")))
    return core


def _in_role(core: Any, source: Any, options: AwsOptions, role_arn: str) -> DeferredRefreshableCredentials:
    """Credentials of a role, fetched when they are first used and again before they expire."""
    clients: list[Any] = []
    region = _home(options, core.get_config_variable("region"))

    def client(*names: str, **given: Any) -> Any:
        clients.append(core.create_client(*names, region_name=region, endpoint_url=options.endpoint_url, **given))
        return clients[-1]

    fetcher = AssumeRoleCredentialFetcher(client, source, role_arn, {"RoleSessionName": _SESSION_NAME})

    def fetch() -> Mapping[str, Any]:
        try:
            return fetcher.fetch_credentials()
        finally:
            while clients:  # a connection for each account would stay open
                clients.pop().close()

    return DeferredRefreshableCredentials(refresh_using=fetch, method="assume-role")


def _home(options: AwsOptions, configured: str | None) -> str:
    """The region in which questions about the account itself are asked; it says which partition that is of."""
    partition = options.role_arn.split(":")[1] if options.role_arn and options.role_arn.startswith("arn:") else ""
    return options.regions[0] if options.regions else configured or _MAIN_REGIONS.get(partition, MAIN_REGION)


def main_region(session: boto3.Session, region: str, home: str = MAIN_REGION) -> str:
    """Where a service without regions answers in the partition of a region; `home` in that of the commercial ones."""
    partition = partition_of(session, region)
    return home if partition == "aws" else _MAIN_REGIONS.get(partition, region)


def partition_of(session: boto3.Session, region: str) -> str:
    """The partition of a region, known or not yet."""
    try:
        return str(session.get_partition_for_region(region))
    except UnknownRegionError:
        return "aws"


class Clients:
    """Opens clients of one account; each may be used by several threads."""

    def __init__(self, session: boto3.Session, options: AwsOptions) -> None:
        self._session = session
        self._options = options
        self._home = _home(options, session.region_name)
        self._lock = threading.Lock()
        self._config = Config(
            connect_timeout=min(_CONNECT_SECONDS, options.timeout_seconds),
            read_timeout=options.timeout_seconds,
            max_pool_connections=options.workers,
            retries={"mode": "adaptive", "total_max_attempts": options.attempts},
            s3={"addressing_style": "path"} if options.endpoint_url else None,
            inject_host_prefix=not options.endpoint_url,
            user_agent_extra="asbuilt",
        )

    def open(self, service: str, region: str) -> Caller:
        """Calls a service in a region; to be closed."""
        with self._lock:  # sessions may not be used by several threads
            client = self._session.client(
                service,  # type: ignore[call-overload]  # the stubs know the names of services only as literals
                region_name=region,
                endpoint_url=self._options.endpoint_url,
                config=self._config,
            )
        return Caller(client)

    @contextmanager
    def opened(self, service: str, region: str) -> Iterator[Caller]:
        """The same, closed at the end."""
        caller = self.open(service, region)
        try:
            yield caller
        finally:
            caller.close()

    def identity(self) -> dict[str, str]:
        """Account and ARN of the caller, as the first of the regions tells that is not disabled. Raises Failure."""
        answer = self._caller_identity()
        try:
            return {"account": str(answer["Account"]), "arn": str(answer["Arn"])}
        except KeyError as error:
            raise failure_of("GetCallerIdentity", error) from error

    def _caller_identity(self) -> Any:
        regions = self._options.regions or (self._home,)
        for region in regions:
            try:
                with self.opened("sts", region) as caller:
                    return caller.answer(Call("GetCallerIdentity"), {})
            except Failure as failure:
                if not failure.unreachable or region == regions[-1]:
                    raise
        raise AssertionError("the last region answers or raises")

    def main_region(self, home: str) -> str:
        """Where a service without regions answers, which in the commercial partition is `home`."""
        return main_region(self._session, self._home, home)

    def enabled_regions(self) -> list[str]:
        """The regions that are enabled for the account. Raises Failure."""
        listing = Call("DescribeRegions", {"AllRegions": False}, _REGION_NAMES)
        with self.opened("ec2", self._home) as caller:
            return sorted(caller.items(listing, {}, {}))

    def offers(self, service: str, region: str) -> bool:
        """Whether a service exists in a region, as far as boto3 knows the region."""
        partition = partition_of(self._session, region)
        known: Sequence[str] = self._session.get_available_regions(service, partition)
        return not known or region in known or region not in self._session.get_available_regions("ec2", partition)


class Desk:
    """A client that the listings of a service in a region share: opened for the first, closed after the last.

    So there are never many more clients, with their connections, than threads that use them.
    """

    def __init__(self, clients: Clients, service: str, region: str, listings: int) -> None:
        self._open: Callable[[], Caller] = lambda: clients.open(service, region)
        self._left = listings
        self._lock = threading.Lock()
        self._caller: Caller | None = None

    @contextmanager
    def caller(self) -> Iterator[Caller]:
        """The client, for one of the listings."""
        with self._lock:
            if self._caller is None:
                self._caller = self._open()
            caller = self._caller
        try:
            yield caller
        finally:
            with self._lock:
                self._left -= 1
                if not self._left:
                    caller.close()
