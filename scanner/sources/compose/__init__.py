"""Compose files: one resource for the whole file, and one for each service."""

from scanner.sources.compose.file import COMPOSE_FILE, COMPOSE_SERVICE, is_compose, read_compose

__all__ = ["COMPOSE_FILE", "COMPOSE_SERVICE", "is_compose", "read_compose"]
