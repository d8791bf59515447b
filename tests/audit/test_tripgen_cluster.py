"""TripGen's cluster as its manifests make it: the verdicts of the code, and what somebody changed by hand is found."""

from __future__ import annotations

import copy
import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from scanner.cli.main import run
from scanner.model.value import plain
from scanner.sources.collect import collect_code
from tests.scanning import EXAMPLES, scan_example
from tests.sources.kubernetes.cluster_server import cluster

Thing = dict[str, Any]
EXAMPLE = EXAMPLES / "tripgen"
KNOWN = ("v1/LimitRange", "apps/v1/DaemonSet", "apps/v1/StatefulSet")
"""Kinds that every cluster knows, and TripGen has nothing of."""
ELSEWHERE = {"TRIPGEN-ARGO-001": "a release of Helm is not read from a cluster"}
ZONES = ("koreacentral-1", "koreacentral-2", "koreacentral-3")


@cache
def applied() -> list[Thing]:
    """The objects of the example's manifests."""
    code = collect_code([EXAMPLE / "k8s", EXAMPLE / "argocd"], EXAMPLE)
    return [thing for item in code.resources if isinstance(thing := plain(item.attributes, reveal=True), dict)]


def running() -> list[Thing]:
    """The cluster with what runs in it: nodes, pods, CoreDNS, and what controllers report of themselves."""
    objects = copy.deepcopy(applied())
    for item in objects:
        status = STATUS.get(item["kind"])
        if status is not None:
            item["status"] = status
    services = [item for item in objects if item["kind"] == "Rollout"]
    return [*objects, *nodes(), *(pod for item in services for pod in pods(item)), system(), coredns()]


STATUS = {
    "Application": {"sync": {"status": "Synced"}, "health": {"status": "Healthy"}},
    "HorizontalPodAutoscaler": {"conditions": [{"type": "ScalingActive", "status": "True"}]},
}
READY = {"conditions": [{"type": "Ready", "status": "True"}]}


def thing(kind: str, name: str, namespace: str | None = None, version: str = "v1", **content: Any) -> Thing:
    metadata = {"name": name, **({"namespace": namespace} if namespace else {}), **content.pop("metadata", {})}
    return {"apiVersion": version, "kind": kind, "metadata": metadata, **content}


def nodes() -> Iterator[Thing]:
    for zone in ZONES:
        labels = {"kubernetes.azure.com/agentpool": "apps", "topology.kubernetes.io/zone": zone}
        yield thing("Node", f"node-{zone}", metadata={"labels": labels}, status=READY)


def pods(rollout: Thing) -> Iterator[Thing]:
    template = rollout["spec"]["template"]
    for number, zone in enumerate(ZONES[:2]):
        name, namespace = f"{rollout['metadata']['name']}-{number}", rollout["metadata"]["namespace"]
        labels, spec = template["metadata"]["labels"], {**template["spec"], "nodeName": f"node-{zone}"}
        yield thing("Pod", name, namespace, metadata={"labels": labels}, spec=spec, status=READY)


def system() -> Thing:
    labels = {"kubernetes.io/metadata.name": "kube-system", "name": "kube-system"}
    return thing("Namespace", "kube-system", metadata={"labels": labels})


def coredns() -> Thing:
    pod = {"metadata": {"labels": {"app": "coredns"}}, "spec": {"containers": [{"name": "coredns", "image": "dns:1"}]}}
    spec = {"replicas": 2, "selector": {"matchLabels": {"app": "coredns"}}, "template": pod}
    return thing("Deployment", "coredns", "kube-system", "apps/v1", spec=spec, status={"availableReplicas": 2})


def audited(
    objects: Iterable[Thing], folder: Path, monkeypatch: pytest.MonkeyPatch, known: Iterable[str] = KNOWN
) -> list[dict[str, Any]]:
    """The findings of an audit of a cluster with these objects."""
    settings = yaml.safe_load((EXAMPLE / "asbuilt.yaml").read_text("utf-8"))["inputs"]
    inputs = [f"--input={name}={json.dumps(value)}" for name, value in settings.items()]
    report = folder / "report.json"
    with cluster(objects, folder, known) as kubeconfig:
        # The client looks for KUBECONFIG when it is imported, which another test may have done.
        monkeypatch.setattr("kubernetes.config.kube_config.KUBE_CONFIG_DEFAULT_LOCATION", kubeconfig)
        run(["audit", "kubernetes", "--baseline", "tripgen-production", *inputs, "--format", f"json={report}"])
    found: list[dict[str, Any]] = json.loads(report.read_text("utf-8"))["findings"]
    return found


def verdicts(findings: Iterable[dict[str, Any]], kind: str) -> dict[str, set[str]]:
    by_id: dict[str, set[str]] = defaultdict(set)
    for item in findings:
        if item["kind"] == kind:
            by_id[item["requirement"]].add(item["verdict"])
    return by_id


def failing(findings: Iterable[dict[str, Any]]) -> set[str]:
    return {item["requirement"] for item in findings if item["verdict"] == "fail"}


def test_code_and_cluster_have_the_same_verdicts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("kubernetes")
    found = audited(running(), tmp_path, monkeypatch)
    code: dict[str, set[str]] = defaultdict(set)
    for item in scan_example("tripgen"):
        code[item.requirement or ""].add(item.verdict.value)
    seen = {id_: had for id_, had in verdicts(found, "static").items() if had != {"not_applicable"}}
    assert {id_ for id_, had in seen.items() if had != code[id_]} - ELSEWHERE.keys() == set()
    assert len(seen) > 60
    assert failing(found) == set()


def test_what_only_a_cluster_shows_is_decided(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("kubernetes")
    live = verdicts(audited(running(), tmp_path, monkeypatch), "live")
    assert {id_: had for id_, had in live.items() if had != {"not_applicable"}} == {
        f"TRIPGEN-{name}": {"pass"}
        for name in ("AKS-006", "AKS-018", "NETPOL-008", "K8S-003", "SCALE-011", "CICD-015", "ARGO-008")
    }


def one(objects: list[Thing], kind: str, name: str) -> Thing:
    (found,) = [item for item in objects if (item["kind"], item["metadata"]["name"]) == (kind, name)]
    return found


def same_node(objects: list[Thing]) -> None:
    for item in objects:
        if item["kind"] == "Pod" and item["metadata"]["labels"]["app"] == "user-service":
            item["spec"]["nodeName"] = f"node-{ZONES[0]}"


def without(kind: str, start: str) -> Callable[[list[Thing]], None]:
    def removed(objects: list[Thing]) -> None:
        objects[:] = [
            item for item in objects if item["kind"] != kind or not item["metadata"]["name"].startswith(start)
        ]

    return removed


CHANGES: dict[str, tuple[Callable[[list[Thing]], Any], str]] = {
    "out of sync": (
        lambda all_: [item.update(status={"sync": {"status": "OutOfSync"}, "health": {"status": "Healthy"}})
                      for item in all_ if item["kind"] == "Application"],
        "TRIPGEN-ARGO-008",
    ),
    "pods of a service on one node": (same_node, "TRIPGEN-K8S-003"),
    "a zone without nodes": (without("Node", f"node-{ZONES[2]}"), "TRIPGEN-AKS-018"),
    "one answer of the cluster's DNS": (
        lambda all_: one(all_, "Deployment", "coredns").update(status={"availableReplicas": 1}), "TRIPGEN-AKS-006",
    ),
    "a budget removed": (without("PodDisruptionBudget", "user-service"), "TRIPGEN-K8S-004"),
    "a policy of the network removed": (without("NetworkPolicy", ""), "TRIPGEN-NETPOL-001"),
}  # fmt: skip


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_by_hand_is_found(change: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("kubernetes")
    objects = running()
    made, found_by = CHANGES[change]
    made(objects)
    kinds = {f"{item['apiVersion']}/{item['kind']}" for item in running()}
    assert found_by in failing(audited(objects, tmp_path, monkeypatch, [*KNOWN, *kinds]))
