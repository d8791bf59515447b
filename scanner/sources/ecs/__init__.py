"""ECS task definitions and services as JSON or YAML."""

from __future__ import annotations

from scanner.sources.ecs.read import SERVICE, TASK, is_ecs, read_ecs

__all__ = ["SERVICE", "TASK", "is_ecs", "read_ecs"]
