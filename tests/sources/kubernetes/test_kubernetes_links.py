"""What refers to what: every kind of link, with what it must not find."""

from __future__ import annotations

from collections.abc import Mapping
from textwrap import dedent

import pytest

from scanner.model.inventory import Inventory
from scanner.model.kubernetes import field
from scanner.model.resource import Origin, Resource
from scanner.model.value import Reason, Unknown, Value, from_plain
from scanner.sources.kubernetes.links import link
from tests.sources.kubernetes.manifests import at, read, refs

WEB = "apps/v1/Deployment/shop/web"
OBJECTS = """
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  template:
    metadata: {labels: {app: web, tier: application, release: "1"}}
    spec: {}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: other}
spec: {template: {metadata: {labels: {app: web}}}}
---
apiVersion: batch/v1
kind: CronJob
metadata: {name: nightly, namespace: shop}
spec: {jobTemplate: {spec: {template: {metadata: {labels: {app: nightly}}}}}}
---
{apiVersion: v1, kind: Namespace, metadata: {name: shop}}
---
{apiVersion: v1, kind: Service, metadata: {name: web, namespace: shop, labels: {app: web}}}
---
{apiVersion: v1, kind: Service, metadata: {name: web, namespace: other, labels: {app: web}}}
---
{apiVersion: v1, kind: ServiceAccount, metadata: {name: web, namespace: shop}}
---
{apiVersion: v1, kind: ServiceAccount, metadata: {name: web, namespace: other}}
---
{apiVersion: v1, kind: ConfigMap, metadata: {name: web, namespace: shop}}
---
{apiVersion: v1, kind: Secret, metadata: {name: web, namespace: shop}}
---
{apiVersion: v1, kind: PersistentVolumeClaim, metadata: {name: web, namespace: shop}}
---
{apiVersion: secrets-store.csi.x-k8s.io/v1, kind: SecretProviderClass, metadata: {name: web, namespace: shop}}
---
{apiVersion: rbac.authorization.k8s.io/v1, kind: Role, metadata: {name: reader, namespace: shop}}
---
{apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRole, metadata: {name: reader}}
---
{apiVersion: networking.k8s.io/v1, kind: IngressClass, metadata: {name: nginx}}
---
{apiVersion: argoproj.io/v1alpha1, kind: AppProject, metadata: {name: shop, namespace: argocd}}
---
{apiVersion: argoproj.io/v1alpha1, kind: AnalysisTemplate, metadata: {name: errors, namespace: shop}}
---
{apiVersion: argoproj.io/v1alpha1, kind: ClusterAnalysisTemplate, metadata: {name: errors}}
---
{apiVersion: cert-manager.io/v1, kind: Issuer, metadata: {name: ca, namespace: shop}}
---
{apiVersion: cert-manager.io/v1, kind: ClusterIssuer, metadata: {name: ca}}
---
{apiVersion: keda.sh/v1alpha1, kind: TriggerAuthentication, metadata: {name: bus, namespace: shop}}
---
{apiVersion: storage.k8s.io/v1, kind: StorageClass, metadata: {name: fast}}
---
{apiVersion: scheduling.k8s.io/v1, kind: PriorityClass, metadata: {name: high}}
"""


def subject(kind: str, body: str) -> tuple[Inventory, Resource]:
    """The objects above and one more, called `x` in namespace shop."""
    version, _, name = kind.rpartition("/")
    written = f"apiVersion: {version}\nkind: {name}\nmetadata: {{name: x, namespace: shop}}\n{dedent(body)}"
    inventory = read(a=f"{OBJECTS}---\n{written}")
    return inventory, inventory.resources[-1]


@pytest.mark.parametrize(
    ("kind", "body", "path", "expected"),
    [
        (
            "autoscaling/v2/HorizontalPodAutoscaler",
            "spec: {scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}}",
            "spec.scaleTargetRef",
            [WEB],
        ),
        (
            "autoscaling/v1/HorizontalPodAutoscaler",
            "spec: {scaleTargetRef: {apiVersion: apps/v1, kind: StatefulSet, name: web}}",
            "spec.scaleTargetRef",
            [],
        ),
        (
            "autoscaling/v2/HorizontalPodAutoscaler",
            "spec: {scaleTargetRef: {apiVersion: argoproj.io/v1alpha1, kind: Deployment, name: web}}",
            "spec.scaleTargetRef",
            [],
        ),
        ("keda.sh/v1alpha1/ScaledObject", "spec: {scaleTargetRef: {name: web}}", "spec.scaleTargetRef", [WEB]),
        (
            "keda.sh/v1alpha1/ScaledObject",
            "spec: {triggers: [{authenticationRef: {name: bus}}]}",
            "spec.triggers[0].authenticationRef",
            ["keda.sh/v1alpha1/TriggerAuthentication/shop/bus"],
        ),
        ("policy/v1/PodDisruptionBudget", "spec: {selector: {matchLabels: {app: web}}}", "spec.selector", [WEB]),
        (
            "policy/v1/PodDisruptionBudget",
            "spec: {selector: {}}",
            "spec.selector",
            [WEB, "batch/v1/CronJob/shop/nightly"],
        ),
        (
            "policy/v1/PodDisruptionBudget",
            "spec: {selector: {matchLabels: {app: web, tier: data}}}",
            "spec.selector",
            [],
        ),
        ("v1/Service", "spec: {selector: {app: web, release: '1'}}", "spec.selector", [WEB]),
        ("v1/Service", "spec: {selector: {}}", "spec.selector", []),
        (
            "networking.k8s.io/v1/NetworkPolicy",
            "spec: {podSelector: {matchLabels: {app: nightly}}}",
            "spec.podSelector",
            ["batch/v1/CronJob/shop/nightly"],
        ),
        (
            "monitoring.coreos.com/v1/ServiceMonitor",
            "spec: {selector: {matchLabels: {app: web}}}",
            "spec.selector",
            ["v1/Service/shop/web"],
        ),
        (
            "monitoring.coreos.com/v1/ServiceMonitor",
            "spec: {selector: {matchLabels: {app: web}}, namespaceSelector: {any: true}}",
            "spec.selector",
            ["v1/Service/shop/web", "v1/Service/other/web"],
        ),
        (
            "monitoring.coreos.com/v1/PodMonitor",
            "spec: {selector: {matchLabels: {app: web}}, namespaceSelector: {matchNames: [other]}}",
            "spec.selector",
            ["apps/v1/Deployment/other/web"],
        ),
        (
            "rbac.authorization.k8s.io/v1/RoleBinding",
            "roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: reader}",
            "roleRef",
            ["rbac.authorization.k8s.io/v1/Role/shop/reader"],
        ),
        (
            "rbac.authorization.k8s.io/v1/ClusterRoleBinding",
            "roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: reader}",
            "roleRef",
            ["rbac.authorization.k8s.io/v1/ClusterRole/reader"],
        ),
        (
            "rbac.authorization.k8s.io/v1/RoleBinding",
            "subjects: [{kind: ServiceAccount, name: web, namespace: other}]",
            "subjects[0]",
            ["v1/ServiceAccount/other/web"],
        ),
        (
            "rbac.authorization.k8s.io/v1/RoleBinding",
            "subjects: [{kind: ServiceAccount, name: web}]",
            "subjects[0]",
            ["v1/ServiceAccount/shop/web"],
        ),
        (
            "rbac.authorization.k8s.io/v1/RoleBinding",
            "subjects: [{kind: User, name: web, apiGroup: rbac.authorization.k8s.io}]",
            "subjects[0]",
            [],
        ),
        (
            "networking.k8s.io/v1/Ingress",
            "spec: {rules: [{http: {paths: [{path: /, backend: {service: {name: web, port: {number: 80}}}}]}}]}",
            "spec.rules[0].http.paths[0].backend.service",
            ["v1/Service/shop/web"],
        ),
        (
            "networking.k8s.io/v1/Ingress",
            "spec: {defaultBackend: {service: {name: nobody}}}",
            "spec.defaultBackend.service",
            [],
        ),
        (
            "networking.k8s.io/v1/Ingress",
            "spec: {ingressClassName: nginx, tls: [{secretName: web}]}",
            "spec.ingressClassName",
            ["networking.k8s.io/v1/IngressClass/nginx"],
        ),
        (
            "networking.k8s.io/v1/Ingress",
            "spec: {tls: [{secretName: web}]}",
            "spec.tls[0].secretName",
            ["v1/Secret/shop/web"],
        ),
        (
            "argoproj.io/v1alpha1/Application",
            "spec: {project: shop}",
            "spec.project",
            ["argoproj.io/v1alpha1/AppProject/argocd/shop"],
        ),
        ("argoproj.io/v1alpha1/Application", "spec: {project: default}", "spec.project", []),
        (
            "argoproj.io/v1alpha1/Rollout",
            "spec: {workloadRef: {apiVersion: apps/v1, kind: Deployment, name: web}}",
            "spec.workloadRef",
            [WEB],
        ),
        (
            "argoproj.io/v1alpha1/Rollout",
            "spec: {strategy: {canary: {stableService: web, canaryService: nobody}}}",
            "spec.strategy.canary.stableService",
            ["v1/Service/shop/web"],
        ),
        (
            "argoproj.io/v1alpha1/Rollout",
            "spec: {strategy: {blueGreen: {activeService: web}}}",
            "spec.strategy.blueGreen.activeService",
            ["v1/Service/shop/web"],
        ),
        (
            "argoproj.io/v1alpha1/Rollout",
            "spec: {strategy: {canary: {steps: [{analysis: {templates: [{templateName: errors}]}}]}}}",
            "spec.strategy.canary.steps[0].analysis.templates[0]",
            ["argoproj.io/v1alpha1/AnalysisTemplate/shop/errors"],
        ),
        (
            "argoproj.io/v1alpha1/Rollout",
            "spec: {strategy: {canary: {analysis: {templates: [{templateName: errors, clusterScope: true}]}}}}",
            "spec.strategy.canary.analysis.templates[0]",
            ["argoproj.io/v1alpha1/ClusterAnalysisTemplate/errors"],
        ),
        (
            "cert-manager.io/v1/Certificate",
            "spec: {issuerRef: {name: ca}}",
            "spec.issuerRef",
            ["cert-manager.io/v1/Issuer/shop/ca"],
        ),
        (
            "cert-manager.io/v1/Certificate",
            "spec: {issuerRef: {kind: ClusterIssuer, name: ca}}",
            "spec.issuerRef",
            ["cert-manager.io/v1/ClusterIssuer/ca"],
        ),
        ("apps/v1/StatefulSet", "spec: {serviceName: web}", "spec.serviceName", ["v1/Service/shop/web"]),
        (
            "v1/PersistentVolumeClaim",
            "spec: {storageClassName: fast}",
            "spec.storageClassName",
            ["storage.k8s.io/v1/StorageClass/fast"],
        ),
        ("v1/ConfigMap", "data: {}", "metadata.namespace", ["v1/Namespace/shop"]),
    ],
)
def test_links_of_objects(kind: str, body: str, path: str, expected: list[str]) -> None:
    _, resource = subject(kind, body)
    assert refs(resource, path) == expected


@pytest.mark.parametrize(
    ("pod", "path", "expected"),
    [
        ("serviceAccountName: web", "serviceAccountName", ["v1/ServiceAccount/shop/web"]),
        ("serviceAccountName: nobody", "serviceAccountName", []),
        ("priorityClassName: high", "priorityClassName", ["scheduling.k8s.io/v1/PriorityClass/high"]),
        ("imagePullSecrets: [{name: web}]", "imagePullSecrets[0]", ["v1/Secret/shop/web"]),
        (
            "containers: [{name: c, envFrom: [{configMapRef: {name: web}}, {secretRef: {name: web}}]}]",
            "containers[0].envFrom[0].configMapRef",
            ["v1/ConfigMap/shop/web"],
        ),
        (
            "containers: [{name: c, envFrom: [{configMapRef: {name: web}}, {secretRef: {name: web}}]}]",
            "containers[0].envFrom[1].secretRef",
            ["v1/Secret/shop/web"],
        ),
        (
            "initContainers: [{env: [{name: A, valueFrom: {secretKeyRef: {name: web, key: k}}}]}]",
            "initContainers[0].env[0].valueFrom.secretKeyRef",
            ["v1/Secret/shop/web"],
        ),
        (
            "containers: [{env: [{name: A, valueFrom: {configMapKeyRef: {name: web, key: k}}}]}]",
            "containers[0].env[0].valueFrom.configMapKeyRef",
            ["v1/ConfigMap/shop/web"],
        ),
        ("volumes: [{name: v, configMap: {name: web}}]", "volumes[0].configMap", ["v1/ConfigMap/shop/web"]),
        ("volumes: [{name: v, secret: {secretName: web}}]", "volumes[0].secret", ["v1/Secret/shop/web"]),
        (
            "volumes: [{persistentVolumeClaim: {claimName: web}}]",
            "volumes[0].persistentVolumeClaim",
            ["v1/PersistentVolumeClaim/shop/web"],
        ),
        (
            "volumes: [{csi: {driver: d, volumeAttributes: {secretProviderClass: web}}}]",
            "volumes[0].csi",
            ["secrets-store.csi.x-k8s.io/v1/SecretProviderClass/shop/web"],
        ),
        (
            "volumes: [{projected: {sources: [{secret: {name: web}}]}}]",
            "volumes[0].projected.sources[0].secret",
            ["v1/Secret/shop/web"],
        ),
        (
            "topologySpreadConstraints: [{topologyKey: zone, labelSelector: {matchLabels: {app: web}}}]",
            "topologySpreadConstraints[0].labelSelector",
            [WEB],
        ),
        (
            "affinity: {podAntiAffinity: {requiredDuringSchedulingIgnoredDuringExecution: "
            "[{topologyKey: h, labelSelector: {matchLabels: {app: web}}}]}}",
            "affinity.podAntiAffinity.requiredDuringSchedulingIgnoredDuringExecution[0].labelSelector",
            [WEB],
        ),
        (
            "affinity: {podAntiAffinity: {preferredDuringSchedulingIgnoredDuringExecution: "
            "[{podAffinityTerm: {namespaces: [other], labelSelector: {matchLabels: {app: web}}}}]}}",
            "affinity.podAntiAffinity.preferredDuringSchedulingIgnoredDuringExecution[0].podAffinityTerm.labelSelector",
            [],
        ),
    ],
)
@pytest.mark.parametrize(
    ("kind", "prefix"),
    [
        ("apps/v1/StatefulSet", ["spec", "template", "spec"]),
        ("batch/v1/CronJob", ["spec", "jobTemplate", "spec", "template", "spec"]),
        ("v1/Pod", ["spec"]),
    ],
)
def test_links_of_pods(kind: str, prefix: list[str], pod: str, path: str, expected: list[str]) -> None:
    body = "".join(f"{'  ' * depth}{key}:\n" for depth, key in enumerate(prefix)) + "  " * len(prefix) + pod
    _, resource = subject(kind, body)
    assert refs(resource, ".".join((*prefix, path))) == expected


@pytest.mark.parametrize(
    ("expression", "chosen"),
    [
        ("{key: app, operator: In, values: [web, api]}", True),
        ("{key: app, operator: In, values: [api]}", False),
        ("{key: app, operator: NotIn, values: [api]}", True),
        ("{key: app, operator: NotIn, values: [web]}", False),
        ("{key: missing, operator: NotIn, values: [web]}", True),
        ("{key: tier, operator: Exists}", True),
        ("{key: missing, operator: Exists}", False),
        ("{key: missing, operator: DoesNotExist}", True),
        ("{key: tier, operator: DoesNotExist}", False),
        ("{key: tier, operator: Gt, values: ['1']}", False),
    ],
)
def test_every_operator_of_expressions(expression: str, *, chosen: bool) -> None:
    body = f"spec: {{selector: {{matchLabels: {{release: '1'}}, matchExpressions: [{expression}]}}}}"
    _, resource = subject("policy/v1/PodDisruptionBudget", body)
    assert refs(resource, "spec.selector") == ([WEB] if chosen else [])


def test_links_stay_within_a_root() -> None:
    service = "{apiVersion: v1, kind: Service, metadata: {name: web}, spec: {selector: {app: web}}}"
    pod = "{apiVersion: v1, kind: Pod, metadata: {name: web, labels: {app: web}}}"
    inventory = read(prod__a=service, staging__a=f"{service}\n---\n{pod}")
    assert refs(at(inventory, "v1/Service/default/web", "prod"), "spec.selector") == []
    assert refs(at(inventory, "v1/Service/default/web", "staging"), "spec.selector") == ["v1/Pod/default/web"]


def test_what_belongs_to_no_environment_belongs_to_every_one() -> None:
    project = "{apiVersion: argoproj.io/v1alpha1, kind: AppProject, metadata: {name: shop}}"
    application = "{apiVersion: argoproj.io/v1alpha1, kind: Application, metadata: {name: a}, spec: {project: shop}}"
    pod = "{apiVersion: v1, kind: Pod, metadata: {name: web, labels: {app: web}}}"
    service = "{apiVersion: v1, kind: Service, metadata: {name: web}, spec: {selector: {app: web}}}"
    inventory = read(argocd__project=project, prod__a=f"{application}\n---\n{pod}", staging__a=pod, web=service)
    (link_to_project,) = at(inventory, "argoproj.io/v1alpha1/Application/default/a", "prod").lookup("spec.project")
    assert [(ref.address, ref.root) for ref in link_to_project.value.refs] == [
        ("argoproj.io/v1alpha1/AppProject/default/shop", "")
    ]
    (selected,) = at(inventory, "v1/Service/default/web").lookup("spec.selector")
    assert [(ref.address, ref.root) for ref in selected.value.refs] == [
        ("v1/Pod/default/web", "prod"),
        ("v1/Pod/default/web", "staging"),
    ]


def test_an_environment_s_own_object_comes_first_and_directories_are_no_environments() -> None:
    account = "{apiVersion: v1, kind: ServiceAccount, metadata: {name: web}}"
    pod = "{apiVersion: v1, kind: Pod, metadata: {name: web}, spec: {serviceAccountName: web}}"
    own = read(all__a=account, prod__a=f"{account}\n---\n{pod}")
    (named,) = at(own, "v1/Pod/default/web", "prod").lookup("spec.serviceAccountName")
    assert [ref.root for ref in named.value.refs] == [None]
    copies = read(one__a=f"{account}\n---\n{pod}", two__a=pod)
    assert refs(at(copies, "v1/Pod/default/web", "two"), "spec.serviceAccountName") == []


def resource_of(type_: str, name: str, data: Mapping[str, object]) -> Resource:
    return Resource(
        type_, f"{type_}/default/{name}", from_plain({"metadata": {"name": name}, **data}), None, Origin.PLAN
    )


def with_unknown(resource: Resource, *keys: str) -> Resource:
    """The resource with something that is not known at a place."""

    def change(value: Value, rest: tuple[str, ...]) -> Value:
        if not rest:
            return Value(Unknown(Reason.COMPUTED, "later"))
        assert isinstance(value.raw, dict)
        return Value({**value.raw, rest[0]: change(value.raw[rest[0]], rest[1:])})

    resource.attributes = change(resource.attributes, keys)
    return resource


def test_pods_with_unknown_labels_may_be_selected() -> None:
    pod = {"template": {"metadata": {"labels": {"app": "web", "tier": "x"}}}}
    web = with_unknown(
        resource_of("apps/v1/Deployment", "web", {"spec": pod}), "spec", "template", "metadata", "labels", "app"
    )
    budget = {"spec": {"selector": {"matchLabels": {"app": "web"}}}}
    other = {"spec": {"selector": {"matchLabels": {"app": "web", "tier": "y"}}}}
    resources = [
        web,
        resource_of("policy/v1/PodDisruptionBudget", "one", budget),
        resource_of("policy/v1/PodDisruptionBudget", "two", other),
    ]
    link(resources)
    assert refs(resources[1], "spec.selector") == ["?apps/v1/Deployment/default/web"]
    assert refs(resources[2], "spec.selector") == []


def test_names_and_selectors_that_are_not_known_refer_to_nothing_and_stay_unknown() -> None:
    pod = {"spec": {"template": {"metadata": {"labels": {"app": "web"}}}}}
    web = resource_of("apps/v1/Deployment", "web", pod)
    target = {"scaleTargetRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": "web"}}
    scaler = with_unknown(
        resource_of("autoscaling/v2/HorizontalPodAutoscaler", "h", {"spec": target}), "spec", "scaleTargetRef", "name"
    )
    selector = {"selector": {"matchLabels": {"app": "web"}}}
    budget = with_unknown(
        resource_of("policy/v1/PodDisruptionBudget", "b", {"spec": selector}), "spec", "selector", "matchLabels", "app"
    )
    link([web, scaler, budget])
    assert refs(scaler, "spec.scaleTargetRef") == refs(budget, "spec.selector") == []
    assert field(scaler.attributes, "spec", "scaleTargetRef", "name").is_unknown
    assert field(budget.attributes, "spec", "selector", "matchLabels", "app").is_unknown
