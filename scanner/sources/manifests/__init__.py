"""Manifests: files that describe what runs (Kubernetes, ECS, Compose, images, workflows, monitoring)."""

from scanner.sources.manifests.source import ManifestOptions, ManifestSource

__all__ = ["ManifestOptions", "ManifestSource"]
