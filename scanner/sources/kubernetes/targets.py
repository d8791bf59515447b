"""The objects of one root, found by what other objects call them: kind, namespace and name, or labels."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from scanner.model.kubernetes import (
    WORKLOADS,
    Labels,
    Selector,
    is_known_namespace,
    kind_of,
    known_labels,
    name_of,
    namespace_of,
    pod_labels,
    selects,
)
from scanner.model.kubernetes import field as field_of
from scanner.model.resource import Resource
from scanner.model.value import Reference

_LABELLED = ("v1/Service",)


_Candidate: TypeAlias = "tuple[Resource, Labels]"


@dataclass(slots=True)
class _Labelled:
    """What selectors choose from in one namespace; by label, so that a selector need not look at everything."""

    every: list[_Candidate] = field(default_factory=list)
    vague: list[_Candidate] = field(default_factory=list)
    by_label: dict[tuple[str, str], list[_Candidate]] = field(default_factory=dict)

    def add(self, resource: Resource, labels: Labels) -> None:
        """Records one resource with its labels."""
        candidate = (resource, labels)
        self.every.append(candidate)
        if labels is None or None in labels.values():
            self.vague.append(candidate)
            return
        for label, value in labels.items():
            self.by_label.setdefault((label, value or ""), []).append(candidate)

    def of(self, selector: Selector | None) -> list[_Candidate]:
        """What a selector may choose: all that it chooses, and as few others as the labels tell."""
        best: list[_Candidate] | None = None
        for wanted in selector or ():
            if wanted.operator == "In":
                found = [item for value in wanted.values for item in self.by_label.get((wanted.label, value), ())]
                best = found if best is None or len(found) < len(best) else best
        return self.every if best is None else [*best, *self.vague]


class Targets:
    """What the objects of a root may refer to."""

    def __init__(self, resources: Iterable[Resource]) -> None:
        self._named: dict[tuple[str, str, str], list[Resource]] = {}
        self._anywhere: dict[tuple[str, str], list[Resource]] = {}
        self._labelled: dict[str, dict[str, _Labelled]] = {}
        self._others: Mapping[str, Targets] = {}
        for resource in resources:
            self._add(resource)

    def _add(self, resource: Resource) -> None:
        group, kind, namespace = group_of(resource.type), kind_of(resource.type), namespace_of(resource)
        name = name_of(resource)
        if name is not None:
            self._named.setdefault((f"{group}/{kind}", namespace, name), []).append(resource)
            self._anywhere.setdefault((f"{group}/{kind}", name), []).append(resource)
        if resource.type in WORKLOADS:
            self._keep("pods", namespace, resource, pod_labels(resource))
        elif resource.type in _LABELLED:
            labels = known_labels(field_of(resource.attributes, "metadata", "labels"))
            self._keep(resource.type, namespace, resource, labels)

    def _keep(self, kind: str, namespace: str, resource: Resource, labels: Labels) -> None:
        self._labelled.setdefault(kind, {}).setdefault(namespace, _Labelled()).add(resource, labels)

    def with_others(self, others: Mapping[str, Targets]) -> Targets:
        """The same, which looks into other roots where its own has nothing."""
        self._others = others
        return self

    def named(self, kind: str, name: str, namespace: str | None) -> Iterator[Reference]:
        """References to the objects of a kind (`apps/Deployment`, `/Service`) and name; in any namespace for None."""
        return self._or_elsewhere(lambda targets: targets._named_here(kind, name, namespace))

    def _or_elsewhere(self, find: Callable[[Targets], Iterator[Reference]]) -> Iterator[Reference]:
        """What is found here, else what is found in the other roots."""
        here = list(find(self))
        if here:
            yield from here
        else:
            for root, targets in self._others.items():
                yield from (ref._replace(root=root) for ref in find(targets))

    def _named_here(self, kind: str, name: str, namespace: str | None) -> Iterator[Reference]:
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
        return self._or_elsewhere(lambda targets: targets._selected_here(type_, selector, wanted))

    def _selected_here(self, type_: str, selector: Selector | None, wanted: set[str] | None) -> Iterator[Reference]:
        for namespace, candidates in self._labelled.get(type_, {}).items():
            there = True if wanted is None or namespace in wanted else _perhaps(namespace, wanted)
            if there is not False:
                for resource, labels in candidates.of(selector):
                    chosen = selects(selector, labels)
                    if chosen is not False:
                        yield Reference(resource.address, "metadata.labels", there is True and chosen is True)


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
