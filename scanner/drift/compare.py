"""Attribute by attribute: what differs between a resource of code and its twin in the account."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from scanner.drift.blocks import matched
from scanner.drift.data import treatments
from scanner.drift.equal import Equality
from scanner.drift.match import Pair
from scanner.drift.normal import ACCOUNT, MASKED, Bag, Normal, Side, Undecided, is_empty, normal
from scanner.drift.resolve import Resolver
from scanner.drift.tags import effective_tags
from scanner.model.location import Location
from scanner.model.resource_type import Attribute, Block, Facts
from scanner.model.value import ABSENT, MASK, Plain, Unknown, Value, fields_of, from_plain, items_of

_TAGS: Final = ("tags", "labels")
_MADE_TAGS: Final = ("aws:", "hidden-")
"""Tags that AWS itself, or the portal of Azure, puts on resources."""
_NOTHING: Final = Value(ABSENT)
_INDEX: Final = re.compile(r"\[[^\]]*\]")


@dataclass(frozen=True, slots=True)
class Difference:
    """An attribute that code and account certainly have differently; `location` is where code writes it."""

    path: str
    in_code: Plain
    in_account: Plain
    location: Location | None


@dataclass(frozen=True, slots=True)
class Open:
    """An attribute of which it is not known whether it differs, and why."""

    path: str
    why: Unknown


def compare(pair: Pair, facts: Facts, resolver: Resolver) -> Iterator[Difference | Open]:
    """Everything that differs, or may: what code writes, and what stands in the account where code is silent."""
    comparison = _Comparison(pair, facts, resolver)
    schema = facts.schema(pair.code.type)
    yield from comparison.block(schema, pair.code.attributes, pair.live.attributes, "")


class _Comparison:
    def __init__(self, pair: Pair, facts: Facts, resolver: Resolver) -> None:
        self._pair = pair
        self._facts = facts
        self._names = resolver.names
        self._side = Side(resolver, pair.code)
        self._ignored = _ignored(pair.code.attributes)

    def block(self, schema: Block | None, code: Value, live: Value, prefix: str) -> Iterator[Difference | Open]:
        """The attributes and blocks of one block on both sides."""
        written, told = fields_of(code), fields_of(live)
        names = dict.fromkeys([*written, *(schema.attributes if schema else ()), *(schema.blocks if schema else ())])
        for name in names:
            path = f"{prefix}{name}"
            bare = _bare(path)
            if "ignore" in self._how(bare) or self._leaves_open(bare):
                continue
            here, there = written.get(name, _NOTHING), told.get(name) or _NOTHING
            if not prefix and name in _TAGS:
                yield from self._tags(name, here, there)
            elif schema is not None and name in schema.blocks:
                yield from self._blocks(schema.blocks[name], here, there, path)
            else:
                attribute = schema.attributes.get(name) if schema else None
                if attribute is not None or not here.is_absent:
                    yield from self._attribute(attribute, here, there, path, code.location)

    def _how(self, path: str) -> frozenset[str]:
        return treatments(self._pair.code.type, path, self._pair.live)

    def _leaves_open(self, path: str) -> bool:
        """Whether code says that the attribute may change (`ignore_changes`)."""
        return "all" in self._ignored or any(path == name or path.startswith(f"{name}.") for name in self._ignored)

    def _attribute(
        self, schema: Attribute | None, code: Value, live: Value, path: str, home: Location | None
    ) -> Iterator[Difference | Open]:
        if schema is not None and schema.computed and not schema.optional and not schema.required:
            return
        written = not code.is_absent
        if not written and live.is_absent:
            return
        if not written:
            code = self._default(path, self._pair.code.attributes)
            if (code.is_absent and (schema is None or schema.computed)) or "silent" in self._how(_bare(path)):
                return
        if live.is_absent:
            live = self._default(path, self._pair.live.attributes)
        if not written and live.is_unknown:
            return
        if code.is_absent and live.is_absent:
            return
        yield from self._values(schema, code, live, path, code.location or home)

    def _values(
        self, schema: Attribute | None, code: Value, live: Value, path: str, place: Location | None
    ) -> Iterator[Difference | Open]:
        how = self._how(_bare(path))
        unordered = schema is not None and schema.type.startswith("set(")
        one = normal(code, self._side, how, unordered=unordered)
        other = normal(live, ACCOUNT, how, unordered=unordered)
        for path_beside in (name.partition(":")[2] for name in how if name.startswith("with:")):
            one, other = self._beside(one, path_beside), self._beside(other, path_beside)
        equality = Equality(self._names, how)
        same = equality.same(one, other)
        if same is None:
            yield Open(path, _why(one) or _why(other) or MASKED)
        elif same is False:
            if isinstance(one, str) and isinstance(other, str):
                one, other = (normal(code, self._side, frozenset()), normal(live, ACCOUNT, frozenset()))
            shown = (MASK, MASK) if self._secret(path, code, live) else _shown(equality, one, other)
            yield Difference(path, *shown, place)

    def _beside(self, value: Normal, path: str) -> Normal:
        """A list, and what another attribute of the code says, which the service adds to it."""
        added = normal(fields_of(self._pair.code.attributes).get(path, _NOTHING), self._side, frozenset())
        items = value.items if isinstance(value, Bag) else value if isinstance(value, tuple) else ()
        return Bag((*items, added)) if added is not None and added not in items else Bag(items)

    def _secret(self, path: str, code: Value, live: Value) -> bool:
        return code.sensitive or live.sensitive or self._facts.sensitive(self._pair.code.type, _bare(path))

    def _default(self, path: str, attributes: Value) -> Value:
        found = self._facts.default(self._pair.code.type, path, attributes)
        return _NOTHING if found is None else from_plain(found.value)

    def _tags(self, name: str, code: Value, live: Value) -> Iterator[Difference | Open]:
        if live.is_unknown:
            if not code.is_absent and isinstance(live.raw, Unknown):
                yield Open(name, live.raw)
            return
        written = effective_tags(self._pair.code, name)
        if isinstance(written.raw, Unknown):
            yield Open(name, written.raw)
            return
        ours, theirs = fields_of(written), fields_of(live)
        for key in sorted(ours.keys() | theirs.keys()):
            if not key.startswith(_MADE_TAGS) and not self._leaves_open(f"{name}.{key}"):
                here, there = ours.get(key, _NOTHING), theirs.get(key, _NOTHING)
                yield from self._values(None, here, there, f'{name}["{key}"]', here.location or code.location)

    def _blocks(self, schema: Block, code: Value, live: Value, path: str) -> Iterator[Difference | Open]:
        for value, silent in ((code, False), (live, code.is_absent)):
            if isinstance(value.raw, Unknown):
                if not silent:
                    yield Open(path, value.raw)
                return
        ones, others = _elements(code), _elements(live)
        if len(ones) == len(others) == 1:
            yield from self.block(schema, ones[0], others[0], f"{path}.")
            return

        def differs(one: Value, other: Value) -> bool:
            return any(True for _ in self.block(schema, one, other, f"{path}."))

        for here, there, label in matched(ones, others, path, differs):
            if here is not None and there is not None:
                yield from self.block(schema, here, there, f"{label}.")
            else:
                yield from self._alone(schema, here, there, label, code)

    def _alone(
        self, schema: Block, code: Value | None, live: Value | None, path: str, home: Value
    ) -> Iterator[Difference | Open]:
        """A block that one side lacks, as one difference, unless it only says what holds without it."""
        empty = Value({})
        found = list(self.block(schema, code or empty, live or empty, f"{_bare(path)}."))
        certain = any(isinstance(item, Difference) for item in found)
        if not certain or self._switched_off(code or live or empty, _bare(path)):
            yield from (found if code is not None else ())
            return
        one = None if code is None else _plain(normal(code, self._side, frozenset()))
        other = None if live is None else _plain(normal(live, ACCOUNT, frozenset()))
        place = (code.location if code is not None else None) or home.location or self._pair.code.location
        yield Difference(path, one, other, place)

    def _switched_off(self, block: Value, path: str) -> bool:
        """Whether a block only says that something is off, which it would be without it."""
        enabled = fields_of(block).get("enabled")
        default = self._facts.default(self._pair.code.type, f"{path}.enabled")
        return enabled is not None and enabled.raw is False and (default is None or default.value is False)


def _bare(path: str) -> str:
    """A path without indexes, as the data files have it."""
    return _INDEX.sub("", path)


def _elements(value: Value) -> Sequence[Value]:
    return [value] if isinstance(value.raw, Mapping) else items_of(value)


def _ignored(attributes: Value) -> list[str]:
    """What `lifecycle.ignore_changes` names."""
    names: list[str] = []
    for block in items_of(fields_of(attributes).get("lifecycle")):
        value = fields_of(block).get("ignore_changes")
        for item in items_of(value) or ([value] if value is not None else []):
            if isinstance(item.raw, str):
                names.append(_INDEX.sub(lambda match: match[0] and _keyed(match[0]), item.raw))
    return names


def _keyed(index: str) -> str:
    """`["key"]` as a step of a path; numbers are left out."""
    text = index[1:-1].strip("\"'")
    return "" if text.isdigit() else f".{text}"


def _why(value: Normal) -> Unknown | None:
    if isinstance(value, Undecided):
        return value.why
    parts: Sequence[Normal] = ()
    if isinstance(value, Bag):
        parts = value.items
    elif isinstance(value, tuple):
        parts = value
    elif isinstance(value, dict):
        parts = tuple(value.values())
    return next((why for part in parts if (why := _why(part)) is not None), None)


def _shown(equality: Equality, code: Normal, live: Normal) -> tuple[Plain, Plain]:
    """Both sides for people; of long lists and policies only what differs."""
    if isinstance(code, dict) and isinstance(live, dict):
        keys = [key for key in code.keys() | live.keys() if equality.same(code.get(key), live.get(key)) is not True]
        if len(keys) == 1 and len(code) > 1:
            return _shown(equality, code.get(keys[0]), live.get(keys[0]))
        return _plain({key: code[key] for key in sorted(keys) if key in code}), _plain(
            {key: live[key] for key in sorted(keys) if key in live}
        )
    if isinstance(code, Bag) and isinstance(live, Bag) and _long(code, live):
        only_code, only_live = equality.leftovers(code.items, live.items)
        return _plain(tuple(only_code)), _plain(tuple(only_live))
    return _plain(code), _plain(live)


def _long(*bags: Bag) -> bool:
    return any(isinstance(item, dict | Bag | tuple) for bag in bags for item in bag.items)


def _plain(value: Normal) -> Plain:
    if isinstance(value, Undecided):
        return f"(unknown: {value.why.detail})"
    if isinstance(value, Bag):
        return sorted((_plain(item) for item in value.items), key=lambda item: json.dumps(item, sort_keys=True))
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items() if not is_empty(item)}
    return value
