"""The structure of YAML texts with offsets, composed from libyaml's events; what scalars mean is not decided here."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from scanner.documents.document import MOST_WRITTEN, DocumentError, Limits, Places
from scanner.model.location import Location

Pairs: TypeAlias = "list[tuple[YamlNode, YamlNode]]"

_MOST_RESUMES: Final = 100
_START: Final = re.compile(r"^---(?=\s|\Z)", re.MULTILINE)
_NOT_TEXT: Final = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(slots=True, eq=False)
class YamlNode:
    """A scalar (its text), a list of nodes, or a mapping (pairs of nodes); `size` counts all nodes, aliases expanded.

    tag      as written in full (`tag:yaml.org,2002:str`, `!reset`), None where none is
    plain    whether a scalar is written without quotes and not as a block
    alias    for an alias its name (`*base`); `value` then holds the node that it stands for alone
    """

    kind: str
    value: str | list[YamlNode] | Pairs
    start: int
    end: int
    tag: str | None = None
    plain: bool = False
    alias: str | None = None
    size: int = 1

    @property
    def target(self) -> YamlNode:
        """What an alias stands for; any other node itself."""
        return self.value[0] if self.alias is not None else self  # type: ignore[return-value]

    @property
    def pairs(self) -> Pairs:
        """The keys and values of a mapping."""
        return self.value  # type: ignore[return-value]

    @property
    def items(self) -> list[YamlNode]:
        """The elements of a list."""
        return self.value  # type: ignore[return-value]

    @property
    def text(self) -> str:
        """The text of a scalar."""
        return self.value  # type: ignore[return-value]


def compose(text: str, path: str, limits: Limits) -> Iterator[YamlNode | DocumentError]:
    """Every document in `text`, or why it cannot be read; reading goes on at the next line that starts with `---`.

    `text` has no byte order mark. An empty document is a plain scalar without text.
    """
    places = Places(text, path)
    if len(text) > limits.size:
        yield DocumentError(f"the file is larger than {limits.size} characters", Location(path, 1, 1, 1, 2))
        return
    odd = _NOT_TEXT.search(text)
    if odd is not None:
        what = f"not valid YAML: the character U+{ord(odd[0]):04X} is not allowed"
        yield DocumentError(what, places.location(odd.start(), odd.end()))
        return
    base = 0
    for _ in range(_MOST_RESUMES):
        composer = _Composer(places, base, limits)
        try:
            yield from composer.documents()
            return
        except DocumentError as error:
            yield error
        following = _START.search(text, max(composer.reached, base + 1))
        if following is None:
            return
        base = following.start()
    yield DocumentError("too many broken documents; the rest was not read", places.location(base, base + 3))


class _Composer:
    """Makes nodes of the events of one run of the parser, which starts at offset `base`."""

    def __init__(self, places: Places, base: int, limits: Limits) -> None:
        import yaml

        self._yaml = yaml
        self._places = places
        self._base = base
        self._limits = limits
        self._most = min(limits.nodes, MOST_WRITTEN)
        parser: Any = getattr(yaml, "CSafeLoader", None) or yaml.SafeLoader
        self._parser = parser(places.text[base:] if base else places.text)
        self._anchors: dict[str, YamlNode | None] = {}
        self._count = 0
        self.reached = base

    def documents(self) -> Iterator[YamlNode]:
        """The documents. Raises DocumentError for the first one that cannot be composed."""
        while True:
            event = self._next()
            kind = type(event).__name__
            if kind == "StreamEndEvent":
                return
            if kind == "DocumentStartEvent":
                self._anchors = {}
                self._count = 0
                yield self._node(self._next(), 0)

    def _next(self) -> Any:
        yaml = self._yaml
        try:
            event = self._parser.get_event()
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            problem = error.problem or error.context or "cannot be read"
            raise self._error(
                f"not valid YAML: {problem}", self._base + mark.index if mark else self.reached
            ) from error
        except yaml.YAMLError as error:
            raise self._error(f"not valid YAML: {error}", self.reached) from error
        self.reached = self._base + event.start_mark.index
        return event

    def _error(self, message: str, offset: int) -> DocumentError:
        self.reached = max(self.reached, offset)
        text = self._places.text
        if text[offset : offset + 1] == "\t":
            message = "not valid YAML: a tab is used for indentation"
        return DocumentError(message, self._places.location(offset, min(offset + 1, len(text))))

    def _node(self, event: Any, depth: int) -> YamlNode:
        self._count += 1
        start = self._base + event.start_mark.index
        if depth > self._limits.depth:
            raise self._error("nested too deeply", start)
        if self._count > self._most:
            raise self._error("there are too many values", start)
        kind = type(event).__name__
        if kind == "AliasEvent":
            return self._alias(event, start)
        if event.anchor is not None:
            self._anchors[event.anchor] = None
        if kind == "ScalarEvent":
            node = self._scalar(event, start)
        elif kind == "SequenceStartEvent":
            node = self._list(event, start, depth)
        else:
            node = self._mapping(event, start, depth)
        if node.size > self._limits.nodes:
            raise self._error("there are too many values where the aliases are expanded", start)
        if event.anchor is not None:
            self._anchors[event.anchor] = node
        return node

    def _alias(self, event: Any, start: int) -> YamlNode:
        name = event.anchor
        if name not in self._anchors:
            raise self._error(f"there is no anchor &{name} for the alias *{name}", start)
        target = self._anchors[name]
        if target is None:
            raise self._error(f"the anchor &{name} contains itself", start)
        end = self._base + event.end_mark.index
        return YamlNode(target.kind, [target], start, end, alias=f"*{name}", size=target.size)

    def _scalar(self, event: Any, start: int) -> YamlNode:
        end = self._base + event.end_mark.index
        if event.style in ("|", ">"):
            end = start + len(self._places.text[start:end].rstrip())
        return YamlNode("scalar", event.value, start, end, event.tag, not event.style)

    def _list(self, event: Any, start: int, depth: int) -> YamlNode:
        items: list[YamlNode] = []
        size = 1
        while type(following := self._next()).__name__ != "SequenceEndEvent":
            items.append(self._node(following, depth + 1))
            size += items[-1].size
        end = self._end(event, following, start, items[-1] if items else None)
        return YamlNode("list", items, start, end, event.tag, size=size)

    def _mapping(self, event: Any, start: int, depth: int) -> YamlNode:
        pairs: Pairs = []
        size = 1
        while type(following := self._next()).__name__ != "MappingEndEvent":
            key = self._node(following, depth + 1)
            value = self._node(self._next(), depth + 1)
            pairs.append((key, value))
            size += value.size
        last = None
        if pairs:
            last = max(pairs[-1], key=lambda node: node.end)
        end = self._end(event, following, start, last)
        return YamlNode("mapping", pairs, start, end, event.tag, size=size)

    def _end(self, opening: Any, closing: Any, start: int, last: YamlNode | None) -> int:
        """Where a collection ends: at its bracket, or with the last thing in it (libyaml takes in what follows)."""
        if opening.flow_style:
            return int(self._base + closing.end_mark.index)
        return last.end if last is not None else start
