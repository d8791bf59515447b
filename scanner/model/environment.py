"""The usual names of environments, and which of them a text or a path names."""

from __future__ import annotations

import re
from typing import Final

ENVIRONMENTS: Final = {
    "production": ("production", "prod", "prd", "live"),
    "staging": ("staging", "stage", "stg"),
    "development": ("development", "develop", "dev"),
    "test": ("test", "testing", "qa", "sandbox"),
}
"""The usual names of environments with their short forms."""

_BY_WORD = {word: name for name, words in ENVIRONMENTS.items() for word in words}
_WORD = re.compile(r"[a-z]+")


def environment_named(text: str) -> str | None:
    """The environment that a text names as a whole word (`prod-eu`), if any; the last word decides."""
    names = [_BY_WORD[word] for word in _WORD.findall(text.lower()) if word in _BY_WORD]
    return names[-1] if names else None


def environment_of_path(path: str) -> str | None:
    """The environment that the innermost directory of a path names, if any does."""
    for part in reversed(path.split("/")):
        name = environment_named(part)
        if name is not None:
            return name
    return None


def environment_root(path: str) -> str:
    """The leading part of a directory's path down to the innermost directory that names an environment, else ""."""
    parts = path.split("/")
    for count in range(len(parts), 0, -1):
        if environment_named(parts[count - 1]) is not None:
            return "/".join(parts[:count])
    return ""
