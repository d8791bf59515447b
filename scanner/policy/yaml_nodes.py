"""Strict YAML with the place of every key and value.

Only what means the same to everybody is accepted: no duplicate keys, no `on`/`yes` booleans, no octal or sexagesimal
numbers, no merge keys. PyYAML's C composer does the parsing; PyYAML is imported when a file is read, not before.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, TypeAlias

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
    import yaml

    if len(text) > MAX_CHARACTERS:
        raise DefinitionError(f"the file is larger than {MAX_CHARACTERS} characters", path=file, line=1, column=1)
    loader_class: Any = getattr(yaml, "CLoader", None) or yaml.SafeLoader
    try:
        loader = loader_class(text)
        try:
            root = loader.get_single_node()
        finally:
            loader.dispose()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        problem = error.problem or error.context or "cannot be read"
        raise DefinitionError(f"not valid YAML: {problem}", path=file, line=line, column=column) from error
    except yaml.YAMLError as error:
        raise DefinitionError(f"not valid YAML: {error}", path=file, line=1, column=1) from error
    if root is None:
        raise DefinitionError("the file is empty", path=file, line=1, column=1)
    return _Converter(file).convert(root, "", 0)


class _Converter:
    """Turns PyYAML's nodes into ours, refusing what is not strict."""

    def __init__(self, file: str) -> None:
        self._file = file
        self._count = 0

    def convert(self, node: Any, key: str, depth: int) -> Node:
        """The node and everything below it."""
        self._count += 1
        mark = node.start_mark
        result = Node(None, mark.line + 1, mark.column + 1, self._file, key)
        if depth > _MAX_DEPTH or self._count > MAX_NODES:
            result.key = key.split("[", 1)[0]
            raise result.error("nested too deeply or too large (aliases that refer to themselves?)")
        if node.id == "mapping":
            self._mapping(node, result, depth)
        elif node.id == "sequence":
            result.data = [self.convert(child, f"{key}[{at}]", depth + 1) for at, child in enumerate(node.value)]
        else:
            result.data = _scalar(node, result)
        return result

    def _mapping(self, node: Any, result: Node, depth: int) -> None:
        items: dict[str, Node] = {}
        for key_node, value_node in node.value:
            mark = key_node.start_mark
            at = Node(None, mark.line + 1, mark.column + 1, self._file, result.key)
            name = _key(key_node, at)
            if name in items:
                raise at.error(f"the key {name!r} is given twice")
            result.keys[name] = (at.line, at.column)
            items[name] = self.convert(value_node, f"{result.key}.{name}" if result.key else name, depth + 1)
        result.data = items


def _key(node: Any, at: Node) -> str:
    if node.id != "scalar":
        raise at.error("a key must be plain text")
    if node.tag == _TAG + "merge":
        raise at.error("merge keys (<<) are not supported", "write the keys out")
    if not node.style and node.tag == _TAG + "bool" and node.value not in ("true", "false"):
        raise at.error(f"the key {node.value} reads as a boolean in YAML", f'write "{node.value}" in quotes')
    return str(node.value)


def _scalar(node: Any, at: Node) -> Scalar:
    text = str(node.value)
    tag = str(node.tag).removeprefix(_TAG)
    if node.style or tag in ("str", "timestamp"):
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
