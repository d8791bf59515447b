"""Kubernetes objects that Terraform manages, as native resources beside Terraform's own.

They have the address, root and places of the Terraform resource, so that references to one are references to the other.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from scanner.documents.document import DocumentError
from scanner.documents.yaml import read_yaml_documents
from scanner.model.inventory import Inventory, Level, Notification
from scanner.model.location import Location
from scanner.model.resource import Origin, Resource
from scanner.model.value import Raw, Unknown, Value
from scanner.sources.kubernetes.kinds import EVERY_TYPE
from scanner.sources.kubernetes.links import link
from scanner.sources.kubernetes.objects import type_of
from scanner.sources.kubernetes.terraform_names import LISTS, OBJECTS, RENAMED, native_name, native_type

_META: Final = frozenset({"depends_on", "lifecycle", "provider", "timeouts", "id", "wait_for_rollout",
                          "wait_for_completion", "wait_for_load_balancer", "wait_for_default_service_account",
                          "wait_until_bound"})  # fmt: skip
_TOP: Final = ""
_GAPS: Final = re.compile(r"\$\{[^}]*\}")
_MISSING: Final = "\ue000"
"""Stands for an unknown part of a text while it is parsed: a character of private use, which YAML takes as a letter."""


def read_terraform(terraform: Inventory) -> Inventory:
    """The native resources behind the Terraform resources of an inventory, and what is not known of them.

    The values of Helm releases are decoded in place: `values.controller.replicaCount` is then a path.
    """
    found = Inventory()
    for resource in terraform.resources:
        if resource.origin is not Origin.TERRAFORM:
            continue
        type_ = native_type(resource.type)
        if type_ is not None:
            found.resources.append(_native(type_, _converted(type_, resource.attributes), resource))
        elif resource.type in _WHOLE:
            _WHOLE[resource.type](resource, found)
    link(found.resources)
    return found


def _native(type_: str, attributes: Value, resource: Resource) -> Resource:
    place, root = resource.location, resource.root
    return Resource(type_, resource.address, attributes, place, Origin.TERRAFORM, root, resource.undecided)


def _converted(type_: str, value: Value) -> Value:
    """The native tree of a resource: what Terraform writes as top-level arguments are the fields of the object."""
    raw = value.raw if isinstance(value.raw, Mapping) else {}
    tree = _Tree(type_).fields(raw, _TOP)
    version, _, kind = type_.rpartition("/")
    return Value({"apiVersion": Value(version), "kind": Value(kind), **tree}, value.location, value.hops, value.refs)


@dataclass(frozen=True, slots=True)
class _Tree:
    type: str

    def fields(self, raw: Mapping[str, Value], parent: str) -> dict[str, Value]:
        """The native fields of a block that lies in `parent`."""
        found: dict[str, Value] = {}
        for name, value in raw.items():
            if parent != _TOP or name not in _META:
                key, converted = self._field(parent, name, value)
                found[key] = converted
        return found

    def _field(self, parent: str, name: str, value: Value) -> tuple[str, Value]:
        native = native_name(self.type, parent, name)
        repeated = (name in LISTS and (parent, name) not in OBJECTS) or RENAMED.get(
            (self.type, parent, name)
        ) == "metrics"
        blocks = _blocks(value)
        if blocks is None:
            # An unknown value may be a block made by a dynamic one; a list of texts or a map is an attribute.
            return (LISTS.get(name, native) if repeated and value.is_unknown else native), value
        elements = [self._element(block, name) for block in blocks]
        if repeated:
            return LISTS.get(name, native), _like(value, tuple(elements))
        return native, elements[0].with_(location=value.location)

    def _element(self, block: Value, name: str) -> Value:
        raw = block.raw
        return _like(block, self.fields(raw, name)) if isinstance(raw, Mapping) else block


def _blocks(value: Value) -> Sequence[Value] | None:
    """The blocks of a name, None for an attribute."""
    listed = _listed(value)
    return listed if listed and all(isinstance(element.raw, Mapping) for element in listed) else None


def _listed(value: Value) -> Sequence[Value]:
    raw = value.raw
    return raw if isinstance(raw, Sequence) and not isinstance(raw, str) else ()


def _like(value: Value, raw: Raw) -> Value:
    return Value(raw, value.location, value.hops, value.refs, value.sensitive)


def _manifest(resource: Resource, found: Inventory) -> None:
    """kubernetes_manifest: the object itself in an argument."""
    value = _argument(resource, "manifest")
    _add(resource, value, found)


def _yaml_body(resource: Resource, found: Inventory) -> None:
    """kubectl_manifest: the object as text."""
    value = _argument(resource, "yaml_body")
    _add(resource, _parsed(value) or value, found)


def _add(resource: Resource, value: Value, found: Inventory) -> None:
    type_ = type_of(value)
    if type_ is not None:
        found.resources.append(_native(type_, value, resource))
        return
    why = f": {value.raw.detail}" if isinstance(value.raw, Unknown) else ""
    what = f"what {resource.address} applies is not known{why}"
    found.notifications.append(Notification(Level.ERROR, what, value.location or resource.location, EVERY_TYPE))


def _argument(resource: Resource, name: str) -> Value:
    raw = resource.attributes.raw
    value = raw.get(name) if isinstance(raw, Mapping) else None
    return value if value is not None else Value(None, resource.location)


def _parsed(value: Value) -> Value | None:
    """The object behind a text in YAML; of a text that is known in part, everything but the unknown parts."""
    text = value.raw if isinstance(value.raw, str) else _GAPS.sub(_MISSING, value.shape or "")
    if not text.strip():
        return None
    try:
        documents = read_yaml_documents(text, "", yaml_11=True)
    except DocumentError:
        return None
    if len(documents) != 1:
        return None
    missing = value.raw if isinstance(value.raw, Unknown) else None
    return _placed(documents[0].value, value, missing, value.location)


def _placed(value: Value, text: Value, missing: Unknown | None, location: Location | None) -> Value:
    """A value out of a text, at the place of the text; what stands for an unknown part is unknown."""
    raw = value.raw
    if isinstance(raw, Mapping):
        raw = {key: _placed(item, text, missing, location) for key, item in raw.items()}
    elif isinstance(raw, Sequence) and not isinstance(raw, str):
        raw = tuple(_placed(item, text, missing, location) for item in raw)
    elif missing is not None and isinstance(raw, str) and _MISSING in raw:
        return Value(Unknown(missing.reason, missing.detail), location, text.hops, text.refs, text.sensitive)
    return Value(raw, location, text.hops, (), text.sensitive)


def _helm(resource: Resource, _found: Inventory) -> None:
    """helm_release: each of its `values` is a text in YAML."""
    raw, value = resource.attributes.raw, _argument(resource, "values")
    listed = _listed(value)
    if isinstance(raw, Mapping) and listed:
        values = Value(tuple(_decoded(element) for element in listed), value.location)
        resource.attributes = _like(resource.attributes, {**raw, "values": values})


def _decoded(value: Value) -> Value:
    if value.decoded is not None:
        return value
    structure = _parsed(value)
    if structure is None or not isinstance(structure.raw, Mapping):
        return value
    return Value(value.raw, value.location, value.hops, value.refs, value.sensitive, structure, value.shape)


_WHOLE: Final[Mapping[str, Callable[[Resource, Inventory], None]]] = {
    "kubernetes_manifest": _manifest,
    "kubectl_manifest": _yaml_body,
    "helm_release": _helm,
}
