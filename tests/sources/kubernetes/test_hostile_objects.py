"""Objects of any shape: nothing raises, and nothing that makes no sense passes."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from scanner.facts import load_facts
from scanner.model.inventory import Inventory
from scanner.model.location import Location
from scanner.model.resource import Origin, Resource
from scanner.model.value import Reason, Unknown, Value, from_plain
from scanner.policy.conditions import Call
from scanner.policy.functions import compile_call
from scanner.policy.world import World
from scanner.sources.kubernetes import read_kubernetes
from scanner.sources.kubernetes.links import LINKS
from scanner.sources.kubernetes.terraform import read_terraform

KEYS = (
    "name", "namespace", "labels", "matchLabels", "matchExpressions", "key", "operator", "values", "app", "selector",
    "podSelector", "template", "metadata", "spec", "containers", "env", "valueFrom", "secretKeyRef", "volumes",
    "secret", "scaleTargetRef", "kind", "roleRef", "subjects", "rules", "apiGroups", "resources", "verbs", "ports",
    "port", "targetPort", "replicas", "minReplicas", "maxReplicas", "minAvailable", "maxUnavailable", "ingress", "from",
    "egress", "to", "ipBlock", "cidr", "policyTypes", "topologySpreadConstraints", "topologyKey", "labelSelector",
    "affinity", "podAntiAffinity", "items", "images", "patches", "path", "target", "newTag", "commonLabels", "pairs",
)  # fmt: skip
SCALARS = st.one_of(
    st.none(), st.booleans(), st.integers(-3, 70000), st.sampled_from(["", "a", "web", "In", "50%", "10.0.0.0/8", "*"])
)
DATA = st.recursive(
    SCALARS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.sampled_from(KEYS), inner, max_size=4)
    ),
    max_leaves=25,
)  # fmt: skip
TYPES = sorted({*LINKS, "apps/v1/Deployment", "v1/Namespace", "batch/v1/CronJob", "rbac.authorization.k8s.io/v1/Role",
                "v1/List", "apps/v1/DeploymentList"})  # fmt: skip
CALLS = (
    Call("kubernetes_replicas", {"at_least": 1}),
    Call("kubernetes_disruption_budget", {"available": 1, "evictions": 1}),
    Call("kubernetes_pods_apart", {"topology_key": "a"}),
    Call("kubernetes_ports", {"target": 8080}),
    Call("kubernetes_isolated", {"directions": ["ingress", "egress"]}),
    Call(
        "kubernetes_rights", {"rules": [{"api_groups": ["a"], "resources": ["a"], "verbs": ["a"]}], "mode": "exactly"}
    ),
    Call("kubernetes_bound_roles", {"roles": ["a"]}),
    Call("network_flows", {"mode": "exactly", "ingress": [], "egress": []}),
)


def objects() -> st.SearchStrategy[Any]:
    """An object of some type with anything below its fields."""
    fields = st.fixed_dictionaries(
        {"metadata": st.one_of(DATA, st.fixed_dictionaries({"name": st.just("a"), "labels": DATA}))},
        optional={"spec": DATA, "rules": DATA, "subjects": DATA, "roleRef": DATA, "items": DATA},
    )
    return st.tuples(st.sampled_from(TYPES), fields).map(
        lambda pair: {"apiVersion": pair[0].rpartition("/")[0], "kind": pair[0].rpartition("/")[2], **pair[1]}
    )


@settings(max_examples=150, deadline=None)
@given(st.lists(objects(), max_size=5), DATA)
def test_objects_of_any_shape_are_read_and_decided(found: list[Any], kustomization: Any) -> None:
    place = Location("k8s/a.yaml", 1)
    listed = {"resources": ["a.yaml"], **kustomization} if isinstance(kustomization, dict) else kustomization
    files = {
        "k8s/a.yaml": [from_plain(data, place) for data in found],
        "k8s/kustomization.yaml": [from_plain(listed, Location("k8s/kustomization.yaml", 1))],
    }
    decide(read_kubernetes(files))


def decide(inventory: Inventory) -> None:
    """Calls every function on every resource."""
    world = World(inventory, load_facts())
    for resource in inventory.resources:
        for call in CALLS:
            assert compile_call(call)(world.subject(resource, resource)).verdict


TERRAFORM = ("kubernetes_deployment", "kubernetes_service_v1", "kubernetes_manifest", "kubectl_manifest",
             "helm_release", "kubernetes_network_policy", "kubernetes_role", "kubernetes_secret")  # fmt: skip
BLOCKS = st.recursive(
    st.one_of(SCALARS, st.just(Unknown(Reason.COMPUTED, "later")), st.just("a: [b, {c: d}]"), st.just("a: [")),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(
            st.sampled_from(("metadata", "name", "spec", "template", "container", "port", "selector", "manifest",
                             "yaml_body", "values", "rule", "data", "volume", "secret", "match_labels", "api_version")),
            inner, max_size=4,
        ),
    ),
    max_leaves=20,
)  # fmt: skip


def value(data: Any) -> Value:
    """Data with unknown parts as a value."""
    if isinstance(data, Unknown):
        return Value(data)
    if isinstance(data, dict):
        return Value({key: value(item) for key, item in data.items()})
    return Value(tuple(value(item) for item in data)) if isinstance(data, list) else Value(data)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(TERRAFORM), BLOCKS), max_size=4))
def test_terraform_blocks_of_any_shape_are_read_and_decided(found: list[tuple[str, Any]]) -> None:
    resources = [
        Resource(type_, f"{type_}.x{number}", value(data), Location("main.tf", 1), Origin.TERRAFORM, ".")
        for number, (type_, data) in enumerate(found)
    ]
    decide(read_terraform(Inventory(resources)))
