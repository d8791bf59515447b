"""A cluster and its snapshot: links between objects are there in both."""

import json

import pytest
from audited import FakeSource

from scanner.cli.main import run
from scanner.model.resource import Origin
from scanner.sources import live as live_sources
from scanner.sources.kubernetes.live import printed_objects
from scanner.sources.live import Opened

BASELINE = """\
baseline: shop
document: {title: Shop, original_title: Shop, version: "1.0", date: 2026-01-02}
scope: {cloud: aws, regions: [ap-northeast-2], environment: production}
components:
  api: {type: apps/v1/Deployment, match: [{metadata.name: api}], title: {en: API, ko: API}}
  db: {type: aws_db_instance, match: [{identifier: db}], title: {en: Database, ko: 데이터베이스}}
requirements:
  - id: SHOP-001
    section: "1"
    title: {en: An account of its own, ko: 전용 서비스 계정}
    severity: high
    category: identity
    component: api
    assert: [{references: {resource: v1/ServiceAccount}}]
  - id: SHOP-002
    section: "2"
    title: {en: Two zones, ko: 다중 가용 영역}
    severity: high
    category: availability
    component: db
    assert: [{path: multi_az, op: equals, value: true}]
"""


def printed(account: str) -> str:
    pod = {"serviceAccountName": account, "containers": [{"name": "api", "image": "api:1"}]}
    spec = {
        "selector": {"matchLabels": {"app": "api"}},
        "template": {"metadata": {"labels": {"app": "api"}}, "spec": pod},
    }
    names = {"name": "api", "namespace": "shop"}
    items = [
        {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": names},
        {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": names, "spec": spec},
    ]
    return json.dumps({"apiVersion": "v1", "kind": "List", "items": items})


@pytest.mark.parametrize(("account", "verdict"), [("api", "pass"), ("other", "fail")])
def test_a_cluster_and_its_snapshot_give_the_same_verdicts(tmp_path, monkeypatch, capfd, account, verdict):
    found = printed_objects(printed(account), "https://cluster.example")
    source = FakeSource([*found.resources, *found.notifications])
    monkeypatch.setitem(live_sources._OPEN, Origin.KUBERNETES, lambda *_: Opened(source, frozenset({"*/*"})))
    monkeypatch.chdir(tmp_path)
    (tmp_path / "shop.yaml").write_text(BASELINE, encoding="utf-8")
    reports = []
    assert run(["collect", "kubernetes", "-o", "cluster.jsonl", "--baseline", "shop.yaml"]) == 0
    capfd.readouterr()
    for arguments in ([], ["--snapshot", "cluster.jsonl"]):
        code = run(["audit", "kubernetes", "--baseline", "shop.yaml", "--format", "json", *arguments])
        assert code == (verdict == "fail")
        reports.append(json.loads(capfd.readouterr().out)["findings"])
    assert [finding["verdict"] for finding in reports[0]] == [verdict, "not_applicable"]
    assert reports[0] == reports[1]


def test_without_a_cluster_nothing_passes(tmp_path, monkeypatch, capfd):
    pytest.importorskip("kubernetes")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("KUBECONFIG", str(tmp_path / "none"))
    (tmp_path / "shop.yaml").write_text(BASELINE, encoding="utf-8")
    assert run(["audit", "kubernetes", "--baseline", "shop.yaml", "--quiet"]) == 3
    assert "the kubeconfig cannot be used" in capfd.readouterr().err
