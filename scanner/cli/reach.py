"""The options that say which accounts are read, and as whom."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final, TypeVar

import click

from scanner.errors import UsageError

if TYPE_CHECKING:
    from scanner.sources.live import Reach

SYSTEMS: Final = ("aws", "azure", "kubernetes")
_Command = TypeVar("_Command", bound=Callable[..., Any])
_OPTIONS: Final = (
    click.option("--profile", metavar="NAME", help="Profile of the cloud's own configuration."),
    click.option("--role-arn", metavar="ARN", help="Role to assume; {account} in it stands for each --account."),
    click.option("--account", multiple=True, metavar="ID", help="Read this account, through the role; repeatable."),
    click.option(
        "--region", multiple=True, metavar="NAME", help="Read this region; repeatable. [default: all that are enabled]"
    ),
)


def reach_options(command: _Command) -> _Command:
    """Adds the options."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def reach_of(profile: str | None, role_arn: str | None, accounts: tuple[str, ...], regions: tuple[str, ...]) -> Reach:
    """The same as the sources take it. Raises UsageError for accounts that cannot be told apart."""
    from scanner.sources.live import Reach

    if accounts and (role_arn is None or (len(accounts) > 1 and "{account}" not in role_arn)):
        raise UsageError(
            "accounts are read through a role of theirs", hint="--role-arn 'arn:aws:iam::{account}:role/NAME'"
        )
    return Reach(profile, role_arn, accounts, regions)
