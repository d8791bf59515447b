"""Kubernetes manifests as a source of resources."""

from scanner.sources.kubernetes.kustomize import is_kustomization
from scanner.sources.kubernetes.objects import is_object
from scanner.sources.kubernetes.reader import read_kubernetes

__all__ = ["is_kustomization", "is_object", "read_kubernetes"]
