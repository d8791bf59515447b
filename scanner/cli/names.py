"""How NAME=VALUE arguments are read."""

from __future__ import annotations

from collections.abc import Sequence

from scanner.errors import UsageError
from scanner.model.value import Plain


def pairs(option: str, texts: Sequence[str]) -> dict[str, str]:
    """Reads NAME=VALUE arguments; the last one wins. Raises UsageError where the `=` or the name is missing."""
    found: dict[str, str] = {}
    for text in texts:
        name, equals, value = text.partition("=")
        if not equals or not name.strip():
            raise UsageError(f"{option} {text}: expected NAME=VALUE")
        found[name.strip()] = value
    return found


def typed(option: str, texts: Sequence[str]) -> dict[str, Plain]:
    """NAME=VALUE arguments whose values are YAML (`30`, `true`, `[10.0.0.0/8]`), as in asbuilt.yaml.

    Raises UsageError as `pairs` does, DefinitionError for a value that is no YAML.
    """
    from scanner.policy.yaml_nodes import read_yaml

    found = pairs(option, texts)
    return {name: read_yaml(text, f"{option} {name}").plain() if text.strip() else "" for name, text in found.items()}
