"""Kubernetes manifests as a source of resources."""

from scanner.sources.kubernetes.kinds import BUILT_IN_TYPES
from scanner.sources.kubernetes.kustomize import is_kustomization
from scanner.sources.kubernetes.objects import is_object
from scanner.sources.kubernetes.reader import read_kubernetes

__all__ = ["BUILT_IN_TYPES", "is_kustomization", "is_object", "read_kubernetes"]
