"""Whether two normal forms are the same: yes, no, or not known."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from scanner.drift.normal import Bag, Normal, Undecided, is_empty, network
from scanner.drift.resolve import Names

_ARN: Final = re.compile(r"arn:[\w-]+:[\w-]+:[^:]*:[^:]*:(?:.*[/:])?([^/:]+)\Z")
_RANGE: Final = re.compile(r"[0-9a-fA-F.:]+/\d+\Z")
_SERVER_DEFAULTS: Final = {"cpu": "0", "essential": "true", "hostPort": None, "protocol": "tcp"}
"""What a container of a task definition has where nothing is written. Amazon ECS, RegisterTaskDefinition."""


@dataclass(frozen=True, slots=True)
class Equality:
    """Compares by what texts name, with the treatments of one attribute (noise.tsv)."""

    names: Names
    how: frozenset[str] = frozenset()

    def same(self, code: Normal, live: Normal) -> bool | None:
        """True, False, or None where an unknown part decides."""
        if isinstance(code, Undecided) or isinstance(live, Undecided):
            return None
        if isinstance(code, str) and isinstance(live, str):
            return self._texts(code, live)
        if isinstance(code, Bag | tuple) and isinstance(live, Bag | tuple):
            return self._lists(code, live)
        if isinstance(code, dict) and isinstance(live, dict):
            return self._objects(code, live)
        if is_empty(code) and is_empty(live):
            return True
        if isinstance(code, Bag | tuple) ^ isinstance(live, Bag | tuple):
            return self._alone(code, live)
        return code == live

    def _alone(self, code: Normal, live: Normal) -> bool | None:
        """A single value is a list of one."""
        one, other = _items(code), _items(live)
        return self.same(one[0], other[0]) if len(one) == len(other) == 1 else False

    def _texts(self, code: str, live: str) -> bool:
        if code == live or self.names.same(code, live):
            return True
        if "prefix" in self.how and live.startswith(f"{code}."):
            return True
        if _RANGE.match(code) and _RANGE.match(live):
            return network(code) == network(live)
        match = _ARN.match(live) or _ARN.match(code)
        short = code if _ARN.match(live) else live
        return match is not None and ":" not in short and match[1] == short.rpartition("/")[2]

    def _objects(self, code: dict[str, Normal], live: dict[str, Normal]) -> bool | None:
        return _all([self._field(key, code.get(key), live.get(key)) for key in code.keys() | live.keys()])

    def _field(self, key: str, code: Normal, live: Normal) -> bool | None:
        if "containers" in self.how and key in _SERVER_DEFAULTS:
            code = _SERVER_DEFAULTS[key] if code is None else code
            live = _SERVER_DEFAULTS[key] if live is None else live
            if key == "hostPort" and (code is None or live is None):
                return True
        return self.same(code, live)

    def _lists(self, code: Bag | tuple[Normal, ...], live: Bag | tuple[Normal, ...]) -> bool | None:
        ones, others = _items(code), _items(live)
        if isinstance(code, Bag) or isinstance(live, Bag):
            only_code, only_live = self.leftovers(ones, others)
            return self._fits(only_code, only_live)
        if len(ones) != len(others):
            return False
        return _all([self.same(one, other) for one, other in zip(ones, others, strict=True)])

    def leftovers(self, code: Sequence[Normal], live: Sequence[Normal]) -> tuple[list[Normal], list[Normal]]:
        """What has certainly no twin on the other side, or perhaps one."""
        rest = list(live)
        only_code: list[Normal] = []
        for item in code:
            twin = next((at for at, other in enumerate(rest) if self.same(item, other) is True), None)
            if twin is None:
                only_code.append(item)
            else:
                del rest[twin]
        return only_code, rest

    def _fits(self, code: Sequence[Normal], live: Sequence[Normal]) -> bool | None:
        if not code and not live:
            return True
        if any(isinstance(item, Undecided) for item in code):
            return None
        if len(code) != len(live):
            return False
        maybe = all(any(self.same(one, other) is None for other in live) for one in code)
        maybe = maybe and all(any(self.same(one, other) is None for one in code) for other in live)
        return None if maybe else False


def _items(value: Normal) -> tuple[Normal, ...]:
    if isinstance(value, Bag):
        return value.items
    return value if isinstance(value, tuple) else (value,)


def _all(results: Sequence[bool | None]) -> bool | None:
    if False in results:
        return False
    return None if None in results else True
