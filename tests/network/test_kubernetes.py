"""NetworkPolicies: what all policies of a pod allow together."""

from __future__ import annotations

import pytest

from scanner.model.inventory import Inventory
from scanner.model.resource import Resource
from scanner.model.value import Reason, Unknown
from scanner.network.coverage import lies_within
from scanner.network.inventory import Groups
from scanner.network.rules import Group
from tests.network.world import manifest, shown

TYPE = "networking.k8s.io/v1/NetworkPolicy"
APP = {"matchLabels": {"tier": "application"}}
NS = {"name": "p", "namespace": "shop"}
BOTH = ["Ingress", "Egress"]
SYSTEM = {"matchLabels": {"name": "kube-system"}}
EVERYTHING_OUT = "egress all protocols to any"


def policy(name: str = "p", pods: object = None, **spec: object) -> Resource:
    metadata = {"name": name, "namespace": "shop"}
    return manifest(TYPE, name, metadata=metadata, spec={"podSelector": APP if pods is None else pods, **spec})


def deployment(name: str, ports: object = (), **labels: str) -> Resource:
    containers = [{"name": "c", "ports": list(ports) if isinstance(ports, tuple | list) else []}]
    template = {"metadata": {"labels": labels}, "spec": {"containers": containers}}
    return manifest(
        "apps/v1/Deployment", name, metadata={"name": name, "namespace": "shop"}, spec={"template": template}
    )


def group(*resources: Resource) -> Group:
    found = Groups(Inventory(list(resources))).of(resources[0])
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("spec", "expected"),
    [
        ({"policyTypes": BOTH}, set()),
        ({"policyTypes": ["Ingress"]}, {EVERYTHING_OUT}),
        ({"ingress": []}, {EVERYTHING_OUT}),
        ({"egress": []}, {EVERYTHING_OUT}),
        ({"policyTypes": ["Egress"], "egress": []}, {"ingress all protocols from any"}),
        ({"ingress": [{}], "policyTypes": BOTH}, {"ingress all protocols from any"}),
        (
            {"policyTypes": BOTH, "egress": [{"to": [], "ports": [{"port": 443}]}]},
            {"egress tcp 443 to any"},
        ),
        (
            {"policyTypes": BOTH, "egress": [{"ports": [{"port": 53, "protocol": "UDP"}, {"port": 53}]}]},
            {"egress tcp 53; udp 53 to any"},
        ),
        (
            {
                "policyTypes": ["Ingress"],
                "ingress": [
                    {
                        "from": [{"ipBlock": {"cidr": "10.0.0.0/23", "except": ["10.0.1.0/24"]}}],
                        "ports": [{"port": 8000, "endPort": 8100}],
                    }
                ],
            },
            {"ingress tcp 8000-8100 from 10.0.0.0/24", EVERYTHING_OUT},
        ),
        (
            {"ingress": [{"from": [{"podSelector": {"matchLabels": {"app": "web"}}}], "ports": [{"port": 80}]}]},
            {"ingress tcp 80 from app=web @ kubernetes.io/metadata.name=shop", EVERYTHING_OUT},
        ),
        (
            {"ingress": [{"from": [{"namespaceSelector": SYSTEM}], "ports": [{"port": 80}]}]},
            {"ingress tcp 80 from * @ name=kube-system", EVERYTHING_OUT},
        ),
        (
            {"ingress": [{"from": [{"namespaceSelector": {}, "podSelector": {}}], "ports": [{"protocol": "TCP"}]}]},
            {"ingress tcp from * @ *", EVERYTHING_OUT},
        ),
    ],
)  # fmt: skip
def test_one_policy(spec: dict[str, object], expected: set[str]) -> None:
    assert shown(group(policy(**spec))) == expected


def test_policies_add_up() -> None:
    wide = policy("wide", {}, ingress=[{"ports": [{"port": 22}]}])
    found = group(policy(ingress=[{"ports": [{"port": 8080}]}]), wide)
    assert shown(found) == {"ingress tcp 22, 8080 from any", EVERYTHING_OUT}


def test_default_deny_for_all_pods_isolates_what_another_policy_leaves_open() -> None:
    deny = policy("deny", {}, policyTypes=BOTH)
    assert shown(group(policy(ingress=[{"ports": [{"port": 8080}]}]), deny)) == {"ingress tcp 8080 from any"}


def test_policies_of_other_pods_do_not_count() -> None:
    other = policy("other", {"matchLabels": {"tier": "data"}}, ingress=[{"ports": [{"port": 22}]}])
    assert shown(group(policy(ingress=[]), other)) == {EVERYTHING_OUT}


def test_policies_of_other_namespaces_do_not_count() -> None:
    other = manifest(
        TYPE, "other", metadata={"name": "other", "namespace": "else"}, spec={"podSelector": {}, "ingress": [{}]}
    )
    assert shown(group(policy(ingress=[]), other)) == {EVERYTHING_OUT}


def test_whether_selectors_overlap_is_open_without_pods_and_decided_with_them() -> None:
    own = policy(ingress=[])
    other = policy("other", {"matchLabels": {"app": "user"}}, ingress=[{"ports": [{"port": 22}]}])
    undecided = group(own, other)
    assert shown(undecided) == {EVERYTHING_OUT}
    assert [flow.text() for flow in (undecided.maybe - undecided.sure).flows()] == ["tcp 22 from any"]

    apart = group(own, other, deployment("a", tier="application"), deployment("b", app="user"))
    assert apart.maybe == apart.sure

    shared = group(own, other, deployment("a", tier="application"), deployment("b", tier="application", app="user"))
    assert any(grant.sure.services() for grant in shared.grants if grant.rule.resource is other)
    assert shown(shared) == {EVERYTHING_OUT}


def test_full_access_is_open_where_a_policy_may_take_it_away() -> None:
    own = policy(ingress=[])
    other = policy("other", {"matchLabels": {"app": "user"}}, policyTypes=["Egress"])
    found = group(own, other)
    assert not found.sure
    assert [flow.text() for flow in found.maybe.flows()] == ["all protocols to any"]


def test_named_ports_are_those_of_the_selected_pods() -> None:
    web = deployment("web", [{"name": "http", "containerPort": 8080}], tier="application")
    own = policy(ingress=[{"ports": [{"port": "http"}]}])
    assert shown(group(own, web)) == {"ingress tcp 8080 from any", EVERYTHING_OUT}
    nobody = group(own)
    assert shown(nobody) == {EVERYTHING_OUT}
    assert any(line.unknown for line in nobody.rules)


def test_one_value_of_an_expression_equals_a_label() -> None:
    expression = {"matchExpressions": [{"key": "app", "operator": "In", "values": ["web"]}]}
    labels = {"matchLabels": {"app": "web"}}
    one, other = (
        group(policy(ingress=[{"from": [{"podSelector": selector}]}])).sure for selector in (expression, labels)
    )
    assert one == other


def test_a_peer_whose_labels_are_not_known_is_no_address() -> None:
    label = Unknown(Reason.UNSET_VARIABLE, "var.label")
    own = policy(ingress=[{"from": [{"podSelector": {"matchLabels": {"app": "web"}}}]}])
    raw = own.attributes.raw["spec"].raw["ingress"].raw[0].raw["from"].raw[0].raw["podSelector"].raw["matchLabels"]
    raw.raw["app"].raw = label
    found = group(own)
    assert not [flow for flow in found.sure.flows() if flow.direction == "ingress"]
    assert not found.maybe.one_way(found.rules[0].direction).addresses


@pytest.mark.parametrize(
    ("inner", "outer", "within"),
    [
        ("app=a @ name=x", "* @ *", True),
        ("app=a & tier=t @ name=x", "tier=t @ name=x", True),
        ("app=a @ name=x", "app=a @ name=y", False),
        ("* @ name=x", "app=a @ name=x", False),
    ],
)
def test_selectors_inside_each_other(inner: str, outer: str, within: bool) -> None:
    assert lies_within(inner, outer) is within
