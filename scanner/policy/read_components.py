"""The components of a baseline, read from YAML and checked."""

from __future__ import annotations

import re
from collections.abc import Mapping

from scanner.model.location import Location
from scanner.policy.baseline import Alternative, Component
from scanner.policy.conditions import NOTHING, Condition
from scanner.policy.parse import Reader, Scope
from scanner.policy.read_policy import read_text
from scanner.policy.yaml_nodes import Node

_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*\Z")
_SPECIAL = ("attached_to", "refers_to", "where")


class ComponentReader:
    """Reads components; `types` collects the resource types of each, which conditions elsewhere refer to."""

    def __init__(self, reader: Reader, types: dict[str, tuple[str, ...]]) -> None:
        self.reader = reader
        self.types = types

    def read(self, node: Node | None) -> dict[str, Component]:
        """All components by name."""
        if node is None:
            return {}
        for name, item in node.mapping().items():
            if not _NAME.match(name):
                raise node.key_error(name, "must be lower-case words joined by hyphens")
            keys = item.mapping(["title", "type", "many", "where", "match"], ["title", "type"])
            self.types[name] = self.reader.types(keys["type"])
        components = {name: self._component(name, item, node) for name, item in node.mapping().items()}
        _check_cycles(components, node)
        return components

    def _component(self, name: str, node: Node, owner: Node) -> Component:
        items = node.mapping()
        types = self.types[name]
        line, column = owner.keys[name]
        return Component(
            name,
            read_text(items["title"]),
            types,
            items["many"].boolean() if "many" in items else False,
            self._where(items.get("where"), types),
            tuple(self._alternative(item, types) for item in items["match"].items()) if "match" in items else (),
            Location(node.file, line, column),
        )

    def _where(self, node: Node | None, types: tuple[str, ...]) -> Condition:
        """A condition; here an empty list means any resource."""
        return NOTHING if node is None or node.data == [] else self.reader.condition(node, types)

    def _alternative(self, node: Node, types: tuple[str, ...]) -> Alternative:
        items = node.mapping()
        if not items:
            raise node.error("must name at least one attribute", "where: [] stands for any resource of the type")
        patterns: dict[str, tuple[str, ...]] = {}
        for key, item in items.items():
            if key in _SPECIAL:
                continue
            line, column = node.keys[key]
            self.reader.path(Node(key, line, column, node.file, node.key), Scope(types, "", types))
            patterns[key] = tuple(self._pattern(part) for part in list_of(item))
        return Alternative(
            patterns,
            tuple(part.choice(self.types) for part in list_of(items.get("attached_to"))),
            tuple(part.choice(self.types) for part in list_of(items.get("refers_to"))),
            self._where(items["where"], types) if "where" in items else None,
        )

    def _pattern(self, node: Node) -> str:
        if isinstance(node.data, bool):
            return "true" if node.data else "false"
        text = str(node.data) if isinstance(node.data, int | float) else node.text()
        self.reader.references_to_names(node, text)
        if len(text) > 1 and text.startswith("/") and text.endswith("/"):
            try:
                re.compile(text[1:-1])
            except re.error as error:
                raise node.error(f"is no regular expression: {error}") from error
        return text


def list_of(node: Node | None) -> list[Node]:
    """The elements of a list; a single value stands for a list of one, nothing for an empty one."""
    if node is None:
        return []
    return node.items() if isinstance(node.data, list) else [node]


def _check_cycles(components: Mapping[str, Component], node: Node) -> None:
    """Components that are found through each other would never be found."""
    state: dict[str, bool] = {}

    def visit(name: str, trail: tuple[str, ...]) -> None:
        if name in trail:
            cycle = " → ".join([*trail[trail.index(name) :], name])
            raise node.key_error(name, f"is found through itself: {cycle}")
        if state.get(name):
            return
        for alternative in components[name].alternatives:
            for other in (*alternative.attached_to, *alternative.refers_to):
                visit(other, (*trail, name))
        state[name] = True

    for name in components:
        visit(name, ())
