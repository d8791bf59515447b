"""Values of plans and states in the shape that code gives them.

Nested blocks are lists of objects. What is null, an optional block that is not there (an empty list), a text that
providers store where nothing is set (""), and an attribute that code leaves to the provider are absent.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Protocol

from scanner.model.location import Location
from scanner.model.resource_type import Block, Facts
from scanner.model.secrets import announces_secret
from scanner.model.value import MASK, Reason, Reference, Unknown, Value, from_plain
from scanner.model.words import Words
from scanner.sources.plan.configuration import is_expression

SENSITIVE: Final[Mapping[str, bool]] = {MASK: True}
"""What stands for a sensitive value from the moment it is read."""
_SET_BY_PROVIDER: Final = Unknown(
    Reason.COMPUTED, Words("it is set by the provider when it applies", "적용할 때 프로바이더가 정하는 값임")
)
_ZERO: Final = Unknown(
    Reason.UNSUPPORTED,
    Words("it is stored as 0, which may stand for no value at all", "0으로 저장되어 있어 값이 없는 것일 수 있음"),
)
_ABOUT: Final = ("_arn", "_id", "_name", "_type", "_mode", "_version", "_url", "_endpoint", "_method")
"""Endings of names that announce a secret and only say something about it."""
_EMPTY: Final[tuple[object, ...]] = ("", [], {})


class Links(Protocol):
    """Tells what the values of a resource refer to."""

    def unknown(self, expression: Any) -> Value:
        """A value that is known after apply."""

    def known(self, text: str, expression: Any) -> tuple[Reference, ...]:
        """The references of a known text."""


@dataclass(frozen=True, slots=True)
class Written:
    """What code says: the expressions of an object by name, or one expression for all of it; None: code is silent.

    `listed` is whether the names are all that code says: not in blocks made by `dynamic`, which plans do not have.
    """

    names: Mapping[str, Any]
    whole: Any = None
    listed: bool = True

    def of(self, name: str) -> Any:
        """The expression of a name."""
        return self.whole if self.whole is not None else self.names.get(name)

    def silent(self, name: str) -> bool:
        """Whether code certainly says nothing of a name."""
        return self.listed and self.whole is None and name not in self.names


NOTHING_KNOWN: Final = Written({}, listed=False)
"""Where the code is not at hand, as beside a state."""


@dataclass(frozen=True, slots=True)
class Builder:
    """Makes the values of one resource, all placed where it stands."""

    location: Location | None
    links: Links | None = None
    has_default: Callable[[str], bool] = lambda _path: True

    def object(
        self, after: Any, unknown: Any, written: Written, schema: Block | None, path: str = ""
    ) -> dict[str, Value]:
        """The items of a resource, or of a nested block at a path. `unknown` is true, or says it by name."""
        after = after if isinstance(after, dict) else {}
        names = dict.fromkeys([*after, *(unknown if isinstance(unknown, dict) else ())])
        made = {}
        for name in names:
            late = unknown.get(name) if isinstance(unknown, dict) else unknown
            value = self._item(f"{path}.{name}" if path else name, after.get(name), late, written, schema)
            if value is not None:
                made[name] = value
        return made

    def _item(self, path: str, item: Any, late: Any, written: Written, schema: Block | None) -> Value | None:
        """One attribute or nested block; None where it is absent."""
        name = path.rpartition(".")[2]
        inner = schema.blocks.get(name) if schema else None
        attribute = schema is not None and inner is None
        expression = written.of(name)
        if late is True:
            if written.silent(name) and attribute:
                return None  # code leaves it to the provider, as absent as it is in code
            return self._late(expression)
        if item is None or item == SENSITIVE:
            return None if item is None else Value(MASK, self.location, sensitive=True)
        if item in _EMPTY and not _contains(late) and (expression is None or not attribute):
            return None
        if item == 0 and expression is None and schema is not None and self._may_be_unset(name, item, schema, path):
            return None if written.silent(name) else Value(_ZERO, self.location)
        if inner is not None or (isinstance(item, list) and _are_objects(item) and not is_expression(expression)):
            return self._blocks(item, late, expression, inner, path)
        return self._value(item, late, expression)

    def _may_be_unset(self, name: str, item: Any, schema: Block, path: str) -> bool:
        """Whether a zero may stand for nothing: providers store it for numbers that code leaves out."""
        attribute = schema.attributes.get(name)
        optional = attribute is not None and attribute.optional and not attribute.computed
        return optional and not isinstance(item, bool) and not self.has_default(path)

    def _blocks(self, item: Any, late: Any, expression: Any, schema: Block | None, path: str) -> Value:
        """Nested blocks, one or several."""
        if isinstance(item, dict) and schema is not None and schema.nesting != "map":
            item, late = [item], [late]
        if not isinstance(item, list):
            return self._value(item, late, expression)
        made = []
        for at, element in enumerate(item):
            if element == SENSITIVE:
                made.append(Value(MASK, self.location, sensitive=True))
                continue
            written = _written_in(expression, at, len(item), schema)
            made.append(Value(self.object(element, _part(late, at), written, schema, path), self.location))
        return Value(tuple(made), self.location)

    def _value(self, item: Any, late: Any, expression: Any) -> Value:
        """A value of an attribute with everything inside it."""
        if late is True:
            return self._late(expression)
        if item == SENSITIVE:
            return Value(MASK, self.location, sensitive=True)
        if isinstance(item, dict):
            names = dict.fromkeys([*item, *(late if isinstance(late, dict) else ())])
            parts = {name: self._value(item.get(name), _part(late, name), expression) for name in names}
            return Value(parts, self.location)
        if isinstance(item, list):
            return Value(
                tuple(self._value(part, _part(late, at), expression) for at, part in enumerate(item)), self.location
            )
        if isinstance(item, str) and expression is not None and self.links is not None:
            return self._text(item, expression, self.links.known)
        return from_plain(item, self.location)

    def _text(self, item: str, expression: Any, known: Callable[[str, Any], tuple[Reference, ...]]) -> Value:
        """A text with what it refers to; a JSON text with what each of its parts does."""
        refs = known(item, expression)
        structure = _json(item) if refs else None
        decoded = None if structure is None else self._value(structure, False, expression)
        return Value(item, self.location, refs=refs, decoded=decoded)

    def _late(self, expression: Any) -> Value:
        if expression is None or self.links is None:
            return Value(_SET_BY_PROVIDER, self.location)
        value = self.links.unknown(expression)
        return Value(value.raw, self.location, refs=value.refs)


def _json(text: str) -> Any:
    """The structure behind a JSON text, None for any other text."""
    if text.lstrip()[:1] not in ("{", "["):
        return None
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return found


def _part(late: Any, at: str | int) -> Any:
    """What is unknown of a part: true, false, or the parts of it."""
    if isinstance(late, dict) and isinstance(at, str):
        return late.get(at)
    if isinstance(late, list) and isinstance(at, int):
        return late[at] if at < len(late) else None
    return late if late is True else None


def _contains(late: Any) -> bool:
    """Whether anything inside is unknown."""
    if isinstance(late, dict | list):
        return any(_contains(item) for item in (late.values() if isinstance(late, dict) else late))
    return late is True


def _are_objects(items: list[Any]) -> bool:
    return bool(items) and all(isinstance(item, dict) for item in items)


def _written_in(expression: Any, at: int, count: int, schema: Block | None) -> Written:
    """What code says of one of `count` nested blocks.

    Only the blocks of a list stand in the order of code; of others it is what is said of any of them.
    """
    if isinstance(expression, dict) and not is_expression(expression):
        return Written(expression)
    if not isinstance(expression, list):
        return NOTHING_KNOWN if expression is None else Written({}, expression)
    blocks = [item for item in expression if isinstance(item, dict)]
    if any(is_expression(item) and item for item in blocks):
        return Written({}, expression)
    in_order = len(blocks) == count and (count == 1 or (schema is not None and schema.nesting == "list"))
    if in_order:
        return Written(blocks[at])
    names: dict[str, Any] = {}
    for block in blocks:
        for name, said in block.items():
            names.setdefault(name, []).extend(said if isinstance(said, list) else [said])
    return Written(names, listed=len(blocks) >= count)


def defaults_of(facts: Facts | None, type_: str) -> Callable[[str], bool]:
    """Tells whether the provider has a default for a path of a resource type; where nothing is known it may have."""
    if facts is None:
        return lambda _path: True
    return lambda path: facts.default(type_, path) is not None


def masked(data: Any, sensitive: Any) -> Any:
    """The data without its sensitive parts: `sensitive` is true, or has the same shape with true where they are."""
    if sensitive is True:
        return data if data is None or data in _EMPTY else dict(SENSITIVE)
    if isinstance(data, dict) and isinstance(sensitive, dict):
        return {key: masked(item, sensitive.get(key)) for key, item in data.items()}
    if isinstance(data, list) and isinstance(sensitive, list):
        return [masked(item, sensitive[at] if at < len(sensitive) else None) for at, item in enumerate(data)]
    return data


def without_secrets(data: Any, schema: Block | None) -> Any:
    """The data without the attributes that the provider calls sensitive."""
    if schema is None or not isinstance(data, dict):
        return data
    made: dict[str, Any] = {}
    for name, item in data.items():
        attribute, inner = schema.attributes.get(name), schema.blocks.get(name)
        if attribute is not None and attribute.sensitive and item is not None and item not in _EMPTY:
            made[name] = dict(SENSITIVE)
        elif inner is not None and isinstance(item, list):
            made[name] = [without_secrets(part, inner) for part in item]
        else:
            made[name] = without_secrets(item, inner)
    return made


def without_answers(data: Any) -> Any:
    """What a data source says without secrets that the provider forgot to call so (`random_password`, its `id` too)."""
    if not isinstance(data, dict):
        return data
    told = {name: item for name, item in data.items() if isinstance(item, str) and item}
    secrets = {item for name, item in told.items() if announces_secret(name) and not name.endswith(_ABOUT)}
    return {name: dict(SENSITIVE) if told.get(name) in secrets else item for name, item in data.items()}
