"""Each option that says what is read arrives at the sources."""

import pytest

from scanner.cli.reach import ReachGiven, reach_of
from scanner.errors import UsageError
from scanner.sources.live import Reach

ROLE = "arn:aws:iam::{account}:role/auditor"


@pytest.mark.parametrize(
    ("system", "given", "expected"),
    [
        ("aws", {"profile": "audit"}, {"profile": "audit"}),
        ("aws", {"role_arn": ROLE, "account": ("1", "2")}, {"role_arn": ROLE, "accounts": ("1", "2")}),
        ("aws", {"region": ("us-east-1",)}, {"regions": ("us-east-1",)}),
        ("aws", {"scheduler": "tcp://dask:8786"}, {"scheduler": "tcp://dask:8786"}),
        ("aws", {"role_arn": ROLE, "account": ("2", "1", "2")}, {"role_arn": ROLE, "accounts": ("2", "1")}),
        ("azure", {"subscription": ("s",)}, {"subscriptions": ("s",)}),
        ("azure", {"resource_group": ("g",)}, {"resource_groups": ("g",)}),
        ("kubernetes", {"context": "c", "namespace": ("n",)}, {"context": "c", "namespaces": ("n",)}),
    ],
)  # fmt: skip
def test_options_arrive(system, given, expected):
    assert reach_of(system, ReachGiven(**given)) == Reach(**expected)


@pytest.mark.parametrize("system", ["azure", "kubernetes"])
def test_only_aws_is_spread_over_a_cluster(system):
    with pytest.raises(UsageError, match=f"an option is not meant for {system}"):
        reach_of(system, ReachGiven(scheduler="tcp://dask:8786"))
