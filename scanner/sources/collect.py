"""All code below some paths as one inventory: Terraform modules and manifests together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from scanner.model.inventory import Inventory
from scanner.model.resource import Resource
from scanner.model.resource_type import Facts
from scanner.sources.manifests import STDIN, ManifestOptions, ManifestSource
from scanner.sources.terraform import TerraformOptions, TerraformSource
from scanner.sources.text_files import read_files

_TERRAFORM: Final = (
    ".tf", ".tofu", ".tf.json", ".tofu.json", ".tfvars", ".tfvars.json", ".terraform.lock.hcl"
)  # fmt: skip
_IN_CLUSTERS: Final = ("kubernetes_", "kubectl_", "helm_")


def collect_code(
    paths: Sequence[Path],
    base: Path,
    terraform: Sequence[TerraformOptions] = (TerraformOptions(),),
    manifests: ManifestOptions | None = None,
    *,
    files: bool = False,
    facts: Facts | None = None,
) -> Inventory:
    """Everything below `paths`; locations are relative to `base`.

    A file that is named itself stands for its module where it is Terraform's code, else for itself alone; only so
    Terraform's plans and states are read, for which `facts` tell blocks from attributes. Root modules that are chosen
    (`terraform`) choose manifests too, where manifests lie below them. `files` asks for resources of type `file` too:
    every file there is.

    Raises SourceError for plans and states that terraform alone can read.
    """
    inventory = Inventory()
    given = manifests.standard_input if manifests else None
    if given is not None or any(not path.is_dir() and not path.name.endswith(_TERRAFORM) for path in paths):
        from scanner.sources.planned import ALONE, read_documents, split

        documents, paths = split(paths, base, given)
        inventory.extend(read_documents(documents, facts))
        if manifests is not None and any(document.name == STDIN for document, _ in documents):
            manifests = replace(manifests, standard_input=None)
        if documents and not paths and manifests in (None, ManifestOptions()):
            inventory.notifications.append(ALONE)
            return inventory
    modules = [path for path in paths if path.is_dir() or path.name.endswith(_TERRAFORM)]
    for options in terraform:
        if modules or options.root is not None:
            inventory.extend(_with_objects(TerraformSource(modules, options, base).collect()))
    others = [path for path in paths if path.is_dir() or not path.name.endswith(_TERRAFORM)]
    found = ManifestSource(others, base, manifests).collect()
    roots = [options.root for options in terraform if options.root is not None]
    said = {(item.what, item.location) for item in inventory.notifications}
    found.notifications = [item for item in found.notifications if (item.what, item.location) not in said]
    found.resources = _chosen(found.resources, [_relative(root, base) for root in roots])
    inventory.extend(found)
    if files:
        inventory.resources += read_files(paths, base)
    return inventory


def _with_objects(terraform: Inventory) -> Inventory:
    """Terraform's resources, and beside them the Kubernetes objects that they manage."""
    if any(resource.type.startswith(_IN_CLUSTERS) for resource in terraform.resources):
        from scanner.sources.kubernetes.terraform import read_terraform

        terraform.extend(read_terraform(terraform))
    return terraform


def _chosen(resources: list[Resource], roots: Sequence[str]) -> list[Resource]:
    """The manifests below the roots, or all where none lies below one: then the roots speak of Terraform alone."""
    below = {id(item) for item in resources if any(_lies_in(item, root) for root in roots)}
    return [item for item in resources if not below or id(item) in below or _path(item) == STDIN]


def _lies_in(resource: Resource, root: str) -> bool:
    return root == "." or _path(resource).startswith(f"{root}/")


def _path(resource: Resource) -> str:
    return resource.location.path if resource.location else ""


def _relative(root: str, base: Path) -> str:
    """A root as locations name it: given relative to the scanned directory, or to the working directory."""
    for candidate in (base / root, Path(root)):
        directory = candidate.resolve()
        if directory.is_dir() and directory.is_relative_to(base):
            return directory.relative_to(base).as_posix()
    return root
