"""Bodies as values: attributes are evaluated when they are asked for, nested blocks are lists of objects."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from scanner.model.location import Location
from scanner.model.value import Hop, Reason, Reference, Unknown, Value
from scanner.model.words import Words
from scanner.sources.terraform.body import Block, Body, evaluate_attribute
from scanner.sources.terraform.expand import Undecidable, dynamic
from scanner.sources.terraform.expressions import Literal
from scanner.sources.terraform.scope import EvaluationError, OpenObject, Scope, failed

_DETAIL: Final = {
    Reason.COMPUTED: ("{} is only known after apply", "{} 값은 적용 후에만 알 수 있음"),
    Reason.DATA_SOURCE: ("{} is only known to the cloud account", "{} 값은 클라우드 계정만 알고 있음"),
}


class BodyObject(OpenObject):
    """The content of a block. Expressions name it by `address` and `prefix`; `reason` is why the rest is unknown."""

    __slots__ = ("_cache", "address", "body", "prefix", "reason", "scope")

    def __init__(
        self, body: Body, scope: Scope, address: str, reason: Reason = Reason.COMPUTED, prefix: str = ""
    ) -> None:
        self.body = body
        self.scope = scope
        self.address = address
        self.reason = reason
        self.prefix = prefix
        self._cache: dict[str, Value] | None = None

    def __getitem__(self, name: str) -> Value:
        cached = self._cache.get(name) if self._cache else None
        if cached is not None:
            return cached
        attribute = self.body.find(name)
        if attribute is not None:
            value = evaluate_attribute(attribute, self.scope)
            if isinstance(attribute.expression, Literal):
                return value
        else:
            blocks = self.body.nested().get(name)
            if blocks is None and self.body.broken:
                return Value(Unknown(Reason.UNREADABLE, "the block has a syntax error"))
            if blocks is None:
                raise KeyError(name)
            value = self._nested(name, blocks)
        if self._cache is None:
            self._cache = {}
        self._cache[name] = value
        return value

    def __iter__(self) -> Iterator[str]:
        yield from self.body.attributes
        yield from (name for name in self.body.nested() if name not in self.body.attributes)

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __contains__(self, name: object) -> bool:
        return name in self.body.attributes or name in self.body.nested()

    def locate(self, name: str) -> Location | None:
        """Where the attribute or first block of this name is written in this body, wherever its value comes from."""
        attribute = self.body.find(name)
        if attribute is not None:
            return attribute.location
        blocks = self.body.nested().get(name)
        return blocks[0].location if blocks else None

    def attribute(self, name: str) -> Value:
        """What an expression gets that names the attribute: unknown where the code does not write it."""
        path = f"{self.prefix}{name}"
        value = self.get(name)
        if value is None or value.is_absent:
            detail = Words(*(text.format(f"{self.address}.{path}") for text in _DETAIL[self.reason]))
            shape = "${" + f"{self.address}.{path}" + "}"
            return Value(Unknown(self.reason, detail), refs=(Reference(self.address, path),), shape=shape)
        hops = () if self.prefix else (Hop(f"{self.address}.{name}", self.locate(name)),)
        return value.with_(hops=hops, refs=(Reference(self.address, path),))

    def _nested(self, name: str, blocks: list[Block]) -> Value:
        items: list[Value] = []
        place = blocks[0].location
        for block in blocks:
            if block.type != "dynamic":
                items.append(self._item(name, block, self.scope))
                continue
            try:
                collection, contents = dynamic(block, self.scope)
                if block is blocks[0]:
                    place = collection.location or place  # blocks that a collection makes are changed there
                items.extend(self._item(name, content, scope) for content, scope in contents)
            except Undecidable as unknown:
                return unknown.value
            except EvaluationError as error:
                return failed(error, error.location or place)
        return Value(tuple(items), place)

    def _item(self, name: str, block: Block, scope: Scope) -> Value:
        prefix = f"{self.prefix}{name}."
        return Value(BodyObject(block.body, scope, self.address, self.reason, prefix), block.location)
