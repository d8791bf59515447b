"""Which attributes of a type are not read from an account (unread.tsv, written by tools/aws_unread.py)."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Final

from scanner.model.observed import Observed
from scanner.model.value import Value

_NONE: Final[frozenset[str]] = frozenset()


def unread(type_: str, path: str = "") -> frozenset[str]:
    """The names that Terraform knows in a resource, or in its nested block at `path`, and that are not read."""
    return _table().get((type_, path), _NONE)


def restored(type_: str, attributes: Value, path: str = "") -> Value:
    """Attributes that were stored as plain objects, with what was not read unknown again."""
    raw = attributes.raw
    if isinstance(raw, list | tuple):
        items = tuple(restored(type_, item, path) for item in raw)
        return Value(items, attributes.location, attributes.hops, attributes.refs, attributes.sensitive)
    if not isinstance(raw, Mapping):
        return attributes
    inner = {name: f"{path}.{name}" if path else name for name in raw}
    known = {
        name: restored(type_, item, inner[name]) if inner[name] in _blocks(type_) else item
        for name, item in raw.items()
    }
    if path and not unread(type_, path):
        return Value(known, attributes.location)
    return Value(Observed(known, unread(type_, path)), attributes.location)


@cache
def _table() -> Mapping[tuple[str, str], frozenset[str]]:
    text = (files("scanner.sources.aws") / "unread.tsv").read_text("utf-8")
    rows = (line.split("\t") for line in text.splitlines())
    return {(type_, path): frozenset(names.split()) for type_, path, names in rows}


@cache
def _blocks(type_: str) -> frozenset[str]:
    """The nested blocks of a type with something that is not read in them, and the blocks around those."""
    paths = [path for name, path in _table() if name == type_ and path]
    return frozenset(".".join(path.split(".")[:depth]) for path in paths for depth in range(1, path.count(".") + 2))
