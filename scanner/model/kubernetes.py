"""What Kubernetes objects have in common: kinds, names, the pods that workloads make, and label selectors.

Sources: the pages "Labels and Selectors" and "Workloads" of the Kubernetes documentation.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, TypeAlias

from scanner.model.resource import Resource
from scanner.model.value import Unknown, Value, absent

NAMESPACE_LABEL: Final = "kubernetes.io/metadata.name"
"""The label that the control plane gives to every namespace: its name."""
DEFAULT_NAMESPACE: Final = "default"
_UNKNOWN: Final = "?"
_TEMPLATE: Final = ("spec", "template")
WORKLOADS: Final[Mapping[str, tuple[str, ...]]] = {
    "v1/Pod": (),
    "v1/ReplicationController": _TEMPLATE,
    "apps/v1/Deployment": _TEMPLATE,
    "apps/v1/StatefulSet": _TEMPLATE,
    "apps/v1/DaemonSet": _TEMPLATE,
    "apps/v1/ReplicaSet": _TEMPLATE,
    "batch/v1/Job": _TEMPLATE,
    "batch/v1/CronJob": ("spec", "jobTemplate", *_TEMPLATE),
    "argoproj.io/v1alpha1/Rollout": _TEMPLATE,
}
"""The types that make pods, and where the template of the pod lies in them."""
_OPERATORS: Final = ("In", "NotIn", "Exists", "DoesNotExist")

Labels: TypeAlias = "Mapping[str, str | None] | None"
"""Labels, None for a value that is not known; None where nothing is known of them."""


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


Selector: TypeAlias = tuple[Requirement, ...]


def field(parent: Value, *keys: str) -> Value:
    """A field of nested objects; absent where nothing is written, unknown inside what is unknown."""
    for key in keys:
        raw = parent.raw
        if isinstance(raw, Unknown):
            return parent
        found = raw.get(key) if isinstance(raw, Mapping) else None
        parent = absent(parent.location) if found is None else found
    return parent


def elements(value: Value) -> Sequence[Value]:
    """The elements of a list; nothing where it is absent, and an unknown or other value alone."""
    raw = value.raw
    if value.is_absent:
        return ()
    if isinstance(raw, Sequence) and not isinstance(raw, str):
        return raw
    return (value,)


def scalar(value: Value) -> str | None:
    """A known scalar as text, None for everything else."""
    raw = value.raw
    if isinstance(raw, bool):
        return "true" if raw else "false"
    return str(raw) if isinstance(raw, str | int | Decimal) else None


def namespace_of(resource: Resource) -> str:
    """The namespace that an object names, else the default one.

    One that is not known has a name of its own (`is_known_namespace` tells), the same for the same unknown value.
    """
    value = field(resource.attributes, "metadata", "namespace")
    if isinstance(value.raw, Unknown):
        return f"{_UNKNOWN}{value.raw.detail}"
    return scalar(value) or DEFAULT_NAMESPACE


def is_known_namespace(name: str) -> bool:
    """Whether a namespace as answered by `namespace_of` is known."""
    return not name.startswith(_UNKNOWN)


def name_of(resource: Resource) -> str | None:
    """The name that an object is written with; None for one that the server names, or that is not known."""
    return scalar(field(resource.attributes, "metadata", "name"))


def kind_of(type_: str) -> str:
    """The kind in a resource type: `Deployment` of `apps/v1/Deployment`."""
    return type_.rpartition("/")[2]


def pod_template(workload: Resource) -> Value:
    """The template of the pods that a workload makes: an object with `metadata` and `spec`."""
    return field(workload.attributes, *WORKLOADS[workload.type])


def pod_labels(workload: Resource) -> Labels:
    """The labels of the pods that a workload makes."""
    return known_labels(field(pod_template(workload), "metadata", "labels"))


def known_labels(value: Value) -> Labels:
    """The labels of an object of texts; none where it is absent."""
    if isinstance(value.raw, Mapping):
        return {key: scalar(item) for key, item in value.raw.items()}
    return {} if value.is_absent else None


def label_selector(value: Value) -> Selector | None:
    """The conditions of a label selector, empty for one that selects everything; None where it is not known."""
    if value.is_unknown:
        return None
    labels = simple_selector(field(value, "matchLabels"))
    if labels is None:
        return None
    found = list(labels)
    for expression in elements(field(value, "matchExpressions")):
        requirement = _requirement(expression)
        if requirement is None:
            return None
        found.append(requirement)
    return tuple(sorted(set(found), key=str))


def simple_selector(labels: Value) -> Selector | None:
    """The conditions of a mapping of labels, as in the selector of a Service; None where it is not known."""
    known = known_labels(labels)
    if known is None:
        return None
    pairs = list(_pairs(known))
    return tuple(sorted(pairs, key=str)) if len(pairs) == len(known) else None


def _pairs(labels: Mapping[str, str | None]) -> Iterator[Requirement]:
    for key, wanted in labels.items():
        if wanted is not None:
            yield Requirement(key, "In", (wanted,))


def _requirement(expression: Value) -> Requirement | None:
    label, operator = scalar(field(expression, "key")), scalar(field(expression, "operator"))
    values = [scalar(element) for element in elements(field(expression, "values"))]
    known = sorted(element for element in values if element is not None)
    if label is None or operator not in _OPERATORS or len(known) < len(values):
        return None
    return Requirement(label, operator, tuple(known))


def selects(wanted: Selector | None, labels: Labels) -> bool | None:
    """Whether a selector chooses pods with these labels; None where that depends on what is not known."""
    if wanted is None:
        return None
    if labels is None:
        return None if wanted else True
    results = [requirement.holds(labels) for requirement in wanted]
    if False in results:
        return False
    return None if None in results else True


def apart(one: Selector, other: Selector) -> bool:
    """Whether two selectors can never choose the same pod."""
    return any(
        a.label == b.label and a.operator == b.operator == "In" and not set(a.values) & set(b.values)
        for a in one for b in other
    )  # fmt: skip
