"""Sessions and clients: credentials, the role to assume, regions, and how calls are retried."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, Final, TypeAlias

import boto3
import botocore.session
from botocore.config import Config
from botocore.credentials import AssumeRoleCredentialFetcher, DeferredRefreshableCredentials

from scanner.sources.aws.calls import Caller
from scanner.sources.aws.expressions import expression
from scanner.sources.aws.failures import failure_of
from scanner.sources.aws.maps import Call
from scanner.sources.aws.options import AwsOptions

HOME: Final = "us-east-1"
"""Where services without regions answer, in the partition of the commercial regions."""
_CONNECT_SECONDS: Final = 5
_SESSION_NAME: Final = "asbuilt-audit"
_REGION_NAMES: Final = expression("Regions[].RegionName")

SessionFactory: TypeAlias = Callable[[AwsOptions, str | None], boto3.Session]


def open_session(options: AwsOptions, account: str | None) -> boto3.Session:
    """A session with the credentials of the environment or profile, or in the role of an account."""
    core = botocore.session.Session(profile=options.profile)
    if options.role_arn is not None:
        core._credentials = _in_role(core, options, options.role_arn.replace("{account}", account or ""))  # type: ignore[attr-defined]
    return boto3.Session(botocore_session=core)


def _in_role(core: Any, options: AwsOptions, role_arn: str) -> DeferredRefreshableCredentials:
    """Credentials of a role, fetched when they are first used and again before they expire."""
    fetcher = AssumeRoleCredentialFetcher(
        client_creator=partial(core.create_client, endpoint_url=options.endpoint_url),
        source_credentials=core.get_credentials(),
        role_arn=role_arn,
        extra_args={"RoleSessionName": _SESSION_NAME},
    )
    return DeferredRefreshableCredentials(refresh_using=fetcher.fetch_credentials, method="assume-role")


class Clients:
    """The clients of one account; each is made once, and may be used by several threads."""

    def __init__(self, session: boto3.Session, options: AwsOptions) -> None:
        self._session = session
        self._options = options
        self._lock = threading.Lock()
        self._callers: dict[tuple[str, str], Caller] = {}
        self._config = Config(
            connect_timeout=min(_CONNECT_SECONDS, options.timeout_seconds),
            read_timeout=options.timeout_seconds,
            max_pool_connections=options.workers,
            retries={"mode": "adaptive", "total_max_attempts": options.attempts},
            s3={"addressing_style": "path"} if options.endpoint_url else None,
            inject_host_prefix=not options.endpoint_url,
            user_agent_extra="asbuilt",
        )

    def caller(self, service: str, region: str) -> Caller:
        """Calls a service in a region."""
        with self._lock:
            key = (service, region)
            if key not in self._callers:
                client = self._session.client(
                    service,  # type: ignore[call-overload]  # the stubs know the names of services only as literals
                    region_name=region,
                    endpoint_url=self._options.endpoint_url,
                    config=self._config,
                )
                self._callers[key] = Caller(client)
            return self._callers[key]

    def home(self) -> str:
        """The region in which questions about the account itself are asked."""
        return self._options.regions[0] if self._options.regions else self._session.region_name or HOME

    def identity(self) -> dict[str, str]:
        """Account and ARN of the caller. Raises Failure."""
        answer = self.caller("sts", self.home()).answer(Call("GetCallerIdentity"), {})
        try:
            return {"account": str(answer["Account"]), "arn": str(answer["Arn"])}
        except KeyError as error:
            raise failure_of("GetCallerIdentity", error) from error

    def enabled_regions(self) -> list[str]:
        """The regions that are enabled for the account. Raises Failure."""
        listing = Call("DescribeRegions", {"AllRegions": False}, _REGION_NAMES)
        return sorted(self.caller("ec2", self.home()).items(listing, {}, {}))

    def offers(self, service: str, region: str) -> bool:
        """Whether a service exists in a region, as far as boto3 knows the region."""
        known: Sequence[str] = self._session.get_available_regions(service)
        return not known or region in known or region not in self._session.get_available_regions("ec2")
