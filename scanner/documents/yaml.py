"""YAML as values with places. Nothing is constructed: tags of language objects are errors, other tags are unknown."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Final

from scanner.documents import scalars
from scanner.documents.document import LIMITS, Document, DocumentError, Limits, Places
from scanner.documents.yaml_nodes import YamlNode, compose
from scanner.model.value import Hop, Raw, Reason, Value, unknown

_STANDARD: Final = "tag:yaml.org,2002:"
_AS_TEXT: Final = frozenset({"str", "binary", "timestamp"})
_AS_WRITTEN: Final = frozenset({"map", "seq", "set", "omap", "pairs"})
_RESOLVED: Final = frozenset({"null", "bool", "int", "float"})
_LANGUAGE: Final = re.compile(r"(?i)!?(?:python|ruby|java|javax|perl|php|net|js)\b[/:.]")


def read_yaml_documents(text: str, path: str, *, yaml_11: bool = False, limits: Limits = LIMITS) -> list[Document]:
    """All documents in `text`, empty ones too (their value is null). Raises DocumentError for the first broken one.

    `yaml_11` reads yes, no, on, off and octal numbers as Kubernetes does.
    """
    documents: list[Document] = []
    for found in scan_yaml_documents(text, path, yaml_11=yaml_11, limits=limits):
        if isinstance(found, DocumentError):
            raise found
        documents.append(found)
    return documents


def scan_yaml_documents(
    text: str, path: str, *, yaml_11: bool = False, limits: Limits = LIMITS
) -> Iterator[Document | DocumentError]:
    """The documents in `text` and the errors of those that cannot be read, in order."""
    text = text.removeprefix("\ufeff")
    places = Places(text, path)
    resolve = scalars.yaml_11 if yaml_11 else scalars.core
    for node in compose(text, path, limits):
        if isinstance(node, DocumentError):
            yield node
            continue
        try:
            value = _Converter(places, resolve).convert(node, node.start)
        except DocumentError as error:
            yield error
        else:
            yield Document(value, places.location(node.start, node.end))


class _Converter:
    """Turns the nodes of one document into values."""

    def __init__(self, places: Places, resolve: Callable[[str], scalars.Scalar]) -> None:
        self._places = places
        self._resolve = resolve
        self._anchored: dict[int, Value] = {}

    def convert(self, node: YamlNode, start: int) -> Value:
        """The value of a node, placed from `start` (its key) to its end; an alias keeps the place of its anchor."""
        if node.alias is not None:
            target = self._anchored.get(id(node.target)) or self.convert(node.target, node.target.start)
            hop = Hop(node.alias, self._places.location(start, node.end))
            return target.with_(hops=(hop,))
        place = self._places.location(start, node.end)
        if node.kind == "scalar" or node.tag is not None:
            value = self._tagged(node)
            value.location = place
        else:
            value = Value(self._collection(node), place)
        self._anchored[id(node)] = value
        return value

    def _collection(self, node: YamlNode) -> Raw:
        if node.kind == "list":
            return tuple([self.convert(item, item.start) for item in node.items])
        return self._mapping(node)

    def _tagged(self, node: YamlNode) -> Value:
        """The value of a scalar, or of anything with a tag."""
        tag = node.tag
        if tag is None:
            return Value(self._resolve(node.text) if node.plain else node.text)
        kind = tag.removeprefix(_STANDARD) if tag.startswith(_STANDARD) else None
        if tag == "!" or kind in _AS_TEXT | _AS_WRITTEN:
            return Value(node.text if node.kind == "scalar" else self._collection(node))
        if kind in _RESOLVED and node.kind == "scalar":
            return Value(self._resolve(node.text))
        if kind is not None or _LANGUAGE.match(tag) or "/" in tag:
            raise self._error(
                f"the tag {tag.replace(_STANDARD, '!!')} is not read: it names an object to construct", node
            )
        return unknown(Reason.UNSUPPORTED, f"the tag {tag} is not supported")

    def _mapping(self, node: YamlNode) -> dict[str, Value]:
        items: dict[str, Value] = {}
        merged: YamlNode | None = None
        for key, item in node.pairs:
            text = self._key(key)
            if text == "<<" and key.target.plain:
                if merged is not None:
                    raise self._error("the key '<<' is given twice", key)
                merged = item
                continue
            if text in items:
                raise self._error(f"the key {text!r} is given twice", key)
            items[text] = self.convert(item, key.start)
        if merged is not None:
            self._merge(items, merged)
        return items

    def _key(self, key: YamlNode) -> str:
        if key.target.kind != "scalar":
            raise self._error("a key must be plain text", key)
        return key.target.text

    def _merge(self, items: dict[str, Value], node: YamlNode) -> None:
        """Adds what a merge key brings; the first of several mappings wins, the own keys win over all."""
        parts = node.items if node.kind == "list" and node.alias is None else [node]
        for part in parts:
            if part.kind != "mapping":
                raise self._error("a merge key (<<) needs a mapping or a list of mappings", part)
            value = self.convert(part, part.start)
            assert isinstance(value.raw, dict)
            for key, item in value.raw.items():
                items.setdefault(key, item.with_(hops=value.hops) if value.hops else item)

    def _error(self, message: str, node: YamlNode) -> DocumentError:
        return DocumentError(message, self._places.location(node.start, node.end))
