"""From the recorded short form of a provider schema to the model's Block (see tools/record_provider_schema.py)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from scanner.model.resource_type import Attribute, Block

_FLAGS = re.compile(r"(?P<letters>[a-z]*)(?:>(?P<since>\d+))?(?:<(?P<until>\d+))?")


def read_schema(data: Mapping[str, Any]) -> Block:
    """The schema of one type. Blocks that the type uses several times are built once."""
    return _Reader(data.get("s", ())).block(data)


class _Reader:
    def __init__(self, shared: list[dict[str, Any]]) -> None:
        self._shared = shared
        self._built: dict[int, Block] = {}

    def block(self, data: Mapping[str, Any]) -> Block:
        return Block(
            {name: read_attribute(text) for name, text in data.get("a", {}).items()},
            {name: self._nested(inner) for name, inner in data.get("b", {}).items()},
            data.get("n", "list"),
            data.get("min", 0),
            data.get("max", 0),
            data.get("until", 0),
        )

    def _nested(self, inner: int | Mapping[str, Any]) -> Block:
        if not isinstance(inner, int):
            return self.block(inner)
        if inner not in self._built:
            self._built[inner] = self.block(self._shared[inner])
        return self._built[inner]


@lru_cache(maxsize=4096)
def read_attribute(text: str) -> Attribute:
    """One attribute from `<flags> <type>`; equal texts give the same object, which saves most of the work.

    Flags are letters, then `>6` for an attribute that is new in provider 6 and `<6` for one that 6 no longer has.
    """
    written, _, type_ = text.partition(" ")
    match = _FLAGS.fullmatch(written)
    assert match, f"flags {written!r}"
    flags = match["letters"]
    return Attribute(
        type_,
        required="r" in flags,
        optional="o" in flags,
        computed="c" in flags,
        sensitive="s" in flags,
        deprecated="d" in flags,
        since=int(match["since"] or 0),
        until=int(match["until"] or 0),
    )


def with_changes(data: dict[str, Any], changes: Mapping[str, Any], major: int) -> dict[str, Any]:
    """A type's schema with what another major version adds or redefines, and with what `major` removes marked.

    `data` itself, shared blocks included, stays as it is.
    """
    return _changed(data, changes, major, data.get("s", ()))


def _changed(
    data: Mapping[str, Any], changes: Mapping[str, Any], major: int, shared: Sequence[Mapping[str, Any]]
) -> dict[str, Any]:
    out = dict(data)
    out["a"] = data.get("a", {}) | changes.get("a", {})
    out["b"] = dict(data.get("b", {}))
    for name, inner in changes.get("b", {}).items():
        known = out["b"].get(name, {})
        known = shared[known] if isinstance(known, int) else known
        out["b"][name] = _changed(known, inner, major, shared) | {
            key: inner[key] for key in ("n", "min", "max", "until") if key in inner
        }
    for name in changes.get("removed", ()):
        if name in out["a"]:
            flags, _, type_ = out["a"][name].partition(" ")
            out["a"][name] = f"{flags}<{major} {type_}"
        else:
            out["b"][name] = out["b"][name] | {"until": major}
    return out
