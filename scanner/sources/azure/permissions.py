"""The permissions that reading needs, and the types that can be read."""

from __future__ import annotations

from collections.abc import Iterable
from fnmatch import fnmatchcase

from scanner.sources.azure.maps import all_reads, known_types, walk
from scanner.sources.azure.unread import ELSEWHERE, SPELLINGS

_ALWAYS = (
    "Microsoft.ResourceGraph/resources/read",
    "Microsoft.Resources/subscriptions/read",
    "Microsoft.Resources/subscriptions/resources/read",
)


def permissions(types: Iterable[str] | None = None) -> list[str]:
    """The actions with which these types (None: all) can be read; the built-in role Reader has all of them."""
    wanted = read_types(types)
    found = set(_ALWAYS)
    for read in all_reads():
        cut = read.wanted(wanted)
        if cut is not None:
            paths = [path for part in walk([cut]) for path in (part.path, *part.details.values())]
            found.update(f"{path.kind}/read" for path in paths)
    return sorted(found)


def read_types(types: Iterable[str] | None) -> frozenset[str]:
    """The types that are read for these, also given as patterns (`azurerm_*`); all that are known for None."""
    if types is None:
        return known_types()
    wanted = list(types)
    return frozenset(name for name in known_types() if any(fnmatchcase(name, item) for item in wanted))


def unread_types(types: Iterable[str] | None) -> dict[str, str]:
    """Those of the wanted types of Azure that no path delivers, with the reason; wanted may be anything (None)."""
    if types is None:
        return dict(ELSEWHERE)
    found = {}
    for name in sorted(set(types) - known_types() - SPELLINGS):
        if name.startswith(("azurerm_", "azuread_")) and "*" not in name:
            reasons = (why for like, why in ELSEWHERE.items() if fnmatchcase(name, like))
            found[name] = next(reasons, "no path is known for it")
    return found
