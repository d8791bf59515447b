"""The first line of a snapshot."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

VERSION: Final = 1
KEY: Final = "asbuilt_snapshot"


@dataclass(frozen=True, slots=True)
class Header:
    """How a snapshot was made.

    taken      when, ISO 8601 in UTC
    source     `aws`, `azure` or `kubernetes`
    identity   who read: account, ARN or what the source calls them; no secrets
    regions    those that were asked for, none: all
    types      the resource types that were asked for; None: all that the source knows
    """

    taken: str
    source: str
    identity: Mapping[str, str] = field(default_factory=dict)
    regions: tuple[str, ...] = ()
    types: frozenset[str] | None = None

    def as_data(self) -> dict[str, object]:
        """The header as it is stored."""
        return {
            KEY: VERSION,
            "taken": self.taken,
            "source": self.source,
            "identity": dict(self.identity),
            "regions": list(self.regions),
            "types": None if self.types is None else sorted(self.types),
        }

    @classmethod
    def from_data(cls, data: Any) -> Header:
        """The stored header. Raises ValueError with what is wrong with it."""
        if not isinstance(data, dict) or KEY not in data:
            raise ValueError("it does not begin with the header of a snapshot")
        if data[KEY] != VERSION:
            raise ValueError(f"it has version {data[KEY]!r}, this asbuilt reads version {VERSION}")
        identity, regions, types = data.get("identity", {}), data.get("regions", []), data.get("types")
        texts = isinstance(data.get("taken"), str) and isinstance(data.get("source"), str)
        if not texts or not is_texts(identity) or not is_list(regions) or not (types is None or is_list(types)):
            raise ValueError("its header is malformed")
        return cls(data["taken"], data["source"], identity, tuple(regions), None if types is None else frozenset(types))


def is_texts(data: object) -> bool:
    """Whether JSON data is an object of texts."""
    return isinstance(data, dict) and all(isinstance(value, str) for value in data.values())


def is_list(data: object) -> bool:
    """Whether JSON data is a list of texts."""
    return isinstance(data, list) and all(isinstance(item, str) for item in data)
