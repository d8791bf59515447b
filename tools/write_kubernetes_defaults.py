"""Writes the defaults of the Kubernetes API, those of pods for every kind that makes pods.

    python tools/write_kubernetes_defaults.py scanner/facts/defaults/kubernetes.tsv

Each default is the one that the page beside it documents. Left out on purpose, so that silence is never taken for
compliance: what another object or the cluster decides (automountServiceAccountToken, storageClassName, imagePullPolicy,
which depends on the tag of the image), and security settings whose default the container runtime decides.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path

Entry = tuple[str, object] | tuple[str, object, str]
"""Path, default, and the condition under which it holds (`in block` for what lies in a block that may be missing)."""
SITE = "kubernetes.io/docs/reference/kubernetes-api/"
BLOCK = "in block"
PODS = {
    "apps/v1/DaemonSet": "spec.template.spec",
    "apps/v1/Deployment": "spec.template.spec",
    "apps/v1/ReplicaSet": "spec.template.spec",
    "apps/v1/StatefulSet": "spec.template.spec",
    "argoproj.io/v1alpha1/Rollout": "spec.template.spec",
    "batch/v1/CronJob": "spec.jobTemplate.spec.template.spec",
    "batch/v1/Job": "spec.template.spec",
    "v1/Pod": "spec",
    "v1/ReplicationController": "spec.template.spec",
}
POD: tuple[Entry, ...] = (
    ("dnsPolicy", "ClusterFirst"),
    ("enableServiceLinks", True),
    ("hostIPC", False),
    ("hostNetwork", False),
    ("hostPID", False),
    ("restartPolicy", "Always"),
    ("schedulerName", "default-scheduler"),
    ("serviceAccountName", "default"),
    ("shareProcessNamespace", False),
    ("terminationGracePeriodSeconds", 30),
    ("tolerations.operator", "Equal", BLOCK),
    ("topologySpreadConstraints.nodeAffinityPolicy", "Honor", BLOCK),
    ("topologySpreadConstraints.nodeTaintsPolicy", "Ignore", BLOCK),
    ("volumes.configMap.defaultMode", 420, BLOCK),
    ("volumes.projected.defaultMode", 420, BLOCK),
    ("volumes.secret.defaultMode", 420, BLOCK),
)
CONTAINER: tuple[Entry, ...] = (
    ("ports.protocol", "TCP", BLOCK),
    ("securityContext.privileged", False),
    ("securityContext.readOnlyRootFilesystem", False),
    ("stdin", False),
    ("terminationMessagePath", "/dev/termination-log"),
    ("terminationMessagePolicy", "File"),
    ("tty", False),
    ("volumeMounts.readOnly", False, BLOCK),
)
PROBE: tuple[Entry, ...] = (
    ("failureThreshold", 3, BLOCK),
    ("httpGet.scheme", "HTTP", BLOCK),
    ("initialDelaySeconds", 0, BLOCK),
    ("periodSeconds", 10, BLOCK),
    ("successThreshold", 1, BLOCK),
    ("timeoutSeconds", 1, BLOCK),
)
PROBES = ("livenessProbe", "readinessProbe", "startupProbe")
_ROLLING = (("spec.strategy.type=",), ("spec.strategy.type=rollingupdate",))
_UPDATING = (("spec.updateStrategy.type=",), ("spec.updateStrategy.type=rollingupdate",))
_OUTSIDE = ("spec.type=nodeport", "spec.type=loadbalancer")
SCALING: tuple[Entry, ...] = (("spec.minReplicas", 1),)
KINDS: dict[tuple[str, str], tuple[Entry, ...]] = {
    ("apps/v1/Deployment", f"{SITE}workload-resources/deployment-v1"): (
        ("spec.minReadySeconds", 0),
        ("spec.paused", False),
        ("spec.progressDeadlineSeconds", 600),
        ("spec.replicas", 1),
        ("spec.revisionHistoryLimit", 10),
        ("spec.strategy.type", "RollingUpdate"),
        *((f"spec.strategy.rollingUpdate.{name}", "25%", *when)
          for name in ("maxSurge", "maxUnavailable") for when in _ROLLING),
    ),
    ("apps/v1/StatefulSet", f"{SITE}workload-resources/stateful-set-v1"): (
        ("spec.minReadySeconds", 0),
        ("spec.podManagementPolicy", "OrderedReady"),
        ("spec.replicas", 1),
        ("spec.revisionHistoryLimit", 10),
        ("spec.updateStrategy.type", "RollingUpdate"),
        *(("spec.updateStrategy.rollingUpdate.partition", 0, *when) for when in _UPDATING),
    ),
    ("apps/v1/DaemonSet", f"{SITE}workload-resources/daemon-set-v1"): (
        ("spec.minReadySeconds", 0),
        ("spec.revisionHistoryLimit", 10),
        ("spec.updateStrategy.type", "RollingUpdate"),
        *((f"spec.updateStrategy.rollingUpdate.{name}", number, *when)
          for name, number in (("maxSurge", 0), ("maxUnavailable", 1)) for when in _UPDATING),
    ),
    ("apps/v1/ReplicaSet", f"{SITE}workload-resources/replica-set-v1"): (
        ("spec.minReadySeconds", 0),
        ("spec.replicas", 1),
    ),
    ("v1/ReplicationController", f"{SITE}workload-resources/replication-controller-v1"): (
        ("spec.minReadySeconds", 0),
        ("spec.replicas", 1),
    ),
    ("batch/v1/Job", f"{SITE}workload-resources/job-v1"): (
        ("spec.backoffLimit", 6),
        ("spec.completionMode", "NonIndexed"),
        ("spec.parallelism", 1),
        ("spec.suspend", False),
    ),
    ("batch/v1/CronJob", f"{SITE}workload-resources/cron-job-v1"): (
        ("spec.concurrencyPolicy", "Allow"),
        ("spec.failedJobsHistoryLimit", 1),
        ("spec.jobTemplate.spec.backoffLimit", 6),
        ("spec.jobTemplate.spec.parallelism", 1),
        ("spec.successfulJobsHistoryLimit", 3),
        ("spec.suspend", False),
    ),
    ("autoscaling/v1/HorizontalPodAutoscaler", f"{SITE}workload-resources/horizontal-pod-autoscaler-v1"): SCALING,
    ("autoscaling/v2/HorizontalPodAutoscaler", f"{SITE}workload-resources/horizontal-pod-autoscaler-v2"): (
        *SCALING,
        ("spec.behavior.scaleDown.selectPolicy", "Max"),
        ("spec.behavior.scaleDown.stabilizationWindowSeconds", 300),
        ("spec.behavior.scaleUp.selectPolicy", "Max"),
        ("spec.behavior.scaleUp.stabilizationWindowSeconds", 0),
    ),
    ("policy/v1/PodDisruptionBudget", f"{SITE}policy-resources/pod-disruption-budget-v1"): (
        ("spec.unhealthyPodEvictionPolicy", "IfHealthyBudget"),
    ),
    ("networking.k8s.io/v1/NetworkPolicy", f"{SITE}policy-resources/network-policy-v1"): (
        ("spec.egress.ports.protocol", "TCP", BLOCK),
        ("spec.ingress.ports.protocol", "TCP", BLOCK),
    ),
    ("v1/Service", f"{SITE}service-resources/service-v1"): (
        ("spec.internalTrafficPolicy", "Cluster"),
        ("spec.ports.protocol", "TCP", BLOCK),
        ("spec.publishNotReadyAddresses", False),
        ("spec.sessionAffinity", "None"),
        ("spec.type", "ClusterIP"),
        *(("spec.externalTrafficPolicy", "Cluster", when) for when in _OUTSIDE),
        ("spec.allocateLoadBalancerNodePorts", True, _OUTSIDE[1]),
    ),
    ("v1/ConfigMap", f"{SITE}config-and-storage-resources/config-map-v1"): (("immutable", False),),
    ("v1/Secret", f"{SITE}config-and-storage-resources/secret-v1"): (("immutable", False), ("type", "Opaque")),
    ("v1/PersistentVolumeClaim", f"{SITE}config-and-storage-resources/persistent-volume-claim-v1"): (
        ("spec.volumeMode", "Filesystem"),
    ),
    ("v1/PersistentVolume", f"{SITE}config-and-storage-resources/persistent-volume-v1"): (
        ("spec.persistentVolumeReclaimPolicy", "Retain"),
        ("spec.volumeMode", "Filesystem"),
    ),
    ("storage.k8s.io/v1/StorageClass", f"{SITE}config-and-storage-resources/storage-class-v1"): (
        ("allowVolumeExpansion", False),
        ("reclaimPolicy", "Delete"),
        ("volumeBindingMode", "Immediate"),
    ),
    ("scheduling.k8s.io/v1/PriorityClass", f"{SITE}workload-resources/priority-class-v1"): (
        ("globalDefault", False),
        ("preemptionPolicy", "PreemptLowerPriority"),
    ),
    ("argoproj.io/v1alpha1/Rollout", "argo-rollouts.readthedocs.io/en/stable/features/specification"): (
        ("spec.minReadySeconds", 0),
        ("spec.progressDeadlineAbort", False),
        ("spec.progressDeadlineSeconds", 600),
        ("spec.replicas", 1),
        ("spec.revisionHistoryLimit", 10),
        ("spec.strategy.blueGreen.autoPromotionEnabled", True, BLOCK),
        ("spec.strategy.blueGreen.scaleDownDelaySeconds", 30, BLOCK),
        ("spec.strategy.canary.maxSurge", "25%", BLOCK),
        ("spec.strategy.canary.maxUnavailable", "25%", BLOCK),
    ),
    ("argoproj.io/v1alpha1/AnalysisTemplate", "argo-rollouts.readthedocs.io/en/stable/features/analysis"): (
        ("spec.metrics.consecutiveErrorLimit", 4, BLOCK),
        ("spec.metrics.failureLimit", 0, BLOCK),
        ("spec.metrics.inconclusiveLimit", 0, BLOCK),
    ),
    ("argoproj.io/v1alpha1/Application", "argo-cd.readthedocs.io/en/stable/user-guide/auto_sync"): (
        ("spec.syncPolicy.automated.allowEmpty", False, BLOCK),
        ("spec.syncPolicy.automated.prune", False, BLOCK),
        ("spec.syncPolicy.automated.selfHeal", False, BLOCK),
    ),
    ("argoproj.io/v1alpha1/AppProject", "argo-cd.readthedocs.io/en/stable/user-guide/sync_windows"): (
        ("spec.syncWindows.manualSync", False, BLOCK),
        ("spec.syncWindows.timeZone", "UTC", BLOCK),
    ),
    ("keda.sh/v1alpha1/ScaledObject", "keda.sh/docs/latest/reference/scaledobject-spec"): (
        ("spec.cooldownPeriod", 300),
        ("spec.maxReplicaCount", 100),
        ("spec.minReplicaCount", 0),
        ("spec.pollingInterval", 30),
        ("spec.scaleTargetRef.apiVersion", "apps/v1", BLOCK),
        ("spec.scaleTargetRef.kind", "Deployment", BLOCK),
    ),
    ("cert-manager.io/v1/Certificate", "cert-manager.io/docs/usage/certificate"): (
        ("spec.duration", "2160h"),
        ("spec.issuerRef.group", "cert-manager.io", BLOCK),
        ("spec.issuerRef.kind", "Issuer", BLOCK),
    ),
    ("monitoring.coreos.com/v1/ServiceMonitor", "prometheus-operator.dev/docs/api-reference/api"): (
        ("spec.endpoints.path", "/metrics", BLOCK),
        ("spec.endpoints.scheme", "http", BLOCK),
    ),
}  # fmt: skip


def main(target: str) -> None:
    """Writes the table, sorted by type and path; conditions of one path keep their order."""
    rows = sorted(rows_of_kinds(), key=lambda row: (row[0], row[1]))
    text = "\n".join("\t".join(row) for row in rows)
    head = "# type\tpath\tdefault\tcondition\tsource\n# Written by tools/write_kubernetes_defaults.py\n"
    Path(target).write_text(f"{head}{text}\n", encoding="utf-8")
    print(f"{len(rows)} defaults")


def rows_of_kinds() -> Iterator[tuple[str, str, str, str, str]]:
    """Every line of the table."""
    for (type_, source), entries in KINDS.items():
        for entry in entries:
            yield row(type_, "", entry, source)
    source = f"{SITE}workload-resources/pod-v1"
    for type_, prefix in PODS.items():
        for entry in POD:
            if not (type_.startswith("batch/") and entry[0] == "restartPolicy"):
                yield row(type_, f"{prefix}.", entry, source)
        for kind in ("containers", "initContainers"):
            needed: tuple[Entry, ...] = CONTAINER if kind == "containers" else ()
            for entry in needed:
                yield row(type_, f"{prefix}.{kind}.", entry, source)
            for probe in PROBES:
                for entry in PROBE:
                    yield row(type_, f"{prefix}.{kind}.{probe}.", entry, source)


def row(type_: str, prefix: str, entry: Entry, source: str) -> tuple[str, str, str, str, str]:
    """One line; a pod's conditions speak of the same block."""
    condition = entry[2] if len(entry) == 3 else ""
    return type_, f"{prefix}{entry[0]}", json.dumps(entry[1]), condition, source


if __name__ == "__main__":
    main(*sys.argv[1:])
