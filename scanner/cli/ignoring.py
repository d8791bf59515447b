"""`drift: {ignore: […]}` in asbuilt.yaml: the differences that a project accepts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from scanner.cli.waiving import day
from scanner.model.location import Location
from scanner.policy.yaml_nodes import Node

if TYPE_CHECKING:
    from scanner.drift.ignore import Ignored

_KEYS: Final = ("type", "address", "path", "reason", "owner", "until")


def ignored(node: Node) -> tuple[Ignored, ...]:
    """The entries. Raises DefinitionError with line and column where a reason, a day or what is meant is missing."""
    items = node.mapping(["ignore"])
    return tuple(_entry(item) for item in items["ignore"].items()) if "ignore" in items else ()


def _entry(node: Node) -> Ignored:
    from scanner.drift.ignore import Ignored

    items = node.mapping(_KEYS, ["reason", "until"])
    texts = {key: item.text() for key, item in items.items() if key != "until"}
    if not {"type", "address", "path"} & texts.keys():
        raise node.error("name what is accepted: type, address or path")
    return Ignored(until=day(items["until"]), location=Location(node.file, node.line, node.column), **texts)
