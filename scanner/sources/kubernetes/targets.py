"""The objects of one root, found by what other objects call them: kind, namespace and name, or labels."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from scanner.model.kubernetes import (
    WORKLOADS,
    Labels,
    Selector,
    field,
    is_known_namespace,
    kind_of,
    known_labels,
    name_of,
    namespace_of,
    pod_labels,
    selects,
)
from scanner.model.resource import Resource
from scanner.model.value import Reference

_LABELLED = ("v1/Service",)


class Targets:
    """What the objects of a root may refer to."""

    def __init__(self, resources: Iterable[Resource]) -> None:
        self._named: dict[tuple[str, str, str], list[Resource]] = {}
        self._anywhere: dict[tuple[str, str], list[Resource]] = {}
        self._labelled: dict[tuple[str, str], list[tuple[Resource, Labels]]] = {}
        for resource in resources:
            self._add(resource)

    def _add(self, resource: Resource) -> None:
        group, kind, namespace = group_of(resource.type), kind_of(resource.type), namespace_of(resource)
        name = name_of(resource)
        if name is not None:
            self._named.setdefault((f"{group}/{kind}", namespace, name), []).append(resource)
            self._anywhere.setdefault((f"{group}/{kind}", name), []).append(resource)
        if resource.type in WORKLOADS:
            self._labelled.setdefault(("pods", namespace), []).append((resource, pod_labels(resource)))
        elif resource.type in _LABELLED:
            labels = known_labels(field(resource.attributes, "metadata", "labels"))
            self._labelled.setdefault((resource.type, namespace), []).append((resource, labels))

    def named(self, kind: str, name: str, namespace: str | None) -> Iterator[Reference]:
        """References to the objects of a kind (`apps/Deployment`, `/Service`) and name; in any namespace for None."""
        if namespace is None:
            found = self._anywhere.get((kind, name), [])
        else:
            found = self._named.get((kind, namespace, name), [])
        return (Reference(resource.address, "metadata.name") for resource in found)

    def pods(self, selector: Selector | None, namespace: str) -> Iterator[Reference]:
        """References to the workloads whose pods a selector chooses in a namespace.

        Where one of two namespaces is not known, the pods may be those that are meant.
        """
        return self.labelled("pods", selector, [namespace])

    def labelled(self, type_: str, selector: Selector | None, namespaces: Iterable[str] | None) -> Iterator[Reference]:
        """References to the objects of a type that a selector chooses by their own labels; None: in any namespace."""
        wanted = None if namespaces is None else set(namespaces)
        for (kind, namespace), candidates in self._labelled.items():
            there = True if wanted is None or namespace in wanted else _perhaps(namespace, wanted)
            if kind == type_ and there is not False:
                yield from self._selected(selector, candidates, sure=there is True)

    @staticmethod
    def _selected(
        selector: Selector | None, candidates: Iterable[tuple[Resource, Labels]], *, sure: bool
    ) -> Iterator[Reference]:
        for resource, labels in candidates:
            chosen = selects(selector, labels)
            if chosen is not False:
                yield Reference(resource.address, "metadata.labels", sure and chosen is True)


def _perhaps(namespace: str, wanted: set[str]) -> bool | None:
    """Whether a namespace is surely none of those wanted (False), or may be one (None)."""
    known = is_known_namespace(namespace) and all(map(is_known_namespace, wanted))
    return False if known else None


def group_of(type_or_version: str) -> str:
    """The API group of a type or of an `apiVersion`; empty for the core group."""
    parts = type_or_version.split("/")
    return parts[0] if len(parts) > 1 and not _is_version(parts[0]) else ""


def _is_version(text: str) -> bool:
    return text[:1] == "v" and text[1:2].isdigit() and "." not in text
