"""Which attributes of a type are not read from an account (unread.tsv, written by tools/aws_unread.py)."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Final

_NONE: Final[frozenset[str]] = frozenset()


def unread(type_: str, path: str = "") -> frozenset[str]:
    """The names that Terraform knows in a resource, or in its nested block at `path`, and that are not read."""
    return _table().get((type_, path), _NONE)


@cache
def _table() -> Mapping[tuple[str, str], frozenset[str]]:
    text = (files("scanner.sources.aws") / "unread.tsv").read_text("utf-8")
    rows = (line.split("\t") for line in text.splitlines())
    return {(type_, path): frozenset(names.split()) for type_, path, names in rows}
