"""Pods and the selectors that choose them, as far as manifests tell."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from scanner.model.inventory import Inventory
from scanner.model.kubernetes import (
    WORKLOADS,
    Labels,
    Selector,
    elements,
    field,
    namespace_of,
    pod_labels,
    pod_template,
    scalar,
)
from scanner.model.resource import Resource
from scanner.network.coverage import EVERYTHING, JOIN, SCOPE
from scanner.network.reading import number


@dataclass(frozen=True, slots=True)
class Pods:
    """The pods of one workload: labels (None for what is not known) and ports by name."""

    namespace: str
    labels: Labels
    ports: Mapping[str, tuple[int, str]]
    workload: Resource


def pods_of(inventory: Inventory) -> list[Pods]:
    """The pods that the workloads of an inventory make."""
    return [_pods(workload) for type_ in WORKLOADS for workload in inventory.of_type(type_)]


def _pods(workload: Resource) -> Pods:
    ports: dict[str, tuple[int, str]] = {}
    for container in elements(field(pod_template(workload), "spec", "containers")):
        for port in elements(field(container, "ports")):
            called, where = scalar(field(port, "name")), number(field(port, "containerPort"))
            if called and where is not None:
                ports[called] = (where, scalar(field(port, "protocol")) or "TCP")
    return Pods(namespace_of(workload), pod_labels(workload), ports, workload)


def selector_text(pods: Selector, namespaces: Selector) -> str:
    """The text by which flows speak of selected pods: `app=web @ kubernetes.io/metadata.name=shop`."""
    return f"{_text(pods)}{SCOPE}{_text(namespaces)}"


def _text(wanted: Selector) -> str:
    return JOIN.join(str(requirement) for requirement in wanted) or EVERYTHING
