"""Opening the systems that can be audited. Their client libraries are imported when they are needed, not before."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol

from scanner.errors import SourceError, UsageError
from scanner.model.inventory import Notification
from scanner.model.resource import Origin, Resource

if TYPE_CHECKING:
    from scanner.sources.aws import AwsSource
    from scanner.sources.azure import AzureSource


class LiveSource(Protocol):
    """Reads a running system."""

    def stream(self) -> Iterator[Resource | Notification]:
        """Resources as they come, and what could not be read."""

    def identity(self) -> Mapping[str, str]:
        """Who reads, as the system knows the caller; empty where it would not say. No secrets."""


@dataclass(frozen=True, slots=True)
class Reach:
    """How far to read, and as whom; what a system does not have is left alone.

    regions          none: every region that is enabled
    role_arn         the role to assume; `{account}` in it stands for each of `accounts`
    subscriptions    none: every one that the credential can see
    resource_groups  none: all
    """

    profile: str | None = None
    role_arn: str | None = None
    accounts: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    subscriptions: tuple[str, ...] = ()
    resource_groups: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Opened:
    """A source, and the types that it was asked for in the end."""

    source: LiveSource
    types: frozenset[str]


def open_live(system: Origin, reach: Reach, types: frozenset[str] | None) -> Opened:
    """The source of a system for resource types (also patterns); None: all that are known.

    Raises UsageError where the system cannot be read directly, or its client library is not installed.
    """
    if system not in _OPEN:
        raise UsageError(
            f"{system.value} is audited from a snapshot only",
            hint=f"asbuilt audit {system.value} --snapshot FILE",
        )
    try:
        return _OPEN[system](reach, types)
    except ModuleNotFoundError as error:
        if (error.name or "").startswith("scanner"):
            raise
        raise UsageError(
            f"reading {system.value} needs the package {error.name}", hint=f"pip install 'asbuilt[{system.value}]'"
        ) from error


def permissions(system: Origin, types: Iterable[str]) -> list[str]:
    """The permissions that reading these types needs, sorted. Raises UsageError for systems without such a list."""
    if system is Origin.AZURE:
        from scanner.sources.azure import permissions as of_azure
        from scanner.sources.azure.permissions import read_types

        return of_azure(read_types(types))
    if system is not Origin.AWS:
        raise UsageError(f"permissions are listed for aws and azure, not for {system.value}")
    from scanner.sources.aws import permissions as of_aws

    return of_aws(_names(types, _AWS))


_AWS: Final = ("aws_",)
_AZURE: Final = ("azurerm_", "azuread_")


def _names(types: Iterable[str], prefixes: tuple[str, ...]) -> frozenset[str] | None:
    """The types of a system; None (all of them) where they are given as a pattern."""
    own = frozenset(type_ for type_ in types if type_.startswith(prefixes))
    return None if any("*" in type_ for type_ in own) else own


def _aws(reach: Reach, types: frozenset[str] | None) -> Opened:
    from scanner.sources.aws import AwsOptions, AwsSource
    from scanner.sources.aws.maps import known_types, spellings

    own = None if types is None else _names(types, _AWS)
    options = AwsOptions(own, reach.regions, reach.profile, reach.role_arn, reach.accounts)
    return Opened(_Aws(AwsSource(options)), own if own is not None else known_types() | frozenset(spellings()))


class _Aws:
    """The AWS source; where the caller's identity cannot be had, the stream says why."""

    def __init__(self, source: AwsSource) -> None:
        self._source = source

    def stream(self) -> Iterator[Resource | Notification]:
        from botocore.exceptions import BotoCoreError

        try:
            yield from self._source.stream()
        except BotoCoreError as error:  # a profile that does not exist, a configuration that makes no sense
            raise SourceError(f"aws cannot be read: {error}") from error

    def identity(self) -> Mapping[str, str]:
        from botocore.exceptions import BotoCoreError

        from scanner.sources.aws.failures import Failure

        try:
            return self._source.identity()
        except Failure:
            return {}
        except BotoCoreError as error:
            raise SourceError(f"aws cannot be read: {error}") from error


def _azure(reach: Reach, types: frozenset[str] | None) -> Opened:
    from scanner.sources.azure import AzureOptions, AzureSource
    from scanner.sources.azure.permissions import read_types
    from scanner.sources.azure.unread import SPELLINGS

    own = None if types is None else frozenset(type_ for type_ in types if type_.startswith(_AZURE))
    options = AzureOptions(own, reach.subscriptions, reach.resource_groups)
    asked = frozenset(type_ for type_ in own or () if "*" not in type_)
    return Opened(_Azure(AzureSource(options)), read_types(own) | SPELLINGS | asked)


class _Azure:
    """The Azure source; where the caller's identity cannot be had, the stream says why."""

    def __init__(self, source: AzureSource) -> None:
        self._source = source

    def stream(self) -> Iterator[Resource | Notification]:
        yield from self._source.stream()

    def identity(self) -> Mapping[str, str]:
        from scanner.sources.azure.failures import Failure

        try:
            return self._source.identity()
        except Failure:
            return {}


_OPEN: Final[Mapping[Origin, Callable[[Reach, frozenset[str] | None], Opened]]] = {
    Origin.AWS: _aws,
    Origin.AZURE: _azure,
}
"""The systems that are read directly."""
