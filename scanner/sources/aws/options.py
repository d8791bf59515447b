"""What to read of which accounts, and how."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class AwsOptions:
    """How the AWS source works.

    types            the resource types to read; None: all that are known
    regions          the regions to read; none: every region that is enabled for the account
    profile          the profile of the AWS configuration files to begin with
    role_arn         the role to assume; `{account}` in it stands for each of `accounts`
    accounts         the accounts to read through that role; none: the one that the credentials belong to
    endpoint_url     another endpoint for every service
    workers          how many calls are under way at once
    timeout_seconds  how long one answer may take
    attempts         how often a call is tried before it counts as failed
    """

    types: frozenset[str] | None = None
    regions: Sequence[str] = ()
    profile: str | None = None
    role_arn: str | None = None
    accounts: Sequence[str] = ()
    endpoint_url: str | None = None
    workers: int = 16
    timeout_seconds: float = 20
    attempts: int = 6
