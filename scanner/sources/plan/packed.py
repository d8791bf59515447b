"""Resources of plans and states as they are kept: compressed, made into values when a rule looks at them.

So a plan or state may be far larger than what its values would take in memory.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Hashable, Iterator, Mapping
from functools import lru_cache
from typing import Any, Final, Protocol, TypeVar

from scanner.model.observed import Observed
from scanner.model.value import Value

_KEPT: Final = 4096
_RAW: Final = -15
_LEVEL: Final = 1
_WINDOW: Final = 32_000
_Default = TypeVar("_Default")


class Packed:
    """Data of one resource, compressed against that of another resource of the type."""

    __slots__ = ("_bytes", "_like")

    def __init__(self, data: Any, like: dict[str, bytes], type_: str) -> None:
        text = json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")
        self._like = like.setdefault(type_, text[:_WINDOW])
        packer = zlib.compressobj(_LEVEL, wbits=_RAW, zdict=self._like)
        self._bytes = packer.compress(text) + packer.flush()

    def data(self) -> Any:
        """The data."""
        text = zlib.decompressobj(_RAW, self._like).decompress(self._bytes)
        return json.loads(text.decode("utf-8", "surrogatepass"))


class Maker(Hashable, Protocol):
    """Makes the values of a resource; each has one of its own, so that it can be forgotten again."""

    def make(self) -> Mapping[str, Value]:
        """The attributes."""


class Attributes(Mapping[str, Value]):
    """The attributes of a resource, made when they are looked at. What only code shows is unknown, not absent."""

    __slots__ = ("_maker",)

    def __init__(self, maker: Maker) -> None:
        self._maker = maker

    def __getitem__(self, name: str) -> Value:
        return _content(self._maker)[name]

    def get(self, name: str, default: Any = None) -> Any:
        """The value of a name, the default where nothing is written."""
        return _content(self._maker).get(name, default)

    def __iter__(self) -> Iterator[str]:
        return iter(_content(self._maker))

    def __len__(self) -> int:
        return len(_content(self._maker))

    def __contains__(self, name: object) -> bool:
        return name in _content(self._maker)


@lru_cache(maxsize=_KEPT)
def _content(maker: Maker) -> Observed:
    return Observed(maker.make())
