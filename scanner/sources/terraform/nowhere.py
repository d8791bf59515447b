"""A scope without names, for variable files and literals."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from scanner.model.value import Reason, Unknown, Value
from scanner.sources.terraform.scope import MAX_ITEMS, EvaluationError, Scope


class _NoModule:
    """A module in which every name is an error."""

    root = Path()
    directory = Path()

    def variable(self, name: str) -> Value:
        """No variables."""
        return _refused(f"var.{name}")

    def local(self, name: str) -> Value:
        """No local values."""
        return _refused(f"local.{name}")

    def child(self, name: str) -> Value:
        """No modules."""
        return _refused(f"module.{name}")

    def resource(self, type_: str, name: str) -> Value:
        """No resources."""
        return _refused(f"{type_}.{name}")

    def setting(self, root: str, name: str) -> Value:
        """No settings."""
        return _refused(f"{root}.{name}")

    def expand_template(self, text: str, variables: Mapping[str, Value], name: str) -> Value:  # noqa: ARG002
        """No templates."""
        raise EvaluationError(f"{name} cannot be used here")

    def spend(self, iterations: int) -> None:
        """Nothing to count."""
        if iterations > MAX_ITEMS:
            raise EvaluationError(f"more than {MAX_ITEMS} elements")


def _refused(name: str) -> Value:
    return Value(Unknown(Reason.ERROR, f"{name} cannot be used here"))


NOWHERE: Final = Scope(_NoModule())
