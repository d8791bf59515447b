"""All manifests of a scan together: objects, what kustomizations say about them, roots, and links."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from posixpath import dirname

from scanner.model.inventory import Inventory
from scanner.model.value import Value
from scanner.sources.kubernetes.kustomize import Kustomizations, is_kustomization
from scanner.sources.kubernetes.links import link
from scanner.sources.kubernetes.objects import read_objects
from scanner.sources.kubernetes.overlays import build
from scanner.sources.kubernetes.rendered import placed, source_of
from scanner.sources.kubernetes.roots import assign_roots


def read_kubernetes(files: Mapping[str, Sequence[Value]]) -> Inventory:
    """The objects in files, by path; kustomization.yaml files among them, and texts that were rendered (see render).

    Everything that is scanned must be given at once: kustomizations speak of other files, and links cross them.
    What a kustomization is built from counts where it is built.
    """
    kustomizations = Kustomizations(
        {path: documents[0] for path, documents in files.items() if is_kustomization(path) and documents}
    )
    sources = {source: documents for path, documents in files.items() if (source := source_of(path)) is not None}
    ignored = kustomizations.content()
    written = Inventory()
    for path, documents in files.items():
        if not is_kustomization(path) and path not in ignored and source_of(path) is None:
            written.extend(read_objects(documents))
    built = [source for source in sources if is_kustomization(source)]
    inventory, origins = build(kustomizations, written, files, built)
    for source, documents in sources.items():
        parts = kustomizations.files_of(dirname(source)) if source in built else ()
        found = read_objects(placed(documents, source, [each for path in parts for each in files.get(path, ())]))
        origins.update((id(resource), source) for resource in found.resources)
        inventory.extend(found)
    assign_roots(inventory.resources, origins)
    link(inventory.resources)
    return inventory
