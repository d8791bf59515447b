"""Words for errors: the nearest name, and what a piece of data is called."""

from __future__ import annotations

from collections.abc import Iterable, Mapping


def nearest(name: str, known: Iterable[str]) -> str:
    """What to suggest instead of an unknown name: the closest one, or all of them where there are few."""
    from difflib import get_close_matches

    names = sorted(set(known))
    close = get_close_matches(name, names, n=1, cutoff=0.6)
    if close:
        return f"did you mean {close[0]}?"
    if not names:
        return "none is defined"
    shown = ", ".join(names[:25])
    return f"known: {shown}" + (" …" if len(names) > 25 else "")


def kind(data: object) -> str:
    """What people call this sort of YAML value."""
    if data is None:
        return "empty"
    if isinstance(data, bool):
        return "a boolean"
    if isinstance(data, int | float):
        return "a number"
    if isinstance(data, str):
        return "text"
    return "a mapping" if isinstance(data, Mapping) else "a list"
