"""All manifests of a scan together: objects, what kustomizations say about them, roots, and links."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from scanner.model.inventory import Inventory
from scanner.model.value import Value
from scanner.sources.kubernetes.kustomize import Kustomizations, is_kustomization
from scanner.sources.kubernetes.links import link
from scanner.sources.kubernetes.objects import read_objects
from scanner.sources.kubernetes.roots import assign_roots


def read_kubernetes(files: Mapping[str, Sequence[Value]]) -> Inventory:
    """The objects in files, by path; the paths of kustomization.yaml files among them.

    Everything that is scanned must be given at once: kustomizations speak of other files, and links cross them.
    """
    kustomizations = Kustomizations(
        {path: documents[0] for path, documents in files.items() if is_kustomization(path) and documents}
    )
    content = kustomizations.content()
    inventory = Inventory()
    for path, documents in files.items():
        if not is_kustomization(path) and path not in content:
            inventory.extend(read_objects(documents))
    kustomizations.apply(inventory)
    assign_roots(inventory.resources)
    link(inventory.resources)
    return inventory
