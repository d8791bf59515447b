"""Writing snapshots."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from math import isfinite
from pathlib import Path
from typing import Any, Final

from scanner.model.inventory import Notification
from scanner.model.resource import Resource
from scanner.model.secrets import has_credentials
from scanner.model.value import ABSENT, MASK, Unknown, Value
from scanner.sources.snapshot.files import written
from scanner.sources.snapshot.header import Header

UNKNOWN: Final = "(unknown)"


def write_snapshot(path: Path, header: Header, items: Iterable[Resource | Notification]) -> int:
    """Stores what a source yields while it yields, and gives the number of resources.

    The file appears under its name when it is whole. Sensitive values, and texts with a password in a URL, are
    masked. Raises SourceError where the file cannot be written.
    """
    lines = resources = 0
    with written(path) as file:
        file.write(_line(header.as_data()))
        for item in items:
            lines += 1
            if isinstance(item, Resource):
                resources += 1
                file.write(_line(resource_data(item)))
            else:
                said = {"level": item.level.value, "what": item.what, "hides": list(item.hides)}
                file.write(_line({"notification": said}))
        file.write(_line({"end": lines}))
    return resources


def _line(data: object) -> bytes:
    return json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "backslashreplace") + b"\n"


def resource_data(resource: Resource) -> dict[str, object]:
    """A resource as it is stored."""
    data: dict[str, object] = {
        "type": resource.type,
        "address": resource.address,
        "root": resource.root,
        "origin": resource.origin.value,
        "identity": dict(resource.identity),
        "attributes": _stored(resource.attributes),
    }
    if resource.undecided is not None:
        data["undecided"] = _stored(resource.undecided)
    return data


def _stored(value: Value) -> Any:
    """A value as JSON data: masked where it is sensitive, with the reason where it is unknown."""
    raw = value.raw
    if value.sensitive:
        return MASK
    if isinstance(raw, Unknown):
        return {UNKNOWN: [raw.reason.value, str(raw.detail)]}
    if raw is None or raw is ABSENT or isinstance(raw, bool | int):
        return None if raw is ABSENT else raw
    if isinstance(raw, str):
        return MASK if has_credentials(raw) else raw
    if isinstance(raw, Decimal):
        return float(raw) if isfinite(raw) else str(raw)
    if isinstance(raw, Mapping):
        return {key: _stored(item) for key, item in raw.items() if item.raw is not ABSENT}
    assert isinstance(raw, Sequence)
    return [_stored(item) for item in raw if isinstance(item, Value)]
