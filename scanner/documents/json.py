"""JSON as values with places."""

from __future__ import annotations

from scanner.documents.document import LIMITS, Document, DocumentError, Limits
from scanner.documents.json_nodes import JsonError, JsonNode, JsonText
from scanner.model.location import Location
from scanner.model.value import Value


def read_json(text: str, path: str, *, limits: Limits = LIMITS) -> Document:
    """The document in `text`. The value of a member is placed from the start of its key to its own end.

    Raises DocumentError for broken JSON, a key that is given twice, and what is beyond the limits.
    """
    text = text.removeprefix("\ufeff")
    source = JsonText(text, path, limits=limits)
    if len(text) > limits.size:
        raise DocumentError(f"the file is larger than {limits.size} characters", Location(path, 1, 1, 1, 2))
    try:
        node = source.read()
        value = _Converter(source).convert(node, node.start)
    except JsonError as error:
        place = source.location(error.offset, min(error.offset + 1, len(text)))
        raise DocumentError(f"not valid JSON: {error}", place) from error
    first = node.members[0][0] if node.members else node.elements[0] if node.elements else node
    return Document(value, source.location(first.start, node.end))


class _Converter:
    """Turns nodes into values."""

    def __init__(self, source: JsonText) -> None:
        self._source = source

    def convert(self, node: JsonNode, start: int) -> Value:
        """The value of a node, placed from `start` to its end."""
        place = self._source.location(start, node.end)
        if node.is_object:
            return Value(self._members(node), place)
        if isinstance(node.value, list):
            return Value(tuple(self.convert(element, element.start) for element in node.elements), place)
        return Value(node.value, place)

    def _members(self, node: JsonNode) -> dict[str, Value]:
        items: dict[str, Value] = {}
        for key, value in node.members:
            name = str(key.value)
            if name in items:
                raise JsonError(f"the key {name!r} is given twice", key.start)
            items[name] = self.convert(value, key.start)
        return items
