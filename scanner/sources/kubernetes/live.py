"""A running cluster: what its API lists, as the reader of manifests reads it.

Secrets are asked for without what they hold. Values that announce a secret (variables of containers, entries of
ConfigMaps) are masked. Copies are left out: managed fields, the manifest in an annotation, and the ReplicaSets and Jobs
that a controller makes from its own template.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any, Final

from scanner.model.inventory import Inventory, Level, Notification
from scanner.model.resource import Origin, Resource
from scanner.model.secrets import announces_secret, has_credentials
from scanner.model.value import MASK, Reason, Value, from_plain, unknown
from scanner.sources.kubernetes.kinds import BUILT_IN_TYPES, EVERY_TYPE
from scanner.sources.kubernetes.links import link
from scanner.sources.kubernetes.live_api import METADATA_ONLY, Api, Failure, Listed
from scanner.sources.kubernetes.objects import read_objects

LIVE_TYPES: Final = (*BUILT_IN_TYPES, "v1/Node", "v1/Endpoints", "discovery.k8s.io/v1/EndpointSlice")
_APPLIED: Final = "kubectl.kubernetes.io/last-applied-configuration"
_COPIES: Final = frozenset({"apps/v1/ReplicaSet", "batch/v1/Job"})
_SECRET: Final = "v1/Secret"
_HIDDEN: Final = ("data", "stringData", "type", "immutable")


@dataclass(frozen=True)
class KubernetesOptions:
    """How the source of a running cluster works.

    kubeconfig       the file; None: that of KUBECONFIG or ~/.kube/config, inside a cluster its own account
    context          the context in it; None: the current one
    types            the resource types to read (`apps/v1/Deployment`, also patterns); None: all that are known
    namespaces       the namespaces to read; none: all. What belongs to no namespace is read in any case
    workers          how many calls are under way at once
    timeout_seconds  how long one answer may take
    """

    kubeconfig: str | None = None
    context: str | None = None
    types: frozenset[str] | None = None
    namespaces: Sequence[str] = ()
    workers: int = 8
    timeout_seconds: float = 20


class KubernetesSource:
    """Reads the cluster of a context. Nothing is called before `collect` or `identity` is."""

    def __init__(self, options: KubernetesOptions) -> None:
        self._options = options

    def collect(self) -> Inventory:
        """Everything that could be read, with its links, ordered by type and address."""
        try:
            api = Api(self._options.kubeconfig, self._options.context, self._options.timeout_seconds)
        except Failure as failure:
            return Inventory(notifications=[Notification(Level.ERROR, failure.reason, None, EVERY_TYPE)])
        try:
            return self._collected(api)
        finally:
            api.close()

    def stream(self) -> Iterator[Resource | Notification]:
        """The same, one by one."""
        found = self.collect()
        yield from found.resources
        yield from found.notifications

    def identity(self) -> Mapping[str, str]:
        """Address and version of the server. Raises Failure."""
        api = Api(self._options.kubeconfig, self._options.context, self._options.timeout_seconds)
        try:
            return {"server": api.server, "version": str(api.get("/version").get("gitVersion", ""))}
        finally:
            api.close()

    def _collected(self, api: Api) -> Inventory:
        notifications: list[Notification] = []
        with ThreadPoolExecutor(self._options.workers, "kubernetes") as workers:
            listed = self._listed(api, workers, notifications)
            wanted = [(one, namespace) for one in listed for namespace in self._places(one)]
            parts = list(workers.map(lambda pair: _objects(api, *pair), wanted))
        found = live_objects([value for part, _ in parts for value in part], api.server)
        notifications += [said for _, said in parts if said is not None]
        found.notifications += sorted(notifications, key=lambda item: item.what)
        return found

    def _places(self, listed: Listed) -> Iterable[str | None]:
        return self._options.namespaces if listed.namespaced and self._options.namespaces else (None,)

    def _listed(self, api: Api, workers: ThreadPoolExecutor, said: list[Notification]) -> list[Listed]:
        """What to list: each kind in one of its wanted versions, the first that the server has."""
        types = wanted_types(self._options.types)
        versions = list(dict.fromkeys(type_.rpartition("/")[0] for type_ in types))
        found: dict[tuple[str, str], Listed] = {}
        for version, answer in zip(versions, workers.map(lambda name: _kinds(api, name), versions), strict=True):
            of_version = tuple(type_ for type_ in types if type_.rpartition("/")[0] == version)
            if isinstance(answer, Failure):
                said.append(_notification(f"get {version}", api, answer, "", of_version))
                continue
            for listed in answer:
                if listed.type in of_version:
                    found.setdefault((version.rpartition("/")[0], listed.kind), listed)
        return list(found.values())


def live_objects(objects: Iterable[Value], cluster: str) -> Inventory:
    """Objects of a cluster as resources of its own root, linked."""
    found = read_objects(objects)
    for resource in found.resources:
        resource.origin = Origin.KUBERNETES
        resource.root = cluster
    found.resources.sort(key=lambda item: (item.type, item.address))
    link(found.resources)
    return found


def safe(data: dict[str, Any], type_: str) -> Value | None:
    """An object without copies and secrets; None where all of it is a copy."""
    version, _, kind = type_.rpartition("/")
    metadata = {**data["metadata"]} if isinstance(data.get("metadata"), dict) else {}
    owners = [item for item in metadata.get("ownerReferences") or () if isinstance(item, dict)]
    if type_ in _COPIES and any(item.get("controller") for item in owners):
        return None
    metadata.pop("managedFields", None)
    if isinstance(metadata.get("annotations"), dict):
        metadata["annotations"] = {key: text for key, text in metadata["annotations"].items() if key != _APPLIED}
    if type_ == _SECRET:
        told = from_plain({"apiVersion": version, "kind": kind, "metadata": metadata})
        assert isinstance(told.raw, dict)
        hidden = {name: unknown(Reason.UNSUPPORTED, "what a Secret holds is not read") for name in _HIDDEN}
        return Value({**told.raw, **hidden})
    whole = {**data, "apiVersion": version, "kind": kind, "metadata": metadata}
    if type_ == "v1/ConfigMap" and isinstance(data.get("data"), dict):
        whole["data"] = {name: _masked(name, text) for name, text in data["data"].items()}
    return from_plain(_without_secrets(whole))


def _without_secrets(data: Any) -> Any:
    if isinstance(data, dict):
        same = {key: _without_secrets(item) for key, item in data.items()}
        if isinstance(same.get("name"), str) and isinstance(same.get("value"), str):
            same["value"] = _masked(same["name"], same["value"])
        return same
    return [_without_secrets(item) for item in data] if isinstance(data, list) else data


def _masked(name: str, text: Any) -> Any:
    if not isinstance(text, str) or not text:
        return text
    return MASK if announces_secret(name) or has_credentials(text) else text


def wanted_types(types: frozenset[str] | None) -> list[str]:
    """The types to read, newest versions first: the same objects are served under each version of their group."""
    if types is None:
        given = set(LIVE_TYPES)
    else:
        patterns = [type_ for type_ in types if "*" in type_]
        given = {type_ for type_ in types if "/" in type_ and "*" not in type_}
        given |= {type_ for type_ in LIVE_TYPES if any(fnmatchcase(type_, item) for item in patterns)}
    return sorted(given, key=lambda type_: (_age(type_.rpartition("/")[0].rpartition("/")[2]), type_))


def _age(version: str) -> tuple[int, int]:
    """Orders versions: v2 before v1 before v1beta1."""
    number = re.match(r"v(\d+)", version)
    return ("alpha" in version or "beta" in version, -int(number[1]) if number else 0)


def _kinds(api: Api, version: str) -> list[Listed] | Failure:
    try:
        return api.kinds(version)
    except Failure as failure:
        return failure


def _objects(api: Api, listed: Listed, namespace: str | None) -> tuple[list[Value], Notification | None]:
    values: list[Value] = []
    accept = METADATA_ONLY if listed.type == _SECRET else "application/json"
    try:
        for data in api.objects(listed, namespace, accept):
            value = safe(data, listed.type)
            if value is not None:
                values.append(value)
    except Failure as failure:
        where = f" in {namespace}" if namespace else ""
        return values, _notification(f"list {listed.type}{where}", api, failure, f"list {listed.right}", (listed.type,))
    return values, None


def _notification(what: str, api: Api, failure: Failure, right: str, hides: tuple[str, ...]) -> Notification:
    said = f"kubernetes {what} {api.server}: {failure.reason}"
    if failure.status == 403 and right:
        said += f" (missing permission {right})"
    return Notification(Level.ERROR, said, None, hides)
