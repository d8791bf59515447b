"""`waivers:` in asbuilt.yaml."""

from __future__ import annotations

from datetime import date
from typing import Final

from scanner.model.location import Location
from scanner.model.waiver import Waiver, WaiverKind
from scanner.policy.yaml_nodes import Node

_KEYS: Final = ("id", "reason", "owner", "until", "resource", "component")
_REQUIRED: Final = ("id", "reason", "owner", "until")


def waivers(node: Node) -> tuple[Waiver, ...]:
    """The entries. Raises DefinitionError with line and column for what is missing or makes no sense."""
    return tuple(_waiver(item) for item in node.items())


def _waiver(node: Node) -> Waiver:
    items = node.mapping(_KEYS, _REQUIRED)
    texts = {key: items[key].text() if key in items else "" for key in _KEYS if key != "until"}
    return Waiver(
        rule=texts["id"],
        reason=texts["reason"],
        kind=WaiverKind.CONFIG,
        location=Location(node.file, node.line, node.column),
        owner=texts["owner"],
        until=day(items["until"]),
        resource=texts["resource"],
        component=texts["component"],
    )


def day(node: Node) -> date:
    """The day that is written. Raises DefinitionError where it is none."""
    try:
        return date.fromisoformat(str(node.plain()))
    except ValueError:
        raise node.error("must be a day: YYYY-MM-DD") from None
