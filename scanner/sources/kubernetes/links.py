"""What refers to what among Kubernetes objects, kept as references on the values that name or select it.

Each rule names a place in objects of some types and says what is found there. A name that is not known refers to
nothing here: its value is unknown, and stays so. Source: the API reference of each kind.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Final

from scanner.model.environment import environment_root
from scanner.model.kubernetes import (
    WORKLOADS,
    elements,
    field,
    label_selector,
    namespace_of,
    scalar,
    simple_selector,
)
from scanner.model.resource import Resource
from scanner.model.value import Reference, Value
from scanner.sources.kubernetes.amend import EACH, amend, referring
from scanner.sources.kubernetes.kinds import is_cluster_scoped
from scanner.sources.kubernetes.targets import Targets, group_of

Find = Callable[[Value, str, Targets], Iterable[Reference]]
"""(value at the place, namespace of its object, what there is) -> what it refers to."""


@dataclass(frozen=True, slots=True)
class Link:
    """One place that refers to something. `path` is written with dots, `*` for every element of a list.

    The references are kept on the value at `path`, or on its field `key` where `find` needs to see what is around it.
    """

    path: str
    find: Find
    key: str = ""

    @property
    def steps(self) -> tuple[str, ...]:
        """The path as its keys."""
        return tuple(self.path.split("."))


def link(resources: Iterable[Resource]) -> None:
    """Puts references on the values of all objects.

    They refer to objects of their own root. Where it has none, an object of an environment refers to those that belong
    to no environment, and so to every one; and these to those of the environments.
    """
    by_root: dict[str, list[Resource]] = {}
    for resource in resources:
        by_root.setdefault(resource.root, []).append(resource)
    every = {root: Targets(members) for root, members in by_root.items()}
    environments = {root: targets for root, targets in every.items() if root and environment_root(root) == root}
    for root, members in by_root.items():
        others = environments if not root else {"": every[""]} if root in environments and "" in every else {}
        targets = every[root].with_others(others)
        for resource in members:
            resource.attributes = _linked(resource, targets)


def _linked(resource: Resource, targets: Targets) -> Value:
    value = resource.attributes
    namespace = namespace_of(resource)
    for found in links_of(resource.type):
        value = amend(value, found.steps, partial(_with_references, found, namespace, targets))
    return value


def _with_references(found: Link, namespace: str, targets: Targets, here: Value) -> Value:
    refs = tuple(found.find(here, namespace, targets))
    return amend(here, (found.key,), lambda value: referring(value, refs)) if found.key else referring(here, refs)


def links_of(type_: str) -> Iterator[Link]:
    """Every place in objects of a type that refers to something."""
    if not is_cluster_scoped(type_):
        yield _NAMESPACE
    yield from LINKS.get(type_, ())
    template = WORKLOADS.get(type_)
    if template is not None:
        spec = ".".join((*template, "spec"))
        yield from _under(spec, POD_LINKS)


def to(kind: str, key: str = "", *, anywhere: bool = False) -> Find:
    """A name: of an object of `kind` (`/Secret`, `apps/Deployment`) in the same namespace, at the field `key`."""

    def find(value: Value, namespace: str, targets: Targets) -> Iterable[Reference]:
        name = scalar(field(value, key) if key else value)
        place = None if anywhere or is_cluster_scoped(_any_version(kind)) else namespace
        return () if name is None else targets.named(kind, name, place)

    return find


def to_object(version: str = "", kind: str = "", key: str = "apiVersion") -> Find:
    """An object reference with `apiVersion` (or `apiGroup`, `group`), `kind` and `name`, and what is meant without."""

    def find(value: Value, namespace: str, targets: Targets) -> Iterable[Reference]:
        name = scalar(field(value, "name"))
        group = _written_or(field(value, key), version)
        named = _written_or(field(value, "kind"), kind)
        if name is None or group is None or named is None:
            return ()
        whole = f"{group_of(group) if key == 'apiVersion' else group}/{named}"
        return targets.named(whole, name, None if is_cluster_scoped(_any_version(whole)) else namespace)

    return find


def _written_or(value: Value, default: str) -> str | None:
    return default if value.is_absent else scalar(value)


def _any_version(kind: str) -> str:
    """A group and kind as a type, where the version does not matter."""
    group, _, name = kind.partition("/")
    return f"{group}/v1/{name}" if group else f"v1/{name}"


def _pods(value: Value, namespace: str, targets: Targets) -> Iterable[Reference]:
    selector = label_selector(value)
    return () if selector is None else targets.pods(selector, namespace)


def _simple_pods(value: Value, namespace: str, targets: Targets) -> Iterable[Reference]:
    """The selector of a Service: an empty one selects nothing, its endpoints are written by hand."""
    selector = simple_selector(value)
    return targets.pods(selector, namespace) if selector else ()


def _term(value: Value, namespace: str, targets: Targets) -> Iterable[Reference]:
    """The selector in a term of pod affinity that speaks of its own namespace."""
    elsewhere = field(value, "namespaces"), field(value, "namespaceSelector")
    if not all(item.is_absent for item in elsewhere):
        return ()
    selector = field(value, "labelSelector")
    return () if selector.is_absent else _pods(selector, namespace, targets)


def _monitored(type_: str) -> Find:
    """The selector of a ServiceMonitor (of Services) or PodMonitor (`pods`), in the namespaces that it looks into."""

    def find(value: Value, namespace: str, targets: Targets) -> Iterable[Reference]:
        selector = label_selector(field(value, "selector"))
        scope = field(value, "namespaceSelector")
        names = [scalar(name) for name in elements(field(scope, "matchNames"))]
        if selector is None or field(value, "selector").is_absent or None in names:
            return
        everywhere = scalar(field(scope, "any")) == "true"
        namespaces = None if everywhere else [name for name in names if name is not None] or [namespace]
        yield from targets.labelled(type_, selector, namespaces)

    return find


def _subject(value: Value, namespace: str, targets: Targets) -> Iterable[Reference]:
    if scalar(field(value, "kind")) != "ServiceAccount":
        return ()
    name, where = scalar(field(value, "name")), _written_or(field(value, "namespace"), namespace)
    return () if name is None or where is None else targets.named("/ServiceAccount", name, where)


def _csi(value: Value, namespace: str, targets: Targets) -> Iterable[Reference]:
    name = scalar(field(value, "volumeAttributes", "secretProviderClass"))
    return () if name is None else targets.named("secrets-store.csi.x-k8s.io/SecretProviderClass", name, namespace)


def _analysis(value: Value, namespace: str, targets: Targets) -> Iterable[Reference]:
    name = scalar(field(value, "templateName"))
    cluster = scalar(field(value, "clusterScope")) == "true"
    kind = "argoproj.io/ClusterAnalysisTemplate" if cluster else "argoproj.io/AnalysisTemplate"
    return () if name is None else targets.named(kind, name, None if cluster else namespace)


def _under(prefix: str, found: Iterable[Link]) -> tuple[Link, ...]:
    return tuple(Link(f"{prefix}.{item.path}", item.find, item.key) for item in found)


_NAMESPACE: Final = Link("metadata.namespace", to("/Namespace"))
_CONFIG, _SECRET, _SERVICE = to("/ConfigMap", "name"), to("/Secret", "name"), to("/Service")
_CONTAINER: Final = (
    Link(f"envFrom.{EACH}.configMapRef", _CONFIG),
    Link(f"envFrom.{EACH}.secretRef", _SECRET),
    Link(f"env.{EACH}.valueFrom.configMapKeyRef", _CONFIG),
    Link(f"env.{EACH}.valueFrom.secretKeyRef", _SECRET),
)
_VOLUME: Final = (
    Link("configMap", _CONFIG),
    Link("secret", to("/Secret", "secretName")),
    Link("persistentVolumeClaim", to("/PersistentVolumeClaim", "claimName")),
    Link("csi", _csi),
    Link("csi.nodePublishSecretRef", _SECRET),
    Link(f"projected.sources.{EACH}.configMap", _CONFIG),
    Link(f"projected.sources.{EACH}.secret", _SECRET),
)
_AFFINITY: Final = tuple(
    Link(f"affinity.{kind}.{path}", _term, "labelSelector")
    for kind in ("podAffinity", "podAntiAffinity")
    for path in (
        f"requiredDuringSchedulingIgnoredDuringExecution.{EACH}",
        f"preferredDuringSchedulingIgnoredDuringExecution.{EACH}.podAffinityTerm",
    )
)
POD_LINKS: Final = (
    Link("nodeName", to("/Node")),
    Link("serviceAccountName", to("/ServiceAccount")),
    Link("serviceAccount", to("/ServiceAccount")),
    Link("priorityClassName", to("scheduling.k8s.io/PriorityClass")),
    Link(f"imagePullSecrets.{EACH}", _SECRET),
    *(part for kind in ("containers", "initContainers") for part in _under(f"{kind}.{EACH}", _CONTAINER)),
    *_under(f"volumes.{EACH}", _VOLUME),
    Link(f"topologySpreadConstraints.{EACH}.labelSelector", _pods),
    *_AFFINITY,
)
"""The places in the specification of a pod."""

_TARGET: Final = Link("spec.scaleTargetRef", to_object("", ""))
_BINDING: Final = (
    Link("roleRef", to_object("rbac.authorization.k8s.io", "", "apiGroup")),
    Link(f"subjects.{EACH}", _subject),
)
_BACKENDS: Final = (
    Link("spec.ingressClassName", to("networking.k8s.io/IngressClass")),
    Link("spec.defaultBackend.service", to("/Service", "name")),
    Link(f"spec.rules.{EACH}.http.paths.{EACH}.backend.service", to("/Service", "name")),
    Link(f"spec.tls.{EACH}.secretName", to("/Secret")),
)
_ANALYSES: Final = (
    "canary.analysis",
    f"canary.steps.{EACH}.analysis",
    "blueGreen.prePromotionAnalysis",
    "blueGreen.postPromotionAnalysis",
)
_ROLLOUT: Final = (
    Link("spec.workloadRef", to_object()),
    *(
        Link(f"spec.strategy.{path}", _SERVICE)
        for path in (
            "canary.stableService",
            "canary.canaryService",
            "blueGreen.activeService",
            "blueGreen.previewService",
        )
    ),
    Link("spec.strategy.canary.trafficRouting.nginx.stableIngress", to("networking.k8s.io/Ingress")),
    *(Link(f"spec.strategy.{path}.templates.{EACH}", _analysis) for path in _ANALYSES),
)
_PROJECT: Final = to("argoproj.io/AppProject", anywhere=True)
_ISSUER: Final = to_object("cert-manager.io", "Issuer", "group")
_SELECTED_PODS: Final = Link("spec.selector", _pods)
LINKS: Final[dict[str, tuple[Link, ...]]] = {
    "apps/v1/StatefulSet": (Link("spec.serviceName", _SERVICE),),
    "argoproj.io/v1alpha1/Application": (Link("spec.project", _PROJECT),),
    "argoproj.io/v1alpha1/ApplicationSet": (Link("spec.template.spec.project", _PROJECT),),
    "argoproj.io/v1alpha1/Rollout": _ROLLOUT,
    "autoscaling/v1/HorizontalPodAutoscaler": (_TARGET,),
    "autoscaling/v2/HorizontalPodAutoscaler": (_TARGET,),
    "autoscaling.k8s.io/v1/VerticalPodAutoscaler": (Link("spec.targetRef", to_object()),),
    "cert-manager.io/v1/Certificate": (Link("spec.issuerRef", _ISSUER), Link("spec.secretName", to("/Secret"))),
    "keda.sh/v1alpha1/ScaledObject": (
        Link("spec.scaleTargetRef", to_object("apps/v1", "Deployment")),
        Link(
            f"spec.triggers.{EACH}.authenticationRef",
            to_object("keda.sh/v1alpha1", "TriggerAuthentication"),
        ),
    ),
    "monitoring.coreos.com/v1/PodMonitor": (Link("spec", _monitored("pods"), "selector"),),
    "monitoring.coreos.com/v1/ServiceMonitor": (Link("spec", _monitored("v1/Service"), "selector"),),
    "networking.k8s.io/v1/Ingress": _BACKENDS,
    "networking.k8s.io/v1/NetworkPolicy": (Link("spec.podSelector", _pods),),
    "policy/v1/PodDisruptionBudget": (_SELECTED_PODS,),
    "rbac.authorization.k8s.io/v1/ClusterRoleBinding": _BINDING,
    "rbac.authorization.k8s.io/v1/RoleBinding": _BINDING,
    "v1/PersistentVolumeClaim": (Link("spec.storageClassName", to("storage.k8s.io/StorageClass")),),
    "v1/Service": (Link("spec.selector", _simple_pods),),
    "v1/ServiceAccount": (Link(f"imagePullSecrets.{EACH}", _SECRET), Link(f"secrets.{EACH}", _SECRET)),
}
"""The places in objects of each type."""
