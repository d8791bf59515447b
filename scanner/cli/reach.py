"""The options that say which accounts are read, and as whom."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any, Final, TypeVar

import click

from scanner.errors import UsageError

if TYPE_CHECKING:
    from scanner.sources.live import Reach

SYSTEMS: Final = ("aws", "azure", "kubernetes")
_Command = TypeVar("_Command", bound=Callable[..., Any])
_OPTIONS: Final = (
    click.option("--profile", metavar="NAME", help="AWS: profile of its configuration files."),
    click.option("--role-arn", metavar="ARN", help="AWS: role to assume; {account} in it stands for each --account."),
    click.option("--account", multiple=True, metavar="ID", help="AWS: read this account through the role; repeatable."),
    click.option(
        "--region", multiple=True, metavar="NAME", help="AWS: read this region; repeatable. [default: all enabled ones]"
    ),
    click.option(
        "--scheduler", metavar="ADDRESS", help="AWS: read with the workers, and roles, of this Dask cluster (tcp://…)."
    ),
    click.option(
        "--subscription", multiple=True, metavar="ID", help="Azure: read this one; repeatable. [default: all visible]"
    ),
    click.option("--resource-group", multiple=True, metavar="NAME", help="Azure: read this one; repeatable."),
    click.option("--context", metavar="NAME", help="Kubernetes: context of the kubeconfig. [default: the current one]"),
    click.option("--namespace", multiple=True, metavar="NAME", help="Kubernetes: read this one; repeatable."),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReachGiven:
    """The options as given; names are those of the options."""

    profile: str | None = None
    role_arn: str | None = None
    account: tuple[str, ...] = ()
    region: tuple[str, ...] = ()
    subscription: tuple[str, ...] = ()
    resource_group: tuple[str, ...] = ()
    context: str | None = None
    namespace: tuple[str, ...] = ()
    scheduler: str | None = None


REACH: Final = tuple(field.name for field in fields(ReachGiven))
"""The names of the options."""


def reach_options(command: _Command) -> _Command:
    """Adds the options."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def reach_of(system: str, given: ReachGiven) -> Reach:
    """The same as the sources take it. Raises UsageError for accounts that cannot be told apart, or another system."""
    from scanner.sources.live import Reach

    own = {
        "aws": (given.profile, given.role_arn, given.account, given.region, given.scheduler),
        "azure": (given.subscription, given.resource_group),
        "kubernetes": (given.context, given.namespace),
    }
    if any(any(options) for name, options in own.items() if name != system):
        raise UsageError(f"an option is not meant for {system}", hint="--help says for which system each one is")
    if given.account and (given.role_arn is None or (len(given.account) > 1 and "{account}" not in given.role_arn)):
        raise UsageError(
            "accounts are read through a role of theirs", hint="--role-arn 'arn:aws:iam::{account}:role/NAME'"
        )
    return Reach(
        profile=given.profile,
        role_arn=given.role_arn,
        accounts=tuple(dict.fromkeys(given.account)),  # lists are pasted together: none is read twice
        regions=tuple(dict.fromkeys(given.region)),
        subscriptions=given.subscription,
        resource_groups=given.resource_group,
        context=given.context,
        namespaces=given.namespace,
        scheduler=given.scheduler,
    )
