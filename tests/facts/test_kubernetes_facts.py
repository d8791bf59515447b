"""Facts of Kubernetes: kinds and their fields as published, and the documented defaults."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from scanner.facts import load_facts
from scanner.facts.lines import SortedLines
from scanner.model.kubernetes import WORKLOADS
from scanner.model.resource_type import Attribute
from scanner.model.value import from_plain

FACTS = Path(__file__).resolve().parents[2] / "scanner" / "facts"
ROWS = [
    line.split("\t")
    for line in (FACTS / "defaults" / "kubernetes.tsv").read_text("utf-8").splitlines()
    if not line.startswith("#")
]
POD = "spec.template.spec"


def attribute(type_: str, path: str) -> Attribute | None:
    return load_facts().attribute(type_, path)


def default(type_: str, path: str, data: dict[str, Any] | None = None) -> Any:
    found = load_facts().default(type_, path, None if data is None else from_plain(data))
    return found.value if found else "none"


@pytest.mark.parametrize(
    ("type_", "path", "expected"),
    [
        ("apps/v1/Deployment", f"{POD}.containers.resources.limits.cpu", "map(string)"),
        ("apps/v1/Deployment", f"{POD}.containers[name=x].ports.containerPort", "number"),
        ("apps/v1/Deployment", f"{POD}.containers.livenessProbe.httpGet.port", "any"),
        ("apps/v1/Deployment", "spec.strategy.rollingUpdate.maxSurge", "any"),
        ("apps/v1/Deployment", "metadata.labels", "map(string)"),
        ("argoproj.io/v1alpha1/Rollout", "spec.strategy.canary.steps.setWeight", "number"),
        ("argoproj.io/v1alpha1/AppProject", "spec.syncWindows.timeZone", "string"),
        ("autoscaling/v2/HorizontalPodAutoscaler", "spec.metrics.resource.target.averageUtilization", "number"),
        ("batch/v1/CronJob", "spec.jobTemplate.spec.template.spec.restartPolicy", "string"),
        ("keda.sh/v1alpha1/ScaledObject", "spec.triggers.metadata.threshold", "map(string)"),
        ("monitoring.coreos.com/v1/PrometheusRule", "spec.groups.rules.expr", "any"),
        ("networking.k8s.io/v1/NetworkPolicy", "spec.ingress.from.ipBlock.cidr", "string"),
        ("policy/v1/PodDisruptionBudget", "spec.minAvailable", "any"),
        ("rbac.authorization.k8s.io/v1/ClusterRole", "rules.verbs", "list(string)"),
        ("secrets-store.csi.x-k8s.io/v1/SecretProviderClass", "spec.parameters.objects", "map(string)"),
        ("v1/Secret", "stringData.key", "map(string)"),
        ("v1/Service", "spec.ports.targetPort", "any"),
    ],
)
def test_fields_have_their_published_types(type_: str, path: str, expected: str) -> None:
    found = attribute(type_, path)
    assert found is not None
    assert found.type == expected


@pytest.mark.parametrize(
    ("type_", "path"),
    [
        ("apps/v1/Deployment", "spec.replica"),
        ("apps/v1/Deployment", "spec.template.spec.container"),
        ("autoscaling/v1/HorizontalPodAutoscaler", "spec.metrics"),
        ("v1/Service", "spec.podSelector"),
    ],
)
def test_fields_that_do_not_exist(type_: str, path: str) -> None:
    assert attribute(type_, path) is None


def test_what_only_the_cluster_writes_is_computed() -> None:
    for path in ("status.readyReplicas", "status.conditions.status", "metadata.uid", "metadata.resourceVersion"):
        found = attribute("apps/v1/Deployment", path)
        assert found is not None
        assert found.computed
    named = attribute("apps/v1/Deployment", "metadata.name")
    assert named is not None
    assert not named.computed


def test_the_content_of_secrets_is_sensitive() -> None:
    facts = load_facts()
    assert facts.sensitive("v1/Secret", "data.password")
    assert facts.sensitive("v1/Secret", "stringData.password")
    assert not facts.sensitive("v1/Secret", "type")
    assert not facts.sensitive("v1/ConfigMap", "data.password")


def test_every_type_is_found_and_suggestions_stay_in_its_group() -> None:
    lines = SortedLines(FACTS / "schemas" / "kubernetes.jsonl")
    names = lines.names()
    assert names == sorted(names)
    for name in names:
        block = load_facts().schema(name)
        assert block is not None
        assert {"apiVersion", "kind"} <= block.attributes.keys()
    assert load_facts().types("batch/v1/Cron") == ["batch/v1/CronJob", "batch/v1/Job"]
    assert load_facts().types("example.org/v1/Thing") == []


def test_every_workload_has_a_schema_of_its_pods() -> None:
    for type_, template in WORKLOADS.items():
        assert attribute(type_, ".".join((*template, "spec.containers.image"))) is not None


def test_rows_of_defaults_are_sorted_and_fit_the_schema() -> None:
    keys = [(type_, path) for type_, path, *_ in ROWS]
    assert keys == sorted(keys)
    for type_, path, value, condition, source in ROWS:
        found = attribute(type_, path)
        assert found is not None, (type_, path)
        expected = {"string": str, "bool": bool, "number": int}.get(found.type)
        assert expected is None or type(json.loads(value)) is expected, (type_, path)
        assert condition in ("", "in block") or attribute(type_, condition.partition("=")[0]) is not None
        assert "." in source.partition("/")[0]


@pytest.mark.parametrize(
    ("type_", "path", "data", "expected"),
    [
        ("apps/v1/Deployment", "spec.replicas", None, 1),
        ("apps/v1/Deployment", f"{POD}.terminationGracePeriodSeconds", None, 30),
        ("apps/v1/Deployment", "spec.strategy.rollingUpdate.maxSurge", {"spec": {}}, "25%"),
        (
            "apps/v1/Deployment",
            "spec.strategy.rollingUpdate.maxSurge",
            {"spec": {"strategy": {"type": "RollingUpdate"}}},
            "25%",
        ),
        (
            "apps/v1/Deployment",
            "spec.strategy.rollingUpdate.maxSurge",
            {"spec": {"strategy": {"type": "Recreate"}}},
            "none",
        ),
        ("apps/v1/Deployment", f"{POD}.containers.imagePullPolicy", None, "none"),
        (
            "apps/v1/Deployment",
            f"{POD}.containers[0].livenessProbe.periodSeconds",
            {"spec": {"template": {"spec": {"containers": [{"livenessProbe": {}}]}}}},
            10,
        ),
        (
            "apps/v1/Deployment",
            f"{POD}.containers[0].livenessProbe.periodSeconds",
            {"spec": {"template": {"spec": {"containers": [{}]}}}},
            "none",
        ),
        ("batch/v1/Job", f"{POD}.restartPolicy", None, "none"),
        ("v1/Service", "spec.externalTrafficPolicy", {"spec": {"type": "LoadBalancer"}}, "Cluster"),
        ("v1/Service", "spec.externalTrafficPolicy", {"spec": {}}, "none"),
        ("keda.sh/v1alpha1/ScaledObject", "spec.minReplicaCount", None, 0),
        ("argoproj.io/v1alpha1/AppProject", "spec.syncWindows[0].timeZone", {"spec": {"syncWindows": [{}]}}, "UTC"),
        ("argoproj.io/v1alpha1/AppProject", "spec.syncWindows.timeZone", {"spec": {}}, "none"),
    ],
)
def test_defaults_hold_where_they_are_documented(
    type_: str, path: str, data: dict[str, Any] | None, expected: Any
) -> None:
    assert default(type_, path, data) == expected
