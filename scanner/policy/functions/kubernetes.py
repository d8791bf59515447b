"""Kubernetes: replicas, spreading, disruption, ports, isolation and rights. The work is done in modules of their own.

They are imported when they are needed: most runs have no requirement on them.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module

from scanner.policy.evidence import Outcome
from scanner.policy.functions.base import Arguments, Function
from scanner.policy.world import Subject


def _in(module: str, name: str) -> Callable[[Subject, Arguments], Outcome]:
    """A function of a module beside this one, imported at its first call."""

    def decide(subject: Subject, arguments: Arguments) -> Outcome:
        found: Callable[[Subject, Arguments], Outcome] = getattr(
            import_module(f"scanner.policy.functions.{module}"), name
        )
        return found(subject, arguments)

    return decide


FUNCTIONS = (
    Function(
        "kubernetes_replicas",
        "the number of pods that a workload runs, its scaler and what the manifest says taken together",
        (),
        _in("kubernetes_scaling", "replicas"),
        ("at_least", "at_most", "exactly"),
    ),
    Function(
        "kubernetes_disruption_budget",
        "a budget keeps enough pods of the workload running, and still lets some be evicted",
        (),
        _in("kubernetes_scaling", "disruption_budget"),
        ("available", "evictions"),
    ),
    Function(
        "kubernetes_pods_apart",
        "the workload keeps its own pods apart over a topology, by spread constraint or anti-affinity",
        ("topology_key",),
        _in("kubernetes_pods", "pods_apart"),
        ("max_skew", "hard", "means"),
    ),
    Function(
        "kubernetes_ports",
        "the ports of a Service lead to this port of its pods",
        ("target",),
        _in("kubernetes_pods", "ports"),
        ("port",),
    ),
    Function(
        "kubernetes_isolated",
        "NetworkPolicies isolate the pods of a workload, or every pod of a namespace, in these directions",
        ("directions",),
        _in("kubernetes_pods", "isolated"),
    ),
    Function(
        "kubernetes_rights",
        "a role, or a service account through its bindings, has exactly, at most or at least the listed rights",
        ("rules", "mode"),
        _in("kubernetes_rights", "rights"),
    ),
    Function(
        "kubernetes_bound_roles",
        "a service account is bound to exactly, at most or at least the listed roles",
        ("roles",),
        _in("kubernetes_rights", "bound_roles"),
        ("mode",),
    ),
)
