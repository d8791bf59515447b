"""How often a block exists: `count`, `for_each` and dynamic blocks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from scanner.model.value import Reason, SetItems, Unknown, Value
from scanner.sources.terraform.body import Attribute, Block, Body, evaluate_attribute
from scanner.sources.terraform.expressions import elements
from scanner.sources.terraform.names import static_names
from scanner.sources.terraform.scope import EvaluationError, Iteration, Scope
from scanner.sources.terraform.types import NUMBER, ConversionError, convert, is_sequence

MAX_INSTANCES: Final = 10_000
_NO_NAMES: Final[Mapping[str, Value]] = {}


@dataclass(slots=True, frozen=True)
class Instance:
    """One occurrence: its key (None without count and for_each) and the names that are special to it."""

    key: int | str | None
    names: Mapping[str, Value]

    @property
    def suffix(self) -> str:
        """What an address has behind the name: `[0]`, `["a"]` or nothing."""
        if self.key is None:
            return ""
        if isinstance(self.key, int):
            return f"[{self.key}]"
        escaped = self.key.replace("\\", "\\\\").replace('"', '\\"')
        return f'["{escaped}"]'


@dataclass(slots=True, frozen=True)
class Expansion:
    """The occurrences of a block.

    `undecided` is the unknown value because of which their number is not known; there is one occurrence then, which
    stands for all of them. `each` tells how they are addressed: by nothing, by number or by key.
    """

    instances: tuple[Instance, ...]
    each: type[int] | type[str] | None = None
    undecided: Value | None = None


_ONCE: Final = Expansion((Instance(None, _NO_NAMES),))


def expand(body: Body, scope: Scope) -> Expansion:
    """The occurrences that `count` or `for_each` of a resource or module call make."""
    count = body.find("count")
    if count is not None:
        return _counted(count, scope)
    for_each = body.find("for_each")
    return _for_each(for_each, scope) if for_each is not None else _ONCE


def _counted(attribute: Attribute, scope: Scope) -> Expansion:
    value = evaluate_attribute(attribute, scope)
    if isinstance(value.raw, Unknown):
        return _undecided(value, "count", Iteration(index=Value(value.raw, refs=value.refs)), int)
    try:
        count = convert(value, NUMBER).raw
    except ConversionError:
        count = None
    if not isinstance(count, int) or count < 0:
        wrong = Value(Unknown(Reason.ERROR, "count must be a whole number"), value.location, value.hops)
        return _undecided(wrong, "count", Iteration(index=Value(wrong.raw)), int)
    if count > MAX_INSTANCES:
        many = Value(Unknown(Reason.UNSUPPORTED, f"count is more than {MAX_INSTANCES}"), value.location, value.hops)
        return _undecided(many, "count", Iteration(index=Value(many.raw)), int)
    return Expansion(
        tuple([Instance(index, {"count": Value(Iteration(index=Value(index)))}) for index in range(count)]), int
    )


def _for_each(attribute: Attribute, scope: Scope) -> Expansion:
    value = evaluate_attribute(attribute, scope)
    detail = None
    raw = value.raw
    if isinstance(raw, SetItems):
        blank = next((item for item in raw if isinstance(item.raw, Unknown)), None)
        if blank is not None:
            value = Value(blank.raw, blank.location or value.location, value.hops + blank.hops, blank.refs)
        elif not all(isinstance(item.raw, str) for item in raw):
            detail = "for_each needs a set of strings"
    elif not isinstance(raw, Mapping | Unknown):
        detail = "for_each needs a map or a set of strings"
    if detail is None and not isinstance(value.raw, Unknown) and len(value.raw) > MAX_INSTANCES:  # type: ignore[arg-type]
        detail = f"for_each has more than {MAX_INSTANCES} elements"
    if detail is not None:
        value = Value(Unknown(Reason.ERROR, detail), value.location, value.hops)
    if isinstance(value.raw, Unknown):
        blank = Value(value.raw, None, value.hops, value.refs)
        return _undecided(value, "each", Iteration(key=blank, value=blank), str)
    return Expansion(
        tuple(
            [
                Instance(_text(key), {"each": Value(Iteration(key=key, value=item))})
                for key, item in elements(value, attribute.location)
            ]
        ),
        str,
    )


def _text(key: Value) -> str:
    assert isinstance(key.raw, str)
    return key.raw


def _undecided(value: Value, name: str, iteration: Iteration, each: type[int] | type[str]) -> Expansion:
    return Expansion((Instance(None, {name: Value(iteration)}),), each, value)


def dynamic(block: Block, scope: Scope) -> tuple[Value, list[tuple[Block, Scope]]]:
    """The collection that a dynamic block iterates over, and the content block and scope of every element.

    Raises EvaluationError for a malformed block, and Undecidable where the collection is unknown.
    """
    attributes = block.body.attributes
    content = next(block.body.of_type("content"), None)
    if "for_each" not in attributes or content is None:
        raise EvaluationError("a dynamic block needs for_each and content", block.location)
    collection = evaluate_attribute(attributes["for_each"], scope)
    if isinstance(collection.raw, Unknown):
        raise Undecidable(collection)
    if collection.is_absent:
        raise EvaluationError("for_each of a dynamic block must not be null", block.location)
    iterator = block.labels[0]
    if "iterator" in attributes:
        iterator = next((name for name, _ in static_names(attributes["iterator"].expression)), iterator)
    size = len(collection.raw) if isinstance(collection.raw, Mapping) or is_sequence(collection.raw) else 0
    if size > MAX_INSTANCES:
        raise EvaluationError(f"a dynamic block makes more than {MAX_INSTANCES} blocks", block.location)
    return collection, [
        (content, scope.nested({iterator: Value(Iteration(key=key, value=item))}))
        for key, item in elements(collection, block.location)
    ]


class Undecidable(Exception):
    """Carries the unknown collection that decides over a dynamic block."""

    def __init__(self, value: Value) -> None:
        super().__init__()
        self.value = value
