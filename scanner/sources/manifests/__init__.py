"""Manifests: files that describe what runs (Kubernetes, ECS, Compose, images, workflows, monitoring)."""

from scanner.sources.manifests.source import STDIN, ManifestOptions, ManifestSource

__all__ = ["STDIN", "ManifestOptions", "ManifestSource"]
