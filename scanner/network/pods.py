"""Pods and the selectors that choose them, as far as manifests tell."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from scanner.model.inventory import Inventory
from scanner.model.resource import Resource
from scanner.model.value import Value
from scanner.network.coverage import EVERYTHING, JOIN, SCOPE
from scanner.network.reading import item, items, number, text

NAMESPACE_LABEL: Final = "kubernetes.io/metadata.name"
_DEFAULT_NAMESPACE: Final = "default"
_TEMPLATE: Final = ("spec", "template")
_WORKLOADS: Final[Mapping[str, tuple[str, ...]]] = {
    "v1/Pod": (),
    "apps/v1/Deployment": _TEMPLATE,
    "apps/v1/StatefulSet": _TEMPLATE,
    "apps/v1/DaemonSet": _TEMPLATE,
    "apps/v1/ReplicaSet": _TEMPLATE,
    "batch/v1/Job": _TEMPLATE,
    "batch/v1/CronJob": ("spec", "jobTemplate", *_TEMPLATE),
    "argoproj.io/v1alpha1/Rollout": _TEMPLATE,
}


@dataclass(frozen=True, slots=True)
class Pods:
    """The pods of one workload: labels (None for a value that is not known) and ports by name."""

    namespace: str
    labels: Mapping[str, str | None]
    ports: Mapping[str, tuple[int, str]]


@dataclass(frozen=True, slots=True)
class Requirement:
    """One condition of a selector: a label, an operator of Kubernetes and its values."""

    label: str
    operator: str
    values: tuple[str, ...] = ()

    def __str__(self) -> str:
        if self.operator == "In":
            one = len(self.values) == 1
            return f"{self.label}={self.values[0]}" if one else f"{self.label} in ({', '.join(self.values)})"
        if self.operator == "NotIn":
            return f"{self.label} not in ({', '.join(self.values)})"
        return self.label if self.operator == "Exists" else f"!{self.label}"

    def holds(self, labels: Mapping[str, str | None]) -> bool | None:
        """Whether labels meet it; None where the label's value is not known."""
        present = self.label in labels
        if self.operator in ("Exists", "DoesNotExist"):
            return present is (self.operator == "Exists")
        value = labels.get(self.label)
        if present and value is None:
            return None
        return (value in self.values) is (self.operator == "In")


Selector = tuple[Requirement, ...]


def namespace_of(resource: Resource) -> str:
    """The namespace that a manifest names, else the default one."""
    return text(item(item(resource.attributes, "metadata"), "namespace")) or _DEFAULT_NAMESPACE


def pods_of(inventory: Inventory) -> list[Pods]:
    """The pods that the workloads of an inventory make."""
    return [
        pods for type_, path in _WORKLOADS.items() for workload in inventory.of_type(type_)
        for pods in _pods(workload, path)
    ]  # fmt: skip


def _pods(workload: Resource, path: tuple[str, ...]) -> Iterator[Pods]:
    template = workload.attributes
    for name in path:
        template = item(template, name)
    labels = item(item(template, "metadata"), "labels").raw
    if not isinstance(labels, Mapping):
        labels = {}
    ports: dict[str, tuple[int, str]] = {}
    for container in items(item(item(template, "spec"), "containers")):
        for port in items(item(container, "ports")):
            called, where = text(item(port, "name")), number(item(port, "containerPort"))
            if called and where is not None:
                ports[called] = (where, text(item(port, "protocol")) or "TCP")
    yield Pods(namespace_of(workload), {key: text(value) for key, value in labels.items()}, ports)


def selector(value: Value) -> Selector | None:
    """The conditions of a label selector, empty for one that selects everything; None where it is not known."""
    found: list[Requirement] = []
    if value.is_unknown:
        return None
    labels = item(value, "matchLabels")
    if isinstance(labels.raw, Mapping):
        for key in labels.raw:
            wanted = text(item(labels, key))
            if wanted is None:
                return None
            found.append(Requirement(key, "In", (wanted,)))
    elif not labels.is_absent:
        return None
    for expression in items(item(value, "matchExpressions")):
        label, operator = text(item(expression, "key")), text(item(expression, "operator"))
        values = [text(element) for element in items(item(expression, "values"))]
        known = sorted(element for element in values if element is not None)
        if label is None or operator is None or len(known) < len(values):
            return None
        found.append(Requirement(label, operator, tuple(known)))
    return tuple(sorted(set(found), key=str))


def selects(wanted: Selector, labels: Mapping[str, str | None]) -> bool | None:
    """Whether a selector chooses pods with these labels; None where that depends on what is not known."""
    results = [requirement.holds(labels) for requirement in wanted]
    if False in results:
        return False
    return None if None in results else True


def selector_text(pods: Selector, namespaces: Selector) -> str:
    """The text by which flows speak of selected pods: `app=web @ kubernetes.io/metadata.name=shop`."""
    return f"{_text(pods)}{SCOPE}{_text(namespaces)}"


def _text(wanted: Selector) -> str:
    return JOIN.join(str(requirement) for requirement in wanted) or EVERYTHING


def apart(one: Selector, other: Selector) -> bool:
    """Whether two selectors can never choose the same pod."""
    return any(
        a.label == b.label and a.operator == b.operator == "In" and not set(a.values) & set(b.values)
        for a in one for b in other
    )  # fmt: skip
