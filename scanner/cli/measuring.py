"""Where an audit gets measurements from: CloudWatch of the account that it reads, and a Prometheus server."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING

from scanner.errors import UsageError

if TYPE_CHECKING:
    from scanner.metrics import MetricReaders
    from scanner.metrics.asked import AskedMetric, MetricReader
    from scanner.model.resource import Resource
    from scanner.sources.live import Reach


def readers(system: str, reach: Reach, prometheus: str | None, *, offline: bool) -> MetricReaders:
    """The readers of measurements; what none of them has is unknown.

    Offline, nothing but the named Prometheus is asked. CloudWatch is asked where one account is audited.
    Raises UsageError for an address that is none.
    """
    from scanner.metrics import MetricReaders

    found: dict[str, MetricReader] = {}
    if prometheus is not None:
        if not prometheus.startswith(("http://", "https://")):
            raise UsageError(f"--prometheus {prometheus}: expected an address such as https://prometheus.example")
        from scanner.metrics.prometheus import PrometheusReader

        found["prometheus"] = PrometheusReader(prometheus)
    if system == "aws" and not offline and len(reach.accounts) < 2:
        found["cloudwatch"] = _Later(lambda: _cloudwatch(reach))
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
    from scanner.metrics.asked import MetricError
    from scanner.metrics.cloudwatch import CloudWatchReader
    from scanner.sources.aws import AwsOptions, AwsSource
    from scanner.sources.aws.failures import Failure
    from scanner.sources.aws.session import open_session

    account = next(iter(reach.accounts), None)
    options = AwsOptions(None, reach.regions, reach.profile, reach.role_arn, reach.accounts)
    try:
        regions = AwsSource(options).regions()
    except Failure as failure:
        raise MetricError(f"cloudwatch: {failure}") from failure
    session = open_session(options, account)
    clients: Mapping[str, object] = {
        region: session.client("cloudwatch", region_name=region) for region in regions
    }  # fmt: skip
    return CloudWatchReader(lambda region: clients[region], regions)
