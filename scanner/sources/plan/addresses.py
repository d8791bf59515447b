"""Addresses as terraform writes them: `module.a["x"].aws_s3_bucket.b[0]`."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final, TypeAlias

_SEGMENT: Final = re.compile(r'([^.\[\]]+)((?:\[(?:"(?:[^"\\]|\\.)*"|[^\]"]*)\])*)')
_KEY: Final = re.compile(r'\[(?:"(?:[^"\\]|\\.)*"|[^\]"]*)\]')

Segment: TypeAlias = tuple[str, str]
"""A name, and the instance key behind it with its brackets, or an empty text."""


@lru_cache(maxsize=65536)
def segments(address: str) -> tuple[Segment, ...]:
    """The parts of an address or reference; of several keys behind a name the first is the instance's."""
    found = []
    for name, keys in _SEGMENT.findall(address):
        key = _KEY.match(keys)
        found.append((name, key[0] if key else ""))
    return tuple(found)


@lru_cache(maxsize=65536)
def bare(address: str) -> str:
    """An address without instance keys."""
    return ".".join(name for name, _ in segments(address))


def fits(wanted: tuple[Segment, ...], address: str) -> bool:
    """Whether an address with all its keys is the one that is wanted, where a missing key stands for any."""
    found = segments(address)
    return len(found) == len(wanted) and all(
        name == other and (not key or key == given) for (name, key), (other, given) in zip(wanted, found, strict=True)
    )


def written(parts: tuple[Segment, ...]) -> str:
    """Segments as an address."""
    return ".".join(name + key for name, key in parts)


def module_path(address: str) -> tuple[Segment, ...]:
    """The modules in the address of a module: `module.a["x"].module.b` gives (a, ["x"]) and (b, )."""
    return segments(address)[1::2]


def inside(path: tuple[Segment, ...]) -> tuple[Segment, ...]:
    """A module path as the beginning of an address."""
    return tuple(part for segment in path for part in (("module", ""), segment))
