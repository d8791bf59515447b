"""What kustomizations make of the manifests that they list, where these are read without kustomize.

Every kustomization that no other one builds on has its own copy of each object that it is built from. Namespaces,
images, replicas, labels and annotations are understood. What is changed otherwise (patches, names …) is undecided in
the copy: what is applied is not what is written.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from scanner.documents.document import DocumentError
from scanner.documents.yaml import read_yaml_documents
from scanner.model.inventory import Inventory, Level, Notification
from scanner.model.kubernetes import elements, field, kind_of, name_of, scalar
from scanner.model.resource import Resource
from scanner.model.value import Hop, Reason, Unknown, Value
from scanner.sources.kubernetes.amend import EACH, amend, replaced
from scanner.sources.kubernetes.kinds import EVERY_TYPE, is_cluster_scoped
from scanner.sources.kubernetes.kustomize import Kustomization, Kustomizations, below, is_remote
from scanner.sources.kubernetes.transforms import UNDERSTOOD, transform

Files = Mapping[str, Sequence[Value]]
_PATCHES = ("patches", "patchesStrategicMerge", "patchesJson6902")


def build(
    kustomizations: Kustomizations, written: Inventory, files: Files, rendered: Sequence[str]
) -> tuple[Inventory, dict[int, str]]:
    """The objects as kustomizations apply them, and by id the kustomization that each belongs to.

    `rendered` are the kustomizations that a program has built: their files count only where another one uses them too.
    """
    by_file: dict[str, list[Resource]] = {}
    for resource in written.resources:
        by_file.setdefault(resource.location.path if resource.location else "", []).append(resource)
    tops = [top for top in kustomizations.tops() if top.path not in rendered]
    used = {path for source in rendered for path in kustomizations.files_of(source.rpartition("/")[0])}
    copies: list[Resource] = []
    origins: dict[int, str] = {}
    said: dict[str, Kustomization] = {}
    touched: dict[str, set[str]] = {}
    for top in tops:
        chain = kustomizations.within(top)
        said.update((item.path, item) for item in chain)
        paths = kustomizations.files_of(top.directory)
        used.update(paths)
        members = {path: [replace(item) for item in by_file.get(path, ())] for path in paths}
        _apply(chain, kustomizations, members, files, touched)
        for copy in (each for path in paths for each in members[path]):
            copies.append(copy)
            origins[id(copy)] = top.path
    alone = [item for path, found in by_file.items() if path not in used for item in found]
    remarks = [
        note for item in said.values() for note in (*_remarks(item, touched), *_missing(item, kustomizations, files))
    ]
    return Inventory([*alone, *copies], [*written.notifications, *remarks]), origins


def _apply(
    chain: Sequence[Kustomization],
    kustomizations: Kustomizations,
    members: Mapping[str, list[Resource]],
    files: Files,
    touched: dict[str, set[str]],
) -> None:
    """Applies kustomizations, the innermost first, to the objects of their files; `touched` gets undecided types."""
    for found in chain:
        paths = kustomizations.files_of(found.directory)
        own = [resource for path in paths for resource in members.get(path, ())]
        for resource in own:
            reason = _reason(found, resource, files)
            if reason is not None:
                touched.setdefault(found.path, set()).add(resource.type)
            if reason is not None and resource.undecided is None:
                resource.undecided = Value(reason, resource.location or found.value.location)
            if found.transforms:
                transform(resource, found.get)
        if found.moves:
            _move(found, own)


def _reason(found: Kustomization, resource: Resource, files: Files) -> Unknown | None:
    """Why it is not known what a kustomization makes of an object."""
    keys = [key for key in found.changes if not (found.transforms and key in UNDERSTOOD)]
    touching = [key for key in keys if key not in _PATCHES or _patches(found, key, resource, files)]
    if not touching:
        return None
    hint = f"scan with --kustomize {found.directory or '.'}"
    return Unknown(Reason.UNSUPPORTED, f"{found.path} changes it ({', '.join(touching)}); {hint}")


def _patches(found: Kustomization, key: str, resource: Resource, files: Files) -> bool:
    """Whether a patch speaks of an object, or may."""
    for entry in elements(found.get(key)):
        target = field(entry, "target")
        if not target.is_absent:
            if _is_target(target, resource):
                return True
            continue
        text = scalar(entry) if key == "patchesStrategicMerge" else None
        for document in _documents(found, text, entry, files):
            same_kind = scalar(field(document, "kind")) in (kind_of(resource.type), None)
            if same_kind and scalar(field(document, "metadata", "name")) in (name_of(resource), None):
                return True
    return False


def _documents(found: Kustomization, text: str | None, entry: Value, files: Files) -> Sequence[Value]:
    """The documents of a patch, in a file or in the kustomization; one that says nothing where it is not read."""
    path = text if text and "\n" not in text else scalar(field(entry, "path"))
    inline = text if text and "\n" in text else scalar(field(entry, "patch"))
    if path:
        return files.get(below(found.directory, path), (Value(None),))
    try:
        return [document.value for document in read_yaml_documents(inline or "", found.path, yaml_11=True)]
    except DocumentError:
        return (Value(None),)


def _is_target(target: Value, resource: Resource) -> bool:
    """Whether the target of a patch chooses an object; labels and annotations may always do."""
    group, version = _group_and_version(resource.type)
    actual = {
        "kind": kind_of(resource.type),
        "group": group,
        "version": version,
        "name": name_of(resource) or "",
        "namespace": scalar(field(resource.attributes, "metadata", "namespace")) or "",
    }
    for key, value in actual.items():
        wanted = scalar(field(target, key))
        if wanted and value and not _matches(wanted, value):
            return False
    return True


def _matches(pattern: str, text: str) -> bool:
    """Whether a regular expression of a target fits a whole text; one that cannot be read may."""
    try:
        return re.fullmatch(pattern, text) is not None
    except re.error:
        return True


def _group_and_version(type_: str) -> tuple[str, str]:
    parts = type_.split("/")
    return (parts[0], parts[1]) if len(parts) == 3 else ("", parts[0])


def _remarks(found: Kustomization, touched: Mapping[str, set[str]]) -> Iterator[Notification]:
    """What is not known of a kustomization as a whole. Patches hide the types of the objects that they speak of."""
    hint = f"scan with --kustomize {found.directory or '.'}"
    changes = [key for key in found.changes if not (found.transforms and key in UNDERSTOOD)]
    for what, keys in (("changes what it lists", changes), ("makes further objects", found.adds())):
        if keys:
            place = found.get(keys[0]).location or found.value.location
            patched = tuple(sorted(touched.get(found.path, ()))) if set(keys) <= set(_PATCHES) else ()
            said = f"the kustomization {what} ({', '.join(keys)}): {hint}"
            yield Notification(Level.ERROR, said, place, patched or EVERY_TYPE)


def _missing(found: Kustomization, kustomizations: Kustomizations, files: Files) -> Iterator[Notification]:
    """What a kustomization builds on without that it was read: somewhere else, or outside of the scanned paths."""
    for path, value in found.listed():
        if not is_remote(path) and (path in files or kustomizations.describes(path)):
            continue
        why = "is not in the code" if is_remote(path) else "was not scanned"
        hint = f"scan with --kustomize {found.directory or '.'}"
        what = f"the kustomization builds on {path}, which {why}: {hint}"
        yield Notification(Level.ERROR, what, value.location, EVERY_TYPE)


def _move(found: Kustomization, members: Sequence[Resource]) -> None:
    """Puts objects into the namespace of a kustomization, and the service accounts of bindings with them."""
    written = found.get("namespace")
    namespace = Value(written.raw, written.location, (Hop("namespace", written.location),))
    accounts = {name_of(item) for item in members if item.type == "v1/ServiceAccount"}
    for resource in members:
        if not is_cluster_scoped(resource.type):
            resource.attributes = amend(resource.attributes, ("metadata",), lambda here: _with(here, namespace))
            name = resource.address.rpartition("/")[2]
            resource.address = f"{resource.type}/{scalar(namespace)}/{name}"
        if resource.type.startswith("rbac.authorization.k8s.io/"):
            path = ("subjects", EACH)
            resource.attributes = amend(resource.attributes, path, lambda here: _subject(here, namespace, accounts))


def _with(value: Value, namespace: Value) -> Value:
    raw = value.raw if isinstance(value.raw, Mapping) else {}
    same = field(value, "namespace").raw == namespace.raw
    return value if same else replaced(value, {**raw, "namespace": namespace})


def _subject(value: Value, namespace: Value, accounts: set[str | None]) -> Value:
    """A subject that is a service account of the same kustomization, or the default one, moves with it."""
    name = scalar(field(value, "name"))
    own = scalar(field(value, "kind")) == "ServiceAccount" and (name in accounts or name == "default")
    return _with(value, namespace) if own else value
