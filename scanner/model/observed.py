"""Attributes as an account tells them: what was read is known or absent, what was not read is unknown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final, TypeVar, overload

from scanner.model.value import Reason, Value, unknown
from scanner.model.words import Words

_Default = TypeVar("_Default")
_ONLY_IN_CODE: Final = frozenset({"lifecycle", "depends_on", "count", "for_each", "timeouts"})


class Observed(Mapping[str, Value]):
    """An object of a live resource: what its source read, and the names of what exists but was not read.

    A name that was not read is unknown when it is asked for, never absent: the account may well have a value there.
    Iteration gives only what was read, so an object can be stored without the rest, and is whole again with the names.
    """

    __slots__ = ("_known", "_unread")

    def __init__(self, known: Mapping[str, Value], unread: frozenset[str] = frozenset()) -> None:
        self._known = known
        self._unread = unread

    @property
    def unread(self) -> frozenset[str]:
        """The names of what exists but was not read."""
        return self._unread

    def __getitem__(self, name: str) -> Value:
        found = self.get(name)
        if found is None:
            raise KeyError(name)
        return found

    @overload
    def get(self, name: str, /) -> Value | None: ...
    @overload
    def get(self, name: str, /, default: _Default) -> Value | _Default: ...
    def get(self, name: str, /, default: object = None) -> object:
        """The value of a name, unknown where it was not read; the default where there is no such name."""
        found = self._known.get(name)
        if found is not None:
            return found
        if name in _ONLY_IN_CODE:
            return unknown(Reason.UNSUPPORTED, Words(f"only code shows {name}", f"{name} 값은 코드에만 있음"))
        if name in self._unread:
            return unknown(
                Reason.UNSUPPORTED, Words(f"{name} is not read from the account", f"{name} 값은 계정에서 읽지 않음")
            )
        return default

    def __iter__(self) -> Iterator[str]:
        return iter(self._known)

    def __len__(self) -> int:
        return len(self._known)

    def __contains__(self, name: object) -> bool:
        return name in self._known

    def __repr__(self) -> str:
        return f"Observed({self._known!r})"
