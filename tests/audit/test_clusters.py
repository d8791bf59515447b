"""A cluster and its snapshot: links between objects are there in both."""

import io
import json
import sys

import pytest
from audited import FakeSource

from scanner.cli.main import run
from scanner.model.resource import Origin
from scanner.sources import live as live_sources
from scanner.sources.kubernetes.live_printed import cluster_of, printed_objects
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
    found = printed_objects(printed(account), cluster="https://cluster.example")
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


def piped(monkeypatch, text: str) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text.encode()), encoding="utf-8"))


@pytest.mark.parametrize(("account", "verdict"), [("api", "pass"), ("other", "fail")])
def test_what_kubectl_prints_is_audited(tmp_path, monkeypatch, capfd, account, verdict):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "shop.yaml").write_text(BASELINE, encoding="utf-8")
    piped(monkeypatch, printed(account))
    code = run(["audit", "kubernetes", "--baseline", "shop.yaml", "--snapshot", "-", "--format", "json"])
    report = json.loads(capfd.readouterr().out)
    assert code == (verdict == "fail")
    assert [finding["verdict"] for finding in report["findings"]] == [verdict, "not_applicable"]
    assert (report["run"]["inputs"], report["run"]["identity"]) == (["-"], {"cluster": "standard input"})


@pytest.mark.parametrize("kept", [[], ["Deployment"], ["ServiceAccount"]])
def test_a_kind_that_was_not_printed_is_unknown_and_not_missing(tmp_path, monkeypatch, capfd, kept):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "shop.yaml").write_text(BASELINE, encoding="utf-8")
    whole = json.loads(printed("api"))
    whole["items"] = [item for item in whole["items"] if item["kind"] in kept]
    piped(monkeypatch, json.dumps(whole))
    assert run(["audit", "kubernetes", "--baseline", "shop.yaml", "--snapshot", "-", "--format", "json"]) == 3
    report = json.loads(capfd.readouterr().out)
    assert report["findings"][0]["verdict"] == "unknown"
    unread = {item["what"].split(" has no ")[1].partition(":")[0] for item in report["notifications"]}
    assert unread == {"apps/v1/Deployment", "v1/ServiceAccount"} - {f"apps/v1/{kind}" for kind in kept} - {
        f"v1/{kind}" for kind in kept
    }


def test_a_cluster_is_known_by_its_own_namespace():
    system = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "kube-system", "uid": "u-1"}}
    text = json.dumps(system) + "\n" + printed("api")  # two commands, one pipe
    assert cluster_of(text) == {"cluster": "u-1"}
    assert {item.root for item in printed_objects(text).resources} == {"u-1"}
    assert cluster_of("Error from server") == {"cluster": "standard input"}


@pytest.mark.parametrize("text", ["", "No resources found", '{"items": [7]}', "[]"])
def test_what_kubectl_does_not_print_is_no_empty_cluster(tmp_path, monkeypatch, capfd, text):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "shop.yaml").write_text(BASELINE, encoding="utf-8")
    piped(monkeypatch, text)
    assert run(["audit", "kubernetes", "--baseline", "shop.yaml", "--snapshot", "-", "--quiet"]) == 3
    assert "this is not what kubectl get -o json prints" in capfd.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [(["kubernetes"], "nothing is piped into standard input"), (["aws"], "it does not tell about aws")],
)
def test_standard_input_has_to_be_there_and_of_a_cluster(tmp_path, monkeypatch, capfd, arguments, said):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "stdin", None)
    (tmp_path / "shop.yaml").write_text(BASELINE, encoding="utf-8")
    assert run(["audit", *arguments, "--baseline", "shop.yaml", "--snapshot", "-"]) == 2
    assert said in capfd.readouterr().err
