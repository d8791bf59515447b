"""JSON with places: what the standard library's reader does not tell."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, TypeAlias

from scanner.documents.document import LIMITS, MOST_WRITTEN, Limits, Places

_LARGEST_EXPONENT: Final = 3000  # larger ones only serve to exhaust memory
_SPACE: Final = re.compile(r"[ \t\r\n]*")
_STRING: Final = re.compile(r'"(?:[^"\\\x00-\x1f]|\\.)*"')
_SCALAR: Final = re.compile(r"-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null")
_WORDS: Final = {"true": True, "false": False, "null": None}

Number: TypeAlias = int | Decimal
Scalar: TypeAlias = "str | bool | Number | None"


@dataclass(slots=True)
class JsonNode:
    """A part of a document: a scalar, a list of nodes, or a list of members (key node, value node)."""

    value: Scalar | list[JsonNode] | list[tuple[JsonNode, JsonNode]]
    start: int
    end: int
    is_object: bool = False

    @property
    def members(self) -> Sequence[tuple[JsonNode, JsonNode]]:
        """The members of an object, nothing for anything else."""
        return self.value if self.is_object else ()  # type: ignore[return-value]

    @property
    def elements(self) -> Sequence[JsonNode]:
        """The elements of an array, nothing for anything else."""
        return self.value if isinstance(self.value, list) and not self.is_object else ()  # type: ignore[return-value]


class JsonError(ValueError):
    """Broken JSON, with the offset of the first character that does not fit."""

    def __init__(self, message: str, offset: int) -> None:
        super().__init__(message)
        self.offset = offset


def number(text: str) -> Number:
    """The number that `text` spells: whole ones as int. Raises ValueError where it is absurdly large."""
    exponent = re.search(r"[eE]([+-]?\d{1,9})", text)
    if len(text) > 1000 or (exponent is not None and abs(int(exponent[1])) > _LARGEST_EXPONENT):
        raise ValueError("the number is too large")
    if text.lstrip("+-").isdigit():
        return int(text)
    found = Decimal(text)
    return int(found) if found == found.to_integral_value() else found


class JsonText(Places):
    """A JSON text. `numbers` makes numbers of their spelling, and raises ValueError for those it refuses."""

    def __init__(
        self, text: str, path: str, numbers: Callable[[str], Number] = number, limits: Limits = LIMITS
    ) -> None:
        super().__init__(text, path)
        self._number = numbers
        self._limits = limits
        self._count = 0

    def read(self) -> JsonNode:
        """The whole document. Raises JsonError."""
        node = self._value(self._skip(0), 0)
        rest = self._skip(node.end)
        if rest < len(self.text):
            raise JsonError("unexpected text after the end", rest)
        return node

    def _skip(self, at: int) -> int:
        match = _SPACE.match(self.text, at)
        assert match is not None
        return match.end()

    def _value(self, at: int, depth: int) -> JsonNode:
        if depth > self._limits.depth:
            raise JsonError("nested too deeply", at)
        self._count += 1
        if self._count > min(self._limits.nodes, MOST_WRITTEN):
            raise JsonError("there are too many values", at)
        first = self.text[at : at + 1]
        if first == "{":
            return self._object(at, depth)
        if first == "[":
            return self._array(at, depth)
        if first == '"':
            return self._string(at)
        match = _SCALAR.match(self.text, at)
        if match is None:
            raise JsonError("a value is missing", at)
        word = match[0]
        try:
            value = _WORDS[word] if word in _WORDS else self._number(word)
        except ValueError as error:
            raise JsonError(str(error), at) from error
        return JsonNode(value, at, match.end())

    def _string(self, at: int) -> JsonNode:
        match = _STRING.match(self.text, at)
        if match is None:
            raise JsonError("a string is missing or not closed", at)
        word = match[0]
        try:
            text = json.loads(word) if "\\" in word else word[1:-1]
        except ValueError as error:
            raise JsonError("an escape sequence is wrong", at) from error
        return JsonNode(text.encode(errors="replace").decode(), at, match.end())

    def _array(self, start: int, depth: int) -> JsonNode:
        items: list[JsonNode] = []
        at = self._skip(start + 1)
        while self.text[at : at + 1] != "]":
            items.append(self._value(at, depth + 1))
            at = self._separator(items[-1].end, "]")
        return JsonNode(items, start, at + 1)

    def _object(self, start: int, depth: int) -> JsonNode:
        members: list[tuple[JsonNode, JsonNode]] = []
        at = self._skip(start + 1)
        while self.text[at : at + 1] != "}":
            key = self._string(at)
            colon = self._skip(key.end)
            if self.text[colon : colon + 1] != ":":
                raise JsonError("a colon is missing", colon)
            value = self._value(self._skip(colon + 1), depth + 1)
            members.append((key, value))
            at = self._separator(value.end, "}")
        return JsonNode(members, start, at + 1, True)

    def _separator(self, at: int, closing: str) -> int:
        """The offset of the next item or of the closing bracket."""
        at = self._skip(at)
        if self.text[at : at + 1] == closing:
            return at
        if self.text[at : at + 1] != ",":
            raise JsonError(f"a comma or {closing} is missing", at)
        following = self._skip(at + 1)
        if self.text[following : following + 1] == closing:
            raise JsonError(f"a comma before {closing}", at)
        return following
