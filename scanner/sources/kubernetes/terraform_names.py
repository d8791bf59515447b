"""How the Kubernetes provider of Terraform calls kinds and fields.

One rule serves nearly all: names in snake case are the native ones in camel case, a block is an object. The tables
below are the exceptions. Source: the documentation of the provider hashicorp/kubernetes 2.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

_RBAC: Final = "rbac.authorization.k8s.io/v1"
TYPES: Final[Mapping[str, str]] = {
    "cluster_role": f"{_RBAC}/ClusterRole",
    "cluster_role_binding": f"{_RBAC}/ClusterRoleBinding",
    "config_map": "v1/ConfigMap",
    "cron_job": "batch/v1/CronJob",
    "daemonset": "apps/v1/DaemonSet",
    "daemon_set": "apps/v1/DaemonSet",
    "deployment": "apps/v1/Deployment",
    "horizontal_pod_autoscaler": "autoscaling/v2/HorizontalPodAutoscaler",
    "horizontal_pod_autoscaler_v2": "autoscaling/v2/HorizontalPodAutoscaler",
    "horizontal_pod_autoscaler_v2beta2": "autoscaling/v2/HorizontalPodAutoscaler",
    "ingress": "networking.k8s.io/v1/Ingress",
    "ingress_class": "networking.k8s.io/v1/IngressClass",
    "job": "batch/v1/Job",
    "limit_range": "v1/LimitRange",
    "namespace": "v1/Namespace",
    "network_policy": "networking.k8s.io/v1/NetworkPolicy",
    "persistent_volume_claim": "v1/PersistentVolumeClaim",
    "pod": "v1/Pod",
    "pod_disruption_budget": "policy/v1/PodDisruptionBudget",
    "priority_class": "scheduling.k8s.io/v1/PriorityClass",
    "replication_controller": "v1/ReplicationController",
    "resource_quota": "v1/ResourceQuota",
    "role": f"{_RBAC}/Role",
    "role_binding": f"{_RBAC}/RoleBinding",
    "secret": "v1/Secret",
    "service": "v1/Service",
    "service_account": "v1/ServiceAccount",
    "stateful_set": "apps/v1/StatefulSet",
    "storage_class": "storage.k8s.io/v1/StorageClass",
}
"""Native types by the name of the Terraform type without `kubernetes_` and `_v1`."""
_EXACT: Final = {"horizontal_pod_autoscaler_v1": "autoscaling/v1/HorizontalPodAutoscaler"}
NAMES: Final[Mapping[str, str]] = {
    "cluster_ip": "clusterIP",
    "cluster_ips": "clusterIPs",
    "external_ips": "externalIPs",
    "host_aliases": "hostAliases",
    "host_ip": "hostIP",
    "host_ipc": "hostIPC",
    "host_pid": "hostPID",
    "load_balancer_ip": "loadBalancerIP",
    "non_resource_urls": "nonResourceURLs",
    "storage_provisioner": "provisioner",
    "target_cpu_utilization_percentage": "targetCPUUtilizationPercentage",
}
LISTS: Final[Mapping[str, str]] = {
    "allowed_topologies": "allowedTopologies",
    "cluster_role_selectors": "clusterRoleSelectors",
    "container": "containers",
    "egress": "egress",
    "env": "env",
    "env_from": "envFrom",
    "ephemeral_container": "ephemeralContainers",
    "from": "from",
    "host_aliases": "hostAliases",
    "http_header": "httpHeaders",
    "image_pull_secret": "imagePullSecrets",
    "image_pull_secrets": "imagePullSecrets",
    "ingress": "ingress",
    "init_container": "initContainers",
    "items": "items",
    "limit": "limits",
    "match_expressions": "matchExpressions",
    "match_fields": "matchFields",
    "match_label_expressions": "matchLabelExpressions",
    "node_selector_term": "nodeSelectorTerms",
    "path": "paths",
    "policy": "policies",
    "port": "ports",
    "ports": "ports",
    "preferred_during_scheduling_ignored_during_execution": "preferredDuringSchedulingIgnoredDuringExecution",
    "readiness_gate": "readinessGates",
    "required_during_scheduling_ignored_during_execution": "requiredDuringSchedulingIgnoredDuringExecution",
    "rule": "rules",
    "secret": "secrets",
    "sources": "sources",
    "subject": "subjects",
    "sysctl": "sysctls",
    "tls": "tls",
    "to": "to",
    "toleration": "tolerations",
    "topology_spread_constraint": "topologySpreadConstraints",
    "volume": "volumes",
    "volume_claim_template": "volumeClaimTemplates",
    "volume_device": "volumeDevices",
    "volume_mount": "volumeMounts",
}
"""Blocks that may be repeated, with the native name of their list."""
OBJECTS: Final = frozenset(
    {
        ("node_affinity", "required_during_scheduling_ignored_during_execution"),
        ("volume", "secret"),
        ("sources", "secret"),
        ("service", "port"),
    }
)
"""(enclosing block, block) of those that are single there all the same."""
RENAMED: Final[Mapping[tuple[str, str, str], str]] = {
    ("v1/Secret", "", "data"): "stringData",
    ("v1/Secret", "", "binary_data"): "data",
    ("apps/v1/DaemonSet", "spec", "strategy"): "updateStrategy",
    ("autoscaling/v2/HorizontalPodAutoscaler", "spec", "metric"): "metrics",
}
"""(native type, enclosing block, name) of what is called otherwise: the provider takes secrets in plain text."""
_AFTER: Final = re.compile(r"_([a-z0-9])")


def native_type(terraform_type: str) -> str | None:
    """The native type that a resource of the provider manages; None for what it does not manage."""
    name = terraform_type.removeprefix("kubernetes_")
    if name == terraform_type:
        return None
    return _EXACT.get(name) or TYPES.get(name) or TYPES.get(name.removesuffix("_v1"))


def native_name(type_: str, parent: str, name: str) -> str:
    """The native name of a field that is no repeated block."""
    renamed = RENAMED.get((type_, parent, name)) or NAMES.get(name)
    return renamed or _AFTER.sub(lambda match: match[1].upper(), name)
