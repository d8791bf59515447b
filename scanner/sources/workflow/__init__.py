"""GitHub Actions: workflows and composite actions."""

from __future__ import annotations

from scanner.sources.workflow.read import ACTION, WORKFLOW, kind_of, read_github

__all__ = ["ACTION", "WORKFLOW", "kind_of", "read_github"]
