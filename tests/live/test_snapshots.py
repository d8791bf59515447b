"""A snapshot of the account is as good as the account: the same report, offline."""

from dataclasses import replace
from pathlib import Path

import pytest

from scanner.audit import AuditRequest, audit, collect
from scanner.cli.config import load
from scanner.model.resource import Origin
from scanner.reports.json_report import finding_data
from scanner.sources import live
from tests.live.conftest import source

CONFIG = Path(__file__).parents[2] / "examples/onno/asbuilt.yaml"


@pytest.mark.parametrize("whole", [False, True])
def test_a_snapshot_of_the_account_gives_the_same_report(account, tmp_path, monkeypatch, whole):
    def opened(_reach, types):
        own = frozenset(type_ for type_ in types or () if type_.startswith("aws_"))
        everything = live._aws(live.Reach(), None).types
        return live.Opened(source(account, *own), own or everything)

    monkeypatch.setitem(live._OPEN, Origin.AWS, opened)
    settings = load(CONFIG)
    request = AuditRequest(Origin.AWS, settings.baselines, inputs=settings.inputs, bindings=settings.bind)
    direct = audit(request)
    path = tmp_path / "account.jsonl.gz"
    stored = collect(Origin.AWS, live.Reach(), path, () if whole else settings.baselines)
    offline = audit(replace(request, snapshots=[path]))
    assert stored.resources > 100
    assert [finding.verdict for finding in offline.findings] == [finding.verdict for finding in direct.findings]
    if not whole:  # what was never asked for is said in other words
        assert [finding_data(item) for item in offline.findings] == [finding_data(item) for item in direct.findings]
        assert offline.notifications == direct.notifications
    assert offline.identity.items() >= direct.identity.items()
