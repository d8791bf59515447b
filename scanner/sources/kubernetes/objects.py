"""Documents of manifests as resources: types, addresses, namespaces, and lists of objects taken apart."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from scanner.model.inventory import Inventory, Level, Notification
from scanner.model.kubernetes import DEFAULT_NAMESPACE, field, kind_of, scalar
from scanner.model.resource import Origin, Resource
from scanner.model.value import Value
from scanner.sources.kubernetes.kinds import BUILT_IN_TYPES, is_cluster_scoped

MAX_DEPTH: Final = 20
"""How deep lists of lists of objects are followed."""
_TYPE: Final = re.compile(r"(?:[a-z0-9.\-]+/)?v[a-z0-9]+/[A-Za-z][A-Za-z0-9]*")


def is_object(value: Value) -> bool:
    """Whether a document is a Kubernetes object: it names an API version and a kind."""
    return type_of(value) is not None


def type_of(value: Value) -> str | None:
    """The resource type of an object, `apps/v1/Deployment`; None for what is no object."""
    version, kind = field(value, "apiVersion").raw, field(value, "kind").raw
    if not isinstance(version, str) or not isinstance(kind, str):
        return None
    type_ = f"{version.strip()}/{kind.strip()}"
    return type_ if _TYPE.fullmatch(type_) and not _configures_a_tool(type_, value) else None


def _configures_a_tool(type_: str, value: Value) -> bool:
    """Whether something only looks like an object: kubeconfig, kustomization.yaml, the files of kubelet, kind, kubeadm.

    They are no objects of a cluster, so they have no metadata.
    """
    if type_ in BUILT_IN_TYPES or type_.endswith("List"):
        return False
    return type_.startswith("kustomize.config.k8s.io/") or field(value, "metadata").is_absent


def read_objects(documents: Iterable[Value]) -> Inventory:
    """The objects of some documents. An object without name is an error that may hide objects of its type."""
    inventory = Inventory()
    for document in documents:
        for type_, value in _single(document, None, 0):
            resource = _resource(type_, value)
            if isinstance(resource, Resource):
                inventory.resources.append(resource)
            else:
                inventory.notifications.append(resource)
    return inventory


def _single(value: Value, implied: str | None, depth: int) -> Iterator[tuple[str, Value]]:
    """The objects in a document: the members of a List; those of a `DeploymentList` may leave the kind out."""
    type_ = type_of(value) or implied
    if type_ is None:
        return
    listed = field(value, "items").raw
    is_list = type_.endswith("List") and isinstance(listed, Sequence) and not isinstance(listed, str)
    if not is_list or depth > MAX_DEPTH:
        yield type_, value
        return
    assert isinstance(listed, Sequence)
    members = None if type_.endswith("/List") else type_.removesuffix("List")
    for member in listed:
        if isinstance(member, Value):
            yield from _single(member, members, depth + 1)


def _resource(type_: str, value: Value) -> Resource | Notification:
    name = scalar(field(value, "metadata", "name"))
    if not name:
        prefix = scalar(field(value, "metadata", "generateName"))
        name = f"{prefix}*" if prefix else None
    if name is None:
        what = f"a {kind_of(type_)} without a name was not read"
        return Notification(Level.ERROR, what, value.location, (type_,))
    namespace = scalar(field(value, "metadata", "namespace"))
    return Resource(type_, address_of(type_, namespace, name), value, value.location, Origin.MANIFEST)


def address_of(type_: str, namespace: str | None, name: str) -> str:
    """The address of an object: `v1/Service/shop/web`, `v1/Namespace/shop`."""
    if is_cluster_scoped(type_):
        return f"{type_}/{name}"
    return f"{type_}/{namespace or DEFAULT_NAMESPACE}/{name}"


def with_fields(value: Value, changes: Mapping[str, Value]) -> Value:
    """An object with some fields replaced; the rest keeps its places."""
    raw = value.raw if isinstance(value.raw, Mapping) else {}
    changed = {**raw, **changes}
    return Value(changed, value.location, value.hops, value.refs, value.sensitive)
