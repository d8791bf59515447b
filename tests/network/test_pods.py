"""What NetworkPolicies leave to the pods of a workload and to those of a namespace."""

from __future__ import annotations

from collections.abc import Mapping

from scanner.model.inventory import Inventory, Level, Notification
from scanner.model.resource import Resource
from scanner.model.value import Reason, Unknown, Value
from scanner.network.components import peers_of
from scanner.network.inventory import Groups
from scanner.network.rules import Group
from tests.network.test_kubernetes import EVERYTHING_OUT, deployment, policy
from tests.network.world import manifest, shown

EVERYTHING_IN = "ingress all protocols from any"


def mapping(value: Value) -> dict[str, Value]:
    assert isinstance(value.raw, Mapping)
    return dict(value.raw)


def namespace(name: str = "shop") -> Resource:
    return manifest("v1/Namespace", name, metadata={"name": name})


def group(*resources: Resource) -> Group:
    found = Groups(Inventory(list(resources))).of(resources[0])
    assert found is not None
    return found


def test_a_workload_that_no_policy_selects_may_do_everything() -> None:
    other = policy("other", {"matchLabels": {"tier": "data"}}, ingress=[])
    assert shown(group(deployment("web", tier="application"), other)) == {EVERYTHING_IN, EVERYTHING_OUT}


def test_a_workload_gets_what_all_its_policies_allow() -> None:
    one = policy("one", ingress=[{"ports": [{"port": 8080}]}])
    other = policy("other", {"matchLabels": {"app": "web"}}, ingress=[{"ports": [{"port": 9090}]}])
    found = group(deployment("web", tier="application", app="web"), one, other)
    assert shown(found) == {"ingress tcp 8080, 9090 from any", EVERYTHING_OUT}


def test_policies_of_another_namespace_or_root_do_not_count() -> None:
    elsewhere = policy("one", ingress=[])
    elsewhere.root = "overlays/staging"
    assert shown(group(deployment("web", tier="application"), elsewhere)) == {EVERYTHING_IN, EVERYTHING_OUT}


def test_unknown_labels_leave_open_what_isolates() -> None:
    labels = Value(Unknown(Reason.COMPUTED, "later"))
    template = Value({"metadata": Value({"labels": labels})})
    web = manifest("apps/v1/Deployment", "web", metadata={"name": "web", "namespace": "shop"})
    web.attributes = Value({**mapping(web.attributes), "spec": Value({"template": template})})
    found = group(web, policy(ingress=[]))
    assert shown(found) == {EVERYTHING_OUT}
    assert [flow.text() for flow in (found.maybe - found.sure).flows()] == ["all protocols from any"]


def test_a_namespace_is_closed_by_policies_for_all_pods_only() -> None:
    for_some = policy("some", policyTypes=["Ingress", "Egress"])
    for_all = policy("all", {}, policyTypes=["Ingress", "Egress"])
    assert shown(group(namespace(), for_some)) == {EVERYTHING_IN, EVERYTHING_OUT}
    assert shown(group(namespace(), for_some, for_all)) == set()


def test_policies_that_could_not_be_read_are_said() -> None:
    inventory = Inventory([deployment("web")], [Notification(Level.ERROR, "policy.yaml is broken")])
    found = Groups(inventory).of(inventory.resources[0])
    assert found is not None
    assert found.hidden == Unknown(Reason.UNREADABLE, "policy.yaml is broken")


def test_components_as_peers() -> None:
    names = {
        resource: [name.text for name in peers_of(resource)[0].names]
        for resource in (deployment("web", app="web", tier="x"), namespace(), policy())
    }
    assert list(names.values()) == [
        ["app=web & tier=x @ kubernetes.io/metadata.name=shop"],
        ["* @ kubernetes.io/metadata.name=shop"],
        ["tier=application @ kubernetes.io/metadata.name=shop"],
    ]


def test_listing_groups_leaves_out_what_has_no_rules_of_its_own() -> None:
    inventory = Inventory([deployment("web"), policy()])
    groups = Groups(inventory)
    groups.of(inventory.resources[0])
    assert [found.resource.address for found in groups.every()] == ["networking.k8s.io/v1/NetworkPolicy/p"]
