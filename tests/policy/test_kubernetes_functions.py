"""Functions about Kubernetes objects, on manifests: what they count, and what they leave open."""

from __future__ import annotations

from typing import Any

import pytest

from scanner.facts import load_facts
from scanner.model.finding import Verdict
from scanner.model.inventory import Inventory, Level, Notification
from scanner.model.resource import Resource
from scanner.model.value import Reason, Unknown, Value
from scanner.policy.conditions import Call
from scanner.policy.evidence import Outcome
from scanner.policy.functions import compile_call
from scanner.policy.world import World
from tests.sources.kubernetes.manifests import at, read

PASS, FAIL, UNKNOWN = Verdict.PASS, Verdict.FAIL, Verdict.UNKNOWN
WEB = "apps/v1/Deployment/default/web"


def outcome(inventory: Inventory, function: str, address: str = WEB, **arguments: Any) -> Outcome:
    """The outcome of a function on a resource."""
    world = World(inventory, load_facts())
    resource = at(inventory, address)
    return compile_call(Call(function, arguments))(world.subject(resource, resource))


def verdict(text: str, function: str, address: str = WEB, **arguments: Any) -> Verdict:
    """The verdict of a function on a resource of some manifests."""
    return outcome(read(a=text), function, address, **arguments).verdict


def deployment(spec: str = "{}", replicas: str = "") -> str:
    written = f"replicas: {replicas}, " if replicas else ""
    return (
        "{apiVersion: apps/v1, kind: Deployment, metadata: {name: web}, spec: {" + written
        + "template: {metadata: {labels: {app: web, tier: application}}, spec: " + spec + "}}}\n---\n"
    )  # fmt: skip


def scaler(bounds: str, version: str = "v2") -> str:
    return (
        f"{{apiVersion: autoscaling/{version}, kind: HorizontalPodAutoscaler, metadata: {{name: web-{version}}}, spec: "
        f"{{{bounds}, scaleTargetRef: {{apiVersion: apps/v1, kind: Deployment, name: web}}}}}}\n---\n"
    )


def keda(bounds: str) -> str:
    return (
        "{apiVersion: keda.sh/v1alpha1, kind: ScaledObject, metadata: {name: web}, spec: "
        f"{{{bounds}scaleTargetRef: {{name: web}}}}}}\n---\n"
    )


def budget(spec: str, name: str = "web") -> str:
    return (
        f"{{apiVersion: policy/v1, kind: PodDisruptionBudget, metadata: {{name: {name}}}, spec: "
        f"{{{spec}, selector: {{matchLabels: {{app: web}}}}}}}}\n---\n"
    )


@pytest.mark.parametrize(
    ("text", "arguments", "expected"),
    [
        (deployment(replicas="3"), {"at_least": 3}, PASS),
        (deployment(replicas="2"), {"at_least": 3}, FAIL),
        (deployment(), {"at_least": 2}, FAIL),
        (deployment(), {"at_least": 1, "at_most": 1}, PASS),
        (deployment(replicas='"3"'), {"exactly": 3}, PASS),
        (deployment(replicas="4"), {"exactly": 3}, FAIL),
        (deployment(replicas="three"), {"at_least": 3}, UNKNOWN),
        (deployment() + scaler("minReplicas: 3, maxReplicas: 10"), {"at_least": 3, "at_most": 10}, PASS),
        (deployment() + scaler("minReplicas: 3, maxReplicas: 11"), {"at_most": 10}, FAIL),
        (deployment() + scaler("maxReplicas: 10"), {"at_least": 2}, FAIL),
        (deployment(replicas="3") + scaler("minReplicas: 2, maxReplicas: 10"), {"at_least": 3}, FAIL),
        (deployment(replicas="2") + scaler("minReplicas: 3, maxReplicas: 10"), {"at_least": 3}, FAIL),
        (deployment(replicas="5") + scaler("minReplicas: 3, maxReplicas: 10", "v1"), {"at_least": 3}, PASS),
        (deployment() + keda("minReplicaCount: 2, maxReplicaCount: 8, "), {"at_least": 2, "at_most": 8}, PASS),
        (deployment() + keda(""), {"at_least": 1}, FAIL),
        (deployment() + keda("minReplicaCount: 2, "), {"at_most": 99}, FAIL),
        (deployment() + keda("minReplicaCount: 2, idleReplicaCount: 0, "), {"at_least": 1}, FAIL),
    ],
)
def test_replicas(text: str, arguments: dict[str, Any], expected: Verdict) -> None:
    assert verdict(text, "kubernetes_replicas", **arguments) is expected


def test_a_scaler_of_something_else_does_not_count() -> None:
    other = scaler("minReplicas: 3, maxReplicas: 9").replace("name: web}", "name: other}")
    assert verdict(deployment() + other, "kubernetes_replicas", at_least=3) is FAIL


def test_the_place_to_fix_is_that_of_the_deciding_number() -> None:
    text = deployment() + scaler("minReplicas: 2, maxReplicas: 10")
    (evidence,) = outcome(read(a=text), "kubernetes_replicas", at_least=3).evidence
    column = text.splitlines()[2].index("minReplicas") + 1
    assert (evidence.path, str(evidence.location)) == ("spec.minReplicas", f"a.yaml:3:{column}")
    assert evidence.resource is not None
    assert evidence.resource.type == "autoscaling/v2/HorizontalPodAutoscaler"


def test_scalers_that_could_not_be_read_leave_the_number_open_unless_the_manifest_says_less() -> None:
    hidden = Notification(Level.ERROR, "hpa.yaml is broken", hides=("autoscaling/v2/HorizontalPodAutoscaler",))
    for text, expected in (
        (deployment(), UNKNOWN),
        (deployment(replicas="3"), UNKNOWN),
        (deployment(replicas="2"), FAIL),
    ):
        inventory = read(a=text)
        inventory.notifications.append(hidden)
        assert outcome(inventory, "kubernetes_replicas", at_least=3).verdict is expected


def test_a_rollout_runs_the_pods_of_the_deployment_that_it_refers_to() -> None:
    rollout = """
    {apiVersion: argoproj.io/v1alpha1, kind: Rollout, metadata: {name: roll},
     spec: {replicas: 4, workloadRef: {apiVersion: apps/v1, kind: Deployment, name: web}}}
    """
    assert verdict(deployment(replicas="1") + rollout, "kubernetes_replicas", exactly=4) is PASS


def test_what_a_patch_may_change_is_not_counted() -> None:
    patched = read(
        k8s__kustomization="resources: [a.yaml]\npatches: [{patch: '[]', target: {kind: HorizontalPodAutoscaler}}]\n",
        k8s__a=deployment(replicas="3") + scaler("minReplicas: 3, maxReplicas: 9") + budget("minAvailable: 2"),
    )
    assert outcome(patched, "kubernetes_replicas", at_least=3).verdict is UNKNOWN
    assert outcome(patched, "kubernetes_disruption_budget", evictions=1).verdict is UNKNOWN
    assert outcome(patched, "kubernetes_disruption_budget", available=2).verdict is PASS


def test_scalers_and_policies_that_belong_to_no_environment_count() -> None:
    inventory = read(
        prod__a=deployment() + binding("reader") + ROBOT, hpa=scaler("minReplicas: 3, maxReplicas: 9"),
        policy=network_policy("{}", "[Ingress]"), role=READER,
    )  # fmt: skip
    world = World(inventory, load_facts())
    web, robot = at(inventory, WEB, "prod"), at(inventory, ACCOUNT, "prod")
    calls: list[tuple[Resource, str, dict[str, Any]]] = [
        (web, "kubernetes_replicas", {"at_least": 3}),
        (web, "kubernetes_isolated", {"directions": ["ingress"]}),
        (robot, "kubernetes_rights", {"rules": READ, "mode": "exactly"}),
    ]
    for resource, function, arguments in calls:
        assert compile_call(Call(function, arguments))(world.subject(resource, resource)).verdict is PASS


def test_a_daemon_set_runs_as_many_pods_as_there_are_nodes() -> None:
    text = deployment().replace("Deployment", "DaemonSet")
    assert verdict(text, "kubernetes_replicas", "apps/v1/DaemonSet/default/web", at_least=1) is UNKNOWN


@pytest.mark.parametrize(
    ("text", "arguments", "expected"),
    [
        (budget("minAvailable: 2"), {"available": 2}, PASS),
        (budget("minAvailable: 2"), {"available": 2, "evictions": 1}, PASS),
        (budget("minAvailable: 3"), {"evictions": 1}, FAIL),
        (budget("minAvailable: 1"), {"available": 2}, FAIL),
        (budget("minAvailable: 50%"), {"available": 2, "evictions": 1}, PASS),
        (budget("minAvailable: 34%"), {"available": 2}, PASS),
        (budget("minAvailable: 100%"), {"evictions": 1}, FAIL),
        (budget("maxUnavailable: 1"), {"available": 2, "evictions": 1}, PASS),
        (budget("maxUnavailable: 34%"), {"available": 2}, FAIL),
        (budget("maxUnavailable: 0"), {"evictions": 1}, FAIL),
        (budget("minAvailable: some"), {"available": 1}, UNKNOWN),
        (budget("unhealthyPodEvictionPolicy: AlwaysAllow"), {"available": 1}, FAIL),
        (budget("minAvailable: 2").replace("app: web", "app: other"), {"available": 2}, FAIL),
        ("", {"available": 1}, FAIL),
        (budget("minAvailable: 2") + budget("minAvailable: 1", "more"), {"available": 2}, PASS),
        (budget("minAvailable: 2") + budget("minAvailable: 1", "more"), {"evictions": 1}, FAIL),
    ],
)
def test_disruption_budgets(text: str, arguments: dict[str, Any], expected: Verdict) -> None:
    scaled = deployment() + scaler("minReplicas: 3, maxReplicas: 9")
    assert verdict(scaled + text, "kubernetes_disruption_budget", **arguments) is expected


def test_a_budget_itself_may_be_asked() -> None:
    address = "policy/v1/PodDisruptionBudget/default/web"
    text = deployment(replicas="3") + budget("minAvailable: 3")
    assert verdict(text, "kubernetes_disruption_budget", address, available=3) is PASS
    assert verdict(text, "kubernetes_disruption_budget", address, evictions=1) is FAIL
    assert verdict(budget("minAvailable: 3"), "kubernetes_disruption_budget", address, available=1) is FAIL


ZONE = "topology.kubernetes.io/zone"
OWN = "labelSelector: {matchLabels: {app: web}}"


def spread(rest: str) -> str:
    return deployment(f"{{topologySpreadConstraints: [{{topologyKey: {ZONE}, {rest}}}]}}")


def repel(term: str, *, soft: bool = False) -> str:
    written = f"[{{weight: 1, podAffinityTerm: {{{term}}}}}]" if soft else f"[{{{term}}}]"
    key = "preferred" if soft else "required"
    return deployment(f"{{affinity: {{podAntiAffinity: {{{key}DuringSchedulingIgnoredDuringExecution: {written}}}}}}}")


@pytest.mark.parametrize(
    ("text", "arguments", "expected"),
    [
        (spread(f"maxSkew: 1, whenUnsatisfiable: DoNotSchedule, {OWN}"), {"max_skew": 1, "hard": True}, PASS),
        (spread(f"maxSkew: 1, whenUnsatisfiable: ScheduleAnyway, {OWN}"), {}, PASS),
        (spread(f"maxSkew: 1, whenUnsatisfiable: ScheduleAnyway, {OWN}"), {"hard": True}, FAIL),
        (spread(f"maxSkew: 2, {OWN}"), {"max_skew": 1}, FAIL),
        (spread("maxSkew: 1, labelSelector: {matchLabels: {app: other}}"), {}, FAIL),
        (spread("maxSkew: 1"), {}, FAIL),
        (spread("maxSkew: 1, labelSelector: {}"), {}, PASS),
        (
            spread("maxSkew: 1, labelSelector: {matchExpressions: [{key: app, operator: In, values: [web, api]}]}"),
            {},
            PASS,
        ),
        (spread(f"maxSkew: 1, {OWN}"), {"topology_key": "kubernetes.io/hostname"}, FAIL),
        (spread(f"maxSkew: 1, {OWN}"), {"topology_key": ["kubernetes.io/hostname", ZONE]}, PASS),
        (spread(f"maxSkew: 1, {OWN}"), {"means": ["anti_affinity"]}, FAIL),
        (repel(f"topologyKey: {ZONE}, {OWN}"), {"hard": True}, PASS),
        (repel(f"topologyKey: {ZONE}, {OWN}"), {"means": "spread"}, FAIL),
        (repel(f"topologyKey: {ZONE}, {OWN}", soft=True), {}, PASS),
        (repel(f"topologyKey: {ZONE}, {OWN}", soft=True), {"hard": True}, FAIL),
        (repel(f"topologyKey: {ZONE}, {OWN}, namespaces: [other]"), {}, FAIL),
        (repel(f"topologyKey: {ZONE}, {OWN}, namespaces: [default]"), {}, PASS),
        (repel(f"topologyKey: {ZONE}, {OWN}, namespaceSelector: {{}}"), {}, PASS),
        (repel(f"topologyKey: {ZONE}, {OWN}, namespaceSelector: {{matchLabels: {{team: a}}}}"), {}, UNKNOWN),
        (repel(f"topologyKey: kubernetes.io/hostname, {OWN}"), {}, FAIL),
        (deployment(), {}, FAIL),
    ],
)
def test_pods_apart(text: str, arguments: dict[str, Any], expected: Verdict) -> None:
    asked = {"topology_key": ZONE, **arguments}
    assert verdict(text, "kubernetes_pods_apart", **asked) is expected


def test_spreading_by_unknown_labels_is_open() -> None:
    inventory = read(a=spread(f"maxSkew: 1, {OWN}"))
    labels = at(inventory, WEB).lookup("spec.template.metadata")[0].value
    assert isinstance(labels.raw, dict)
    labels.raw["labels"] = Value(Unknown(Reason.COMPUTED, "later"))
    assert outcome(inventory, "kubernetes_pods_apart", topology_key=ZONE).verdict is UNKNOWN


PORTS = deployment("{containers: [{name: web, ports: [{name: http, containerPort: 8080}, {containerPort: 9090}]}]}")


@pytest.mark.parametrize(
    ("ports", "arguments", "expected"),
    [
        ("{port: 80, targetPort: 8080}", {}, PASS),
        ("{port: 80, targetPort: http}", {}, PASS),
        ("{port: 8080}", {}, PASS),
        ("{port: 80}", {}, FAIL),
        ("{port: 80, targetPort: 9090}", {}, FAIL),
        ("{port: 80, targetPort: grpc}", {}, UNKNOWN),
        ("{port: 80, targetPort: 8080}, {port: 90, targetPort: 9090}", {}, FAIL),
        ("{port: 80, targetPort: 8080}, {port: 90, targetPort: 9090}", {"port": 80}, PASS),
        ("{port: 80, targetPort: 8080}", {"port": 81}, FAIL),
    ],
)
def test_ports(ports: str, arguments: dict[str, Any], expected: Verdict) -> None:
    spec = f"{{selector: {{app: web}}, ports: [{ports}]}}"
    service = f"{{apiVersion: v1, kind: Service, metadata: {{name: web}}, spec: {spec}}}"
    assert verdict(PORTS + service, "kubernetes_ports", "v1/Service/default/web", target=8080, **arguments) is expected


def network_policy(selector: str, types: str) -> str:
    return (
        "{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: p}, "
        f"spec: {{podSelector: {selector}, policyTypes: {types}}}}}\n---\n"
    )


@pytest.mark.parametrize(
    ("text", "of_pods", "of_namespace"),
    [
        ("", FAIL, FAIL),
        (network_policy("{}", "[Ingress, Egress]"), PASS, PASS),
        (network_policy("{}", "[Ingress]"), FAIL, FAIL),
        (network_policy("{matchLabels: {tier: application}}", "[Ingress, Egress]"), PASS, FAIL),
        (network_policy("{matchLabels: {tier: data}}", "[Ingress, Egress]"), FAIL, FAIL),
    ],
)
def test_isolation(text: str, of_pods: Verdict, of_namespace: Verdict) -> None:
    namespace = "{apiVersion: v1, kind: Namespace, metadata: {name: default}}\n---\n"
    written = deployment() + namespace + text
    both = ["ingress", "egress"]
    assert verdict(written, "kubernetes_isolated", directions=both) is of_pods
    assert verdict(written, "kubernetes_isolated", "v1/Namespace/default", directions=both) is of_namespace


def test_policies_do_not_reach_pods_in_the_network_of_their_node() -> None:
    text = deployment("{hostNetwork: true}") + network_policy("{}", "[Ingress, Egress]")
    assert verdict(text, "kubernetes_isolated", directions=["ingress"]) is FAIL


def test_flows_of_a_workload() -> None:
    policy = """
    apiVersion: networking.k8s.io/v1
    kind: NetworkPolicy
    metadata: {name: p}
    spec:
      podSelector: {matchLabels: {tier: application}}
      policyTypes: [Ingress, Egress]
      ingress:
        - from: [{podSelector: {matchLabels: {app: front}}}]
          ports: [{port: 8080}]
    """
    ours = {"kubernetes.io/metadata.name": "default"}
    flow = {"port": 8080, "peer": {"pods": {"app": "front"}, "namespaces": ours}}
    for ingress, expected in (([flow], PASS), ([{**flow, "port": 80}], FAIL), ([], FAIL)):
        asked: dict[str, Any] = {"mode": "exactly", "ingress": ingress, "egress": []}
        assert verdict(f"{policy}\n---\n{deployment()}", "network_flows", **asked) is expected


ROLE = "rbac.authorization.k8s.io/v1/ClusterRole/reader"
READ = [{"api_groups": [""], "resources": ["pods", "services"], "verbs": ["get"]}]


def role(rules: str, name: str = "reader", more: str = "") -> str:
    return (
        "{apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRole, "
        f"metadata: {{name: {name}}}, {more}rules: {rules}}}\n---\n"
    )


@pytest.mark.parametrize(
    ("rules", "mode", "expected"),
    [
        ("[{apiGroups: [''], resources: [services, pods], verbs: [get]}]", "exactly", PASS),
        (
            "[{apiGroups: [''], resources: [pods], verbs: [get]}, "
            "{apiGroups: [''], resources: [services], verbs: [get]}]",
            "exactly",
            PASS,
        ),
        ("[{apiGroups: [''], resources: [pods], verbs: [get]}]", "exactly", FAIL),
        ("[{apiGroups: [''], resources: [pods], verbs: [get]}]", "at_most", PASS),
        ("[{apiGroups: [''], resources: [pods, services], verbs: [get, list]}]", "exactly", FAIL),
        ("[{apiGroups: [''], resources: [pods, services], verbs: [get, list]}]", "at_least", PASS),
        ("[{apiGroups: [''], resources: ['*'], verbs: [get]}]", "at_most", FAIL),
        ("[{apiGroups: ['*'], resources: ['*'], verbs: ['*']}]", "at_least", PASS),
        ("[{apiGroups: [apps], resources: [pods, services], verbs: [get]}]", "at_most", FAIL),
        ("[{apiGroups: [''], resources: [pods], resourceNames: [one], verbs: [get]}]", "at_most", PASS),
        (
            "[{apiGroups: [''], resources: [pods, services], resourceNames: [one], verbs: [get]}]",
            "at_least",
            FAIL,
        ),
        ("[{apiGroups: [''], resources: [pods/log], verbs: [get]}]", "at_most", FAIL),
        ("[{nonResourceURLs: [/metrics], verbs: [get]}]", "at_most", FAIL),
        ("[]", "at_most", PASS),
    ],
)
def test_rights_of_a_role(rules: str, mode: str, expected: Verdict) -> None:
    assert verdict(role(rules), "kubernetes_rights", ROLE, rules=READ, mode=mode) is expected


def test_an_aggregated_role_may_have_more() -> None:
    text = role("[{apiGroups: [''], resources: [pods, services], verbs: [get]}]", more="aggregationRule: {}, ")
    text = text.replace("aggregationRule: {}", "aggregationRule: {clusterRoleSelectors: [{}]}")
    assert verdict(text, "kubernetes_rights", ROLE, rules=READ, mode="exactly") is UNKNOWN
    assert verdict(text, "kubernetes_rights", ROLE, rules=READ, mode="at_least") is PASS


ACCOUNT = "v1/ServiceAccount/default/robot"
ROBOT = "{apiVersion: v1, kind: ServiceAccount, metadata: {name: robot}}\n---\n"
READER = role("[{apiGroups: [''], resources: [pods, services], verbs: [get]}]")


def binding(name: str, subject: str = "{kind: ServiceAccount, name: robot, namespace: default}", kind: str = "") -> str:
    return (
        f"{{apiVersion: rbac.authorization.k8s.io/v1, kind: {kind or 'ClusterRole'}Binding, "
        f"metadata: {{name: {name}-{len(subject)}}}, subjects: [{subject}], "
        f"roleRef: {{apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: {name}}}}}\n---\n"
    )


@pytest.mark.parametrize(
    ("bindings", "rights", "roles"),
    [
        (binding("reader"), PASS, PASS),
        (binding("reader", kind="Role"), PASS, PASS),
        ("", FAIL, FAIL),
        (binding("reader") + binding("cluster-admin"), FAIL, FAIL),
        (binding("reader") + binding("unheard-of"), UNKNOWN, FAIL),
        (binding("reader") + binding("writer", "{kind: ServiceAccount, name: other, namespace: default}"), PASS, PASS),
        (binding("reader") + binding("writer", "{kind: Group, name: 'system:serviceaccounts'}"), FAIL, FAIL),
        (binding("reader") + binding("writer", "{kind: Group, name: 'system:serviceaccounts:default'}"), FAIL, FAIL),
        (binding("reader") + binding("writer", "{kind: Group, name: 'system:serviceaccounts:other'}"), PASS, PASS),
        (
            binding("reader") + binding("writer", "{kind: User, name: 'system:serviceaccount:default:robot'}"),
            FAIL,
            FAIL,
        ),
    ],
)
def test_a_service_account_and_its_roles(bindings: str, rights: Verdict, roles: Verdict) -> None:
    writer = role("[{apiGroups: [''], resources: [pods], verbs: [delete]}]", "writer")
    text = ROBOT + READER + writer + bindings
    assert verdict(text, "kubernetes_rights", ACCOUNT, rules=READ, mode="exactly") is rights
    assert verdict(text, "kubernetes_bound_roles", ACCOUNT, roles=["reader"]) is roles
    assert verdict(text, "kubernetes_bound_roles", ACCOUNT, roles=["ClusterRole/reader"], mode="exactly") is roles


def test_other_modes_of_bound_roles() -> None:
    text = ROBOT + READER + binding("reader")
    assert verdict(text, "kubernetes_bound_roles", ACCOUNT, roles=["reader", "x"], mode="at_most") is PASS
    assert verdict(text, "kubernetes_bound_roles", ACCOUNT, roles=["reader", "x"], mode="at_least") is FAIL
    assert verdict(text, "kubernetes_bound_roles", ACCOUNT, roles=["Role/reader"]) is FAIL


@pytest.mark.parametrize(
    ("function", "arguments"),
    [
        ("kubernetes_replicas", {"at_least": 1}),
        ("kubernetes_pods_apart", {"topology_key": "x"}),
        ("kubernetes_ports", {"target": 1}),
        ("kubernetes_isolated", {"directions": ["ingress"]}),
        ("kubernetes_rights", {"rules": [], "mode": "at_most"}),
        ("kubernetes_bound_roles", {"roles": []}),
    ],
)
def test_a_resource_that_a_function_does_not_know_is_not_decided(function: str, arguments: dict[str, Any]) -> None:
    text = "{apiVersion: v1, kind: ConfigMap, metadata: {name: a}}"
    assert verdict(text, function, "v1/ConfigMap/default/a", **arguments) is UNKNOWN
