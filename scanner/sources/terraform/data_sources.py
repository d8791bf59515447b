"""Data sources that are pure functions of their arguments."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from scanner.model.value import Value
from scanner.sources.terraform.scope import OpenObject

COMPUTED: Final[Mapping[tuple[str, str], Callable[[OpenObject], Value]]] = {}
