"""Manifests out of text."""

from __future__ import annotations

from textwrap import dedent

from scanner.documents.yaml import read_yaml_documents
from scanner.model.inventory import Inventory
from scanner.model.resource import Resource
from scanner.model.value import Value
from scanner.sources.kubernetes import read_kubernetes


def read(**files: str) -> Inventory:
    """The inventory of some files by path; `__` in a name stands for `/`, the suffix .yaml is added."""
    return read_files({f"{name.replace('__', '/')}.yaml": text for name, text in files.items()})


def read_files(files: dict[str, str]) -> Inventory:
    """The inventory of some files by path."""
    return read_kubernetes({path: documents(text, path) for path, text in files.items()})


def documents(text: str, path: str = "manifest.yaml") -> list[Value]:
    """The documents of a text."""
    return [found.value for found in read_yaml_documents(dedent(text), path, yaml_11=True)]


def at(inventory: Inventory, address: str, root: str = "") -> Resource:
    """The resource at an address, which must exist."""
    found = inventory.at(address, root)
    assert found is not None, (address, root, [(item.address, item.root) for item in inventory.resources])
    return found


def refs(resource: Resource, path: str) -> list[str]:
    """The addresses that the value at a path refers to; `?` before those that are not certain."""
    (found,) = resource.lookup(path)
    return [f"{'' if ref.certain else '?'}{ref.address}" for ref in found.value.refs]
