"""Opening the systems that can be audited. Their client libraries are imported when they are needed, not before."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final, Protocol

from scanner.errors import SourceError, UsageError
from scanner.model.inventory import Notification
from scanner.model.resource import Origin, Resource


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
    context          of the kubeconfig; None: the current one
    namespaces       none: all
    scheduler        of a Dask cluster whose workers read, with credentials of their own
    """

    profile: str | None = None
    role_arn: str | None = None
    accounts: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    subscriptions: tuple[str, ...] = ()
    resource_groups: tuple[str, ...] = ()
    context: str | None = None
    namespaces: tuple[str, ...] = ()
    scheduler: str | None = None


@dataclass(frozen=True, slots=True)
class Opened:
    """A source, and the types that it was asked for in the end."""

    source: LiveSource
    types: frozenset[str]


def open_live(system: Origin, reach: Reach, types: frozenset[str] | None) -> Opened:
    """The source of a system for resource types (also patterns); None: all that are known.

    Raises UsageError where its client library is not installed.
    """
    try:
        return _OPEN[system](reach, types)
    except ModuleNotFoundError as error:
        raise _not_installed(system, error) from error


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
    from botocore.exceptions import BotoCoreError

    from scanner.sources.aws import AwsOptions, AwsSource
    from scanner.sources.aws.failures import Failure
    from scanner.sources.aws.maps import known_types, spellings
    from scanner.sources.aws.spread import SpreadAwsSource

    own = None if types is None else _names(types, _AWS)
    options = AwsOptions(own, reach.regions, reach.profile, reach.role_arn, reach.accounts)
    accounts = AwsSource(options) if reach.scheduler is None else SpreadAwsSource(options, reach.scheduler)
    source = _Guarded(Origin.AWS, accounts, Failure, BotoCoreError)
    return Opened(source, own if own is not None else known_types() | frozenset(spellings()))


def _azure(reach: Reach, types: frozenset[str] | None) -> Opened:
    from scanner.sources.azure import AzureOptions, AzureSource
    from scanner.sources.azure.failures import Failure
    from scanner.sources.azure.permissions import read_types
    from scanner.sources.azure.unread import SPELLINGS

    own = None if types is None else frozenset(type_ for type_ in types if type_.startswith(_AZURE))
    options = AzureOptions(own, reach.subscriptions, reach.resource_groups)
    asked = frozenset(type_ for type_ in own or () if "*" not in type_)
    return Opened(_Guarded(Origin.AZURE, AzureSource(options), Failure), read_types(own) | SPELLINGS | asked)


def _kubernetes(reach: Reach, types: frozenset[str] | None) -> Opened:
    from scanner.sources.kubernetes.live import LIVE_TYPES, KubernetesOptions, KubernetesSource
    from scanner.sources.kubernetes.live_api import Failure

    own = None if types is None else frozenset(type_ for type_ in types if "/" in type_)
    options = KubernetesOptions(context=reach.context, types=own, namespaces=reach.namespaces)
    asked = frozenset(LIVE_TYPES) | frozenset(type_ for type_ in own or () if "*" not in type_)
    return Opened(
        _Guarded(Origin.KUBERNETES, KubernetesSource(options), Failure), asked if own is None or "*/*" in own else own
    )


class _Guarded:
    """A source whose foreseen errors are ours; where the caller's identity cannot be had, the stream says why."""

    def __init__(self, system: Origin, source: LiveSource, failure: type[Exception], *broken: type[Exception]) -> None:
        self._system = system
        self._source = source
        self._failure = failure
        self._broken = broken

    def stream(self) -> Iterator[Resource | Notification]:
        """What the source yields. Raises SourceError, UsageError where it cannot even begin."""
        with self._explained():
            yield from self._source.stream()

    def identity(self) -> Mapping[str, str]:
        """Who reads, empty where the system did not say."""
        try:
            with self._explained():
                return self._source.identity()
        except self._failure:
            return {}

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except self._broken as error:  # a profile that does not exist, a configuration that makes no sense
            raise SourceError(f"{self._system.value} cannot be read: {error}") from error
        except ModuleNotFoundError as error:
            raise _not_installed(self._system, error) from error


def _not_installed(system: Origin, error: ModuleNotFoundError) -> Exception:
    """What to say of a client library that is missing; a module of our own that is missing is a defect."""
    if (error.name or "").startswith("scanner"):
        return error
    hint = f"pip install 'asbuilt[{system.value}]'"
    return UsageError(f"reading {system.value} needs the package {error.name}", hint=hint)


_OPEN: Final[Mapping[Origin, Callable[[Reach, frozenset[str] | None], Opened]]] = {
    Origin.AWS: _aws,
    Origin.AZURE: _azure,
    Origin.KUBERNETES: _kubernetes,
}
"""The systems that are read directly."""
