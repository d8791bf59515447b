"""Strict YAML with the place of every key and value.

Only what means the same to everybody is accepted: no duplicate keys, no `on`/`yes` booleans, no octal or sexagesimal
numbers, no merge keys. The structure comes from scanner.documents; PyYAML is imported when a file is read, not before.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cache, lru_cache
from itertools import islice
from typing import Any, TypeAlias

from scanner.documents.document import DocumentError, Limits, Places
from scanner.documents.yaml_nodes import YamlNode, compose
from scanner.errors import DefinitionError
from scanner.policy.wording import kind as kind
from scanner.policy.wording import nearest as nearest

Scalar: TypeAlias = "str | int | float | bool | None"
PlainData: TypeAlias = "Scalar | list[PlainData] | dict[str, PlainData]"

MAX_CHARACTERS = 4_000_000
MAX_NODES = 400_000
_MAX_DEPTH = 60
_INTEGER = re.compile(r"[-+]?(0|[1-9][0-9]*)\Z")
_NUMBER = re.compile(r"[-+]?(0|[1-9][0-9]*)\.[0-9]+\Z")
_TAG = "tag:yaml.org,2002:"


@dataclass(slots=True)
class Node:
    """A YAML value: `data` is a scalar, a list of nodes or a dict of nodes; line and column are 1-based.

    `keys` has the place of every key of a dict, `file` is how errors name the file, `key` leads here from the top.
    """

    data: Scalar | list[Node] | dict[str, Node]
    line: int
    column: int
    file: str
    key: str = ""
    keys: dict[str, tuple[int, int]] = field(default_factory=dict)

    def error(self, message: str, hint: str | None = None) -> DefinitionError:
        """An error at this value; the key that leads here is named in it."""
        text = f"{self.key}: {message}" if self.key else message
        return DefinitionError(text, path=self.file, line=self.line, column=self.column, hint=hint)

    def key_error(self, key: str, message: str, hint: str | None = None) -> DefinitionError:
        """An error at a key of this dict."""
        line, column = self.keys.get(key, (self.line, self.column))
        name = f"{self.key}.{key}" if self.key else key
        return DefinitionError(f"{name}: {message}", path=self.file, line=line, column=column, hint=hint)

    def plain(self) -> PlainData:
        """The data alone."""
        if isinstance(self.data, dict):
            return {key: node.plain() for key, node in self.data.items()}
        if isinstance(self.data, list):
            return [node.plain() for node in self.data]
        return self.data

    def mapping(self, allowed: Iterable[str] | None = None, required: Iterable[str] = ()) -> dict[str, Node]:
        """The items of a dict. Raises DefinitionError where it is none, has a key not `allowed` or lacks one."""
        if not isinstance(self.data, dict):
            raise self.error(f"must be a mapping, not {kind(self.data)}")
        if allowed is not None:
            known = list(allowed)
            for key in self.data:
                if key not in known:
                    raise self.key_error(key, "unknown key", nearest(key, known))
        for key in required:
            if key not in self.data:
                raise self.error(f"{key} is missing")
        return self.data

    def items(self) -> list[Node]:
        """The elements of a list."""
        if not isinstance(self.data, list):
            raise self.error(f"must be a list, not {kind(self.data)}")
        return self.data

    def text(self) -> str:
        """A string that is not empty."""
        if not isinstance(self.data, str):
            hint = "put it in quotes" if isinstance(self.data, int | float) else None
            raise self.error(f"must be text, not {kind(self.data)}", hint)
        if not self.data.strip():
            raise self.error("must not be empty")
        return self.data

    def boolean(self) -> bool:
        """true or false."""
        if not isinstance(self.data, bool):
            raise self.error(f"must be true or false, not {kind(self.data)}")
        return self.data

    def choice(self, allowed: Iterable[str]) -> str:
        """One of a fixed set of words."""
        known = list(allowed)
        text = self.text()
        if text not in known:
            raise self.error(f"{text!r} is not known", nearest(text, known))
        return text

    def texts(self) -> list[str]:
        """A list of strings; a single string stands for a list of one."""
        if isinstance(self.data, list):
            return [node.text() for node in self.data]
        return [self.text()]


def read_yaml(text: str, file: str) -> Node:
    """The one document in `text`. Raises DefinitionError with file, line and column for anything unclear."""
    if len(text) > MAX_CHARACTERS:
        raise DefinitionError(f"the file is larger than {MAX_CHARACTERS} characters", path=file, line=1, column=1)
    text = text.removeprefix("\ufeff")
    found: list[YamlNode] = []
    for item in islice(compose(text, file, Limits(MAX_CHARACTERS, _MAX_DEPTH, MAX_NODES)), 2):
        if isinstance(item, DocumentError):
            place = item.location
            raise DefinitionError(item.message, path=file, line=place.line, column=place.column) from item
        found.append(item)
    if not found:
        raise DefinitionError("the file is empty", path=file, line=1, column=1)
    converter = _Converter(file, Places(text, file))
    if len(found) > 1:
        raise converter.at(found[1]).error("there is a second document", "write one document in each file")
    return converter.convert(found[0], "")


class _Converter:
    """Turns nodes into ours, refusing what is not strict."""

    def __init__(self, file: str, places: Places) -> None:
        self._file = file
        self._places = places

    def at(self, node: YamlNode, key: str = "") -> Node:
        """A node without data at the place of another."""
        place = self._places.location(node.start, node.end)
        return Node(None, place.line, place.column, self._file, key)

    def convert(self, written: YamlNode, key: str) -> Node:
        """The node and everything below it."""
        node = written.target
        result = self.at(node, key)
        if node.kind == "mapping":
            self._mapping(node, result)
        elif node.kind == "list":
            result.data = [self.convert(child, f"{key}[{at}]") for at, child in enumerate(node.items)]
        else:
            result.data = _scalar(node, result)
        return result

    def _mapping(self, node: YamlNode, result: Node) -> None:
        items: dict[str, Node] = {}
        for key_node, value_node in node.pairs:
            at = self.at(key_node, result.key)
            name = _key(key_node.target, at)
            if name in items:
                raise at.error(f"the key {name!r} is given twice")
            result.keys[name] = (at.line, at.column)
            items[name] = self.convert(value_node, f"{result.key}.{name}" if result.key else name)
        result.data = items


def _key(node: YamlNode, at: Node) -> str:
    if node.kind != "scalar":
        raise at.error("a key must be plain text")
    if node.plain and node.text == "<<":
        raise at.error("merge keys (<<) are not supported", "write the keys out")
    if _tag(node) == "bool" and node.text not in ("true", "false"):
        raise at.error(f"the key {node.text} reads as a boolean in YAML", f'write "{node.text}" in quotes')
    return node.text


def _scalar(node: YamlNode, at: Node) -> Scalar:
    text = node.text
    tag = _tag(node)
    if not node.plain or tag in ("str", "timestamp"):
        return text
    if tag == "null":
        return None
    if tag == "bool":
        if text in ("true", "false"):
            return text == "true"
        raise at.error(f"{text} reads as a boolean in YAML", f'write true or false, or "{text}" in quotes')
    if tag == "int" and _INTEGER.match(text):
        return int(text)
    if tag == "float" and _NUMBER.match(text):
        return float(text)
    if tag in ("int", "float"):
        raise at.error(f"{text} reads as a number in YAML, but not as the one written", f'write "{text}" in quotes')
    raise at.error(f"the tag {node.tag} is not supported")


def _tag(node: YamlNode) -> str:
    """What a scalar is by YAML 1.1, which the strict reading must not contradict."""
    if node.tag is not None:
        return node.tag.removeprefix(_TAG)
    return _resolver()(node.text) if node.plain else "str"


@cache
def _resolver() -> Callable[[str], str]:
    import yaml

    resolver: Any = yaml.resolver.Resolver()
    return lru_cache(maxsize=10_000)(
        lambda text: str(resolver.resolve(yaml.ScalarNode, text, (True, False))).removeprefix(_TAG)
    )
