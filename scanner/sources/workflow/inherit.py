"""What a job takes over from its workflow, and a step from its job."""

from __future__ import annotations

from collections.abc import Mapping

from scanner.model.value import Hop, Value, fields_of


def merged(given: Value, own: Value | None) -> Value:
    """Variables of what is around and one's own; those of one's own win."""
    if not isinstance(given.raw, Mapping) or (own is not None and not isinstance(own.raw, Mapping)):
        return own or given
    taken = {name: inherited(value, f"env.{name}") for name, value in given.raw.items()}
    return Value({**taken, **fields_of(own)}, (own or given).location)


def inherited(value: Value, path: str) -> Value:
    """A value that is written further out, at `path`."""
    hop = Hop(path, value.location)
    return value if value.hops[:1] == (hop,) else value.with_(hops=(hop,))
