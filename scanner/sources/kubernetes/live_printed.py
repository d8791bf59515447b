"""What `kubectl get -o json` prints, read like the answers of a cluster.

Objects that were not asked for are not printed either, and neither are those of a kind of which there are none: a kind
that does not occur is not known, never missing.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, Final

from scanner.model.inventory import Inventory, Level, Notification
from scanner.sources.kubernetes.kinds import EVERY_TYPE
from scanner.sources.kubernetes.live import live_objects, safe, wanted_types

_SYSTEM: Final = "kube-system"
"""The namespace that every cluster has from its beginning to its end: its uid stands for the cluster."""


def printed_objects(text: str, types: frozenset[str] | None = None, cluster: str | None = None) -> Inventory:
    """The objects of one or several printed lists, of the cluster of this name (default: as `cluster_of` says).

    Of the wanted types (names or patterns), those that do not occur are said to be unread.
    """
    try:
        items = list(_items(text))
        kinds = {(_group(str(item["apiVersion"])), str(item["kind"])) for item in items}
        values = [safe(item, f"{item['apiVersion']}/{item['kind']}") for item in items]
    except (AttributeError, ValueError, TypeError, KeyError, RecursionError) as error:
        what = f"this is not what kubectl get -o json prints ({type(error).__name__})"
        return Inventory(notifications=[Notification(Level.ERROR, what, None, EVERY_TYPE)])
    found = live_objects([value for value in values if value is not None], cluster or _uid(items) or "")
    for type_ in wanted_types(types) if types is not None else ():
        version, _, kind = type_.rpartition("/")
        if (_group(version), kind) not in kinds:
            what = f"what kubectl printed has no {type_}: whether the cluster has any is not known"
            found.notifications.append(Notification(Level.ERROR, what, None, (type_,)))
    return found


def cluster_of(text: str) -> dict[str, str]:
    """Which cluster was printed: the uid of its namespace kube-system, where that is among the objects."""
    try:
        uid = _uid(list(_items(text)))
    except (AttributeError, ValueError, TypeError, RecursionError):
        uid = None
    return {"cluster": uid or "standard input"}


def _items(text: str) -> Iterator[dict[str, Any]]:
    """The objects of every JSON value in the text. Raises ValueError where there is none."""
    decoder, rest = json.JSONDecoder(), text.strip()
    if not rest:
        raise ValueError("nothing was printed")
    while rest:
        data, end = decoder.raw_decode(rest)
        yield from data.get("items", [data])
        rest = rest[end:].lstrip()


def _uid(items: list[dict[str, Any]]) -> str | None:
    """The uid of the namespace that stands for the cluster."""
    for item in items:
        metadata = item.get("metadata") if isinstance(item, dict) and item.get("kind") == "Namespace" else None
        if isinstance(metadata, dict) and metadata.get("name") == _SYSTEM:
            return str(metadata["uid"]) if metadata.get("uid") else None
    return None


def _group(version: str) -> str:
    return version.rpartition("/")[0]
