"""Where an audit gets measurements from: the accounts or subscriptions that it reads, and a Prometheus server."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING

from scanner.errors import UsageError

if TYPE_CHECKING:
    from scanner.metrics import MetricReaders
    from scanner.metrics.asked import AskedMetric, MetricReader
    from scanner.metrics.cloudwatch import Account
    from scanner.model.resource import Resource
    from scanner.sources.aws import AwsOptions
    from scanner.sources.live import Reach


def readers(system: str, reach: Reach, prometheus: str | None, *, offline: bool) -> MetricReaders:
    """The readers of measurements; what none of them has is unknown.

    Offline, nothing but the named Prometheus is asked; nor are accounts that others read, with rights of their own.
    Raises UsageError for an address that is none.
    """
    from scanner.metrics import MetricReaders

    found: dict[str, MetricReader] = {}
    if prometheus is not None:
        if not prometheus.startswith(("http://", "https://")):
            raise UsageError(f"--prometheus {prometheus}: expected an address such as https://prometheus.example")
        from scanner.metrics.prometheus import PrometheusReader

        found["prometheus"] = PrometheusReader(prometheus)
    if not offline and system == "aws" and reach.scheduler is None:
        found["cloudwatch"] = _Later(partial(_cloudwatch, reach))
    if not offline and system == "azure":
        found["azure_monitor"] = _Later(_azure_monitor)
    return MetricReaders(found)


class _Later:
    """A reader that is made when it is first asked: most audits ask for no measurement."""

    def __init__(self, make: Callable[[], MetricReader]) -> None:
        self._make = make
        self._made: MetricReader | None = None

    def read(self, metric: AskedMetric, resource: Resource | None, /) -> Decimal | None:
        """What the reader reads. Raises MetricError, NoFigure."""
        if self._made is None:
            self._made = self._make()
        return self._made.read(metric, resource)


def _cloudwatch(reach: Reach) -> MetricReader:
    from scanner.metrics.cloudwatch import CloudWatchReader

    return CloudWatchReader({name: _account(reach, name) for name in reach.accounts or ("",)})


def _account(reach: Reach, name: str) -> Account:
    """An account as its own credentials, or those of the role in it, see it; nothing is called."""
    from botocore.config import Config

    from scanner.metrics.cloudwatch import Account
    from scanner.sources.aws import AwsOptions
    from scanner.sources.aws.maps import MAIN_REGION
    from scanner.sources.aws.session import main_region, open_session

    options = AwsOptions(None, reach.regions, reach.profile, reach.role_arn, (name,) if name else ())
    session = open_session(options, name or None)
    config = Config(
        connect_timeout=options.timeout_seconds,
        read_timeout=options.timeout_seconds,
        retries={"mode": "adaptive", "total_max_attempts": options.attempts},
    )
    return Account(
        lambda region: session.client("cloudwatch", region_name=region, config=config),
        partial(_regions, options),
        main_region(session, next(iter(reach.regions), None) or session.region_name or MAIN_REGION),
    )


def _regions(options: AwsOptions) -> list[str]:
    """The regions of an account that are read. Raises MetricError."""
    from scanner.metrics.asked import MetricError
    from scanner.sources.aws import AwsSource
    from scanner.sources.aws.failures import Failure

    try:
        return AwsSource(options).regions()
    except Failure as failure:
        raise MetricError(f"cloudwatch: {failure}") from failure


def _azure_monitor() -> MetricReader:
    from azure.identity import DefaultAzureCredential

    from scanner.metrics.azure_monitor import AzureMonitorReader

    return AzureMonitorReader(DefaultAzureCredential())
