"""The transformations of kustomization.yaml that are simple enough to be understood without running kustomize.

Values that a kustomization writes have their place there. Source: the reference of kustomization.yaml, and the table of
the places that common labels reach (api/internal/konfig/builtinpluginconsts/commonlabels.go).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from scanner.model.kubernetes import WORKLOADS, elements, field, kind_of, name_of, scalar
from scanner.model.resource import Resource
from scanner.model.value import Hop, Value
from scanner.sources.kubernetes.amend import EACH, amend, replaced

Step = tuple[str, ...]
Get = Callable[[str], Value]
"""Gives one field of a kustomization."""
UNDERSTOOD: Final = frozenset({"images", "replicas", "commonAnnotations", "labels", "commonLabels"})
"""The fields of a kustomization that `transform` applies."""
_COUNTED: Final = frozenset({"Deployment", "ReplicaSet", "ReplicationController", "StatefulSet"})
_IMAGE_KEYS: Final = frozenset({"name", "newName", "newTag", "digest"})
_LABEL_KEYS: Final = frozenset({"pairs", "includeSelectors", "includeTemplates"})
_SCHEDULED: Final = ("requiredDuringSchedulingIgnoredDuringExecution", EACH)
_PREFERRED: Final = ("preferredDuringSchedulingIgnoredDuringExecution", EACH, "podAffinityTerm")
_MATCH: Final = ("labelSelector", "matchLabels")
_IN_PODS: Final[tuple[Step, ...]] = (
    ("topologySpreadConstraints", EACH, *_MATCH),
    *(("affinity", kind, *term, *_MATCH) for kind in ("podAffinity", "podAntiAffinity")
      for term in (_SCHEDULED, _PREFERRED)),
)  # fmt: skip
_SELECTORS: Final[Mapping[str, tuple[Step, ...]]] = {
    "PodDisruptionBudget": (("spec", "selector", "matchLabels"),),
    "NetworkPolicy": (
        ("spec", "podSelector", "matchLabels"),
        ("spec", "ingress", EACH, "from", EACH, "podSelector", "matchLabels"),
        ("spec", "egress", EACH, "to", EACH, "podSelector", "matchLabels"),
    ),
}
"""Selectors that get common labels where they already have labels."""


def understood(get: Get) -> bool:
    """Whether the images and labels that a kustomization gives are written with known fields only."""
    images, labels = elements(get("images")), elements(get("labels"))
    return all(_has_only(item, _IMAGE_KEYS) for item in images) and all(_has_only(item, _LABEL_KEYS) for item in labels)


def _has_only(value: Value, keys: frozenset[str]) -> bool:
    return isinstance(value.raw, Mapping) and value.raw.keys() <= keys


def transform(resource: Resource, get: Get) -> None:
    """Changes an object as a kustomization does whose fields `get` gives."""
    for entry in elements(get("images")):
        _image(resource, entry)
    for entry in elements(get("replicas")):
        if kind_of(resource.type) in _COUNTED and scalar(field(entry, "name")) == name_of(resource):
            _merge(resource, ("spec",), {"replicas": _from(field(entry, "count"), "replicas")}, create=True)
    annotations = _pairs(get("commonAnnotations"), "commonAnnotations")
    if annotations:
        _everywhere(resource, "annotations", annotations, templates=True)
    common = _pairs(get("commonLabels"), "commonLabels")
    if common:
        _labels(resource, common, selectors=True, templates=True)
    for entry in elements(get("labels")):
        selectors = scalar(field(entry, "includeSelectors")) == "true"
        templates = selectors or scalar(field(entry, "includeTemplates")) == "true"
        _labels(resource, _pairs(field(entry, "pairs"), "labels"), selectors=selectors, templates=templates)


def _from(value: Value, what: str) -> Value:
    """A value of a kustomization, reached through it."""
    return value.with_(hops=(Hop(what, value.location),))


def _pairs(value: Value, what: str) -> dict[str, Value]:
    raw = value.raw if isinstance(value.raw, Mapping) else {}
    return {key: _from(item, what) for key, item in raw.items()}


def _image(resource: Resource, entry: Value) -> None:
    template = WORKLOADS.get(resource.type)
    if template is None:
        return
    for kind in ("containers", "initContainers", "ephemeralContainers"):
        path = (*template, "spec", kind, EACH, "image")
        resource.attributes = amend(resource.attributes, path, lambda image: _replaced_image(image, entry))


def _replaced_image(image: Value, entry: Value) -> Value:
    """An image with the name, tag or digest that an entry gives it, if it is the one that the entry names."""
    text = image.raw if isinstance(image.raw, str) else ""
    name, rest = _split(text)
    if not text or name != scalar(field(entry, "name")):
        return image
    new_name = scalar(field(entry, "newName")) or name
    tag, digest = scalar(field(entry, "newTag")), scalar(field(entry, "digest"))
    end = f"@{digest}" if digest else f":{tag}" if tag else rest
    return Value(f"{new_name}{end}", entry.location, (Hop("images", entry.location),))


def _split(image: str) -> tuple[str, str]:
    """The name of an image, and what follows it: `:tag`, `@digest` or nothing."""
    whole, at, _ = image.partition("@")
    slash = whole.rfind("/")
    colon = whole.find(":", slash + 1)
    end = colon if colon >= 0 else len(whole)
    return image[:end], image[end:] if colon >= 0 or at else ""


def _labels(resource: Resource, pairs: Mapping[str, Value], *, selectors: bool, templates: bool) -> None:
    _everywhere(resource, "labels", pairs, templates=templates)
    if not selectors:
        return
    kind = kind_of(resource.type)
    if kind in ("Service", "ReplicationController"):
        _merge(resource, ("spec", "selector"), pairs, create=kind == "Service")
    for path in _SELECTORS.get(kind, ()):
        _merge(resource, path, pairs)
    template = WORKLOADS.get(resource.type)
    if template:
        _merge(resource, ("spec", "selector", "matchLabels"), pairs, create=kind not in ("Job", "CronJob", "Rollout"))
        for path in _IN_PODS:
            _merge(resource, (*template, "spec", *path), pairs)


def _everywhere(resource: Resource, name: str, pairs: Mapping[str, Value], *, templates: bool) -> None:
    """Labels or annotations of an object, and those of the pods that it makes."""
    _merge(resource, ("metadata", name), pairs, create=True)
    template = WORKLOADS.get(resource.type)
    if template and templates:
        _merge(resource, (*template, "metadata", name), pairs, create=True)
        if kind_of(resource.type) == "CronJob":
            _merge(resource, ("spec", "jobTemplate", "metadata", name), pairs, create=True)


def _merge(resource: Resource, path: Step, pairs: Mapping[str, Value], *, create: bool = False) -> None:
    """Adds fields to the object at a path, which is made where it is missing and `create` says so."""
    if create:
        resource.attributes = _with_empty(path[0])(resource.attributes)
        for length in range(1, len(path)):
            resource.attributes = amend(resource.attributes, path[:length], _with_empty(path[length]))
    resource.attributes = amend(resource.attributes, path, lambda value: _added(value, pairs))


def _with_empty(key: str) -> Callable[[Value], Value]:
    def change(value: Value) -> Value:
        raw = value.raw
        if not isinstance(raw, Mapping) or not field(value, key).is_absent:
            return value
        return replaced(value, {**raw, key: Value({}, value.location)})

    return change


def _added(value: Value, pairs: Mapping[str, Value]) -> Value:
    return replaced(value, {**value.raw, **pairs}) if isinstance(value.raw, Mapping) else value
