"""Dockerfiles: the instructions with their places, and what the stages of an image come to."""

from __future__ import annotations

from scanner.sources.dockerfile.read import TYPE, read_dockerfile

__all__ = ["TYPE", "read_dockerfile"]
