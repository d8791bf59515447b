"""Template strings: interpolation, `%{if}` and `%{for}`, trimming, indented heredocs, JSON written as text."""

from __future__ import annotations

import json
import re
from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import TypeAlias

from scanner.model.location import Location
from scanner.model.value import GAP, MAX_SHAPE, Unknown, Value, shape_of
from scanner.sources.terraform.expressions import ForClause, Undecided, truth
from scanner.sources.terraform.scope import MAX_TEXT, EvaluationError, Expression, Scope, derived, undecided
from scanner.sources.terraform.types import ConversionError, to_text

Piece: TypeAlias = "str | Value"


class Part(ABC):
    """A part of a template: yields text, and values whose text is unknown or comes from a resource."""

    __slots__ = ()

    @abstractmethod
    def pieces(self, scope: Scope) -> Iterator[Piece]:
        """The pieces of text; raises EvaluationError."""


class Text(Part):
    """Literal text."""

    __slots__ = ("text",)

    def __init__(self, text: str) -> None:
        self.text = text

    def pieces(self, scope: Scope) -> Iterator[Piece]:  # noqa: ARG002
        """The text itself."""
        yield self.text


class Interpolation(Part):
    """`${expression}`."""

    __slots__ = ("expression", "location")

    def __init__(self, expression: Expression, location: Location) -> None:
        self.expression = expression
        self.location = location

    def pieces(self, scope: Scope) -> Iterator[Piece]:
        """The value."""
        value = self.expression.evaluate(scope)
        if value.is_absent:
            raise EvaluationError("a template must not contain null", self.location)
        if not isinstance(value.raw, Unknown | str):
            try:
                text = to_text(value)
            except ConversionError as error:
                raise EvaluationError(f"a template can only contain text: {error}", self.location) from error
            value = Value(text, value.location, value.hops, value.refs, value.sensitive)
        yield value


class If(Part):
    """`%{if condition}…%{else}…%{endif}`."""

    __slots__ = ("condition", "location", "no", "yes")

    def __init__(self, condition: Expression, yes: Sequence[Part], no: Sequence[Part], location: Location) -> None:
        self.condition = condition
        self.yes = yes
        self.no = no
        self.location = location

    def pieces(self, scope: Scope) -> Iterator[Piece]:
        """The pieces of the branch that applies; one unknown piece where that is not known."""
        condition = self.condition.evaluate(scope)
        if isinstance(condition.raw, Unknown):
            yield undecided(condition)
            return
        for part in self.yes if truth(condition, self.location, "a condition") else self.no:
            yield from part.pieces(scope)


class For(Part):
    """`%{for key, value in collection}…%{endfor}`."""

    __slots__ = ("body", "clause")

    def __init__(self, clause: ForClause, body: Sequence[Part]) -> None:
        self.clause = clause
        self.body = body

    def pieces(self, scope: Scope) -> Iterator[Piece]:
        """The pieces of every element; one unknown piece where the collection is unknown."""
        collection = self.clause.collection.evaluate(scope)
        if isinstance(collection.raw, Unknown):
            yield undecided(collection)
            return
        try:
            for inner in self.clause.scopes(scope, collection):
                for part in self.body:
                    yield from part.pieces(inner)
        except Undecided as way_out:
            yield way_out.value


class Template:
    """A string with more in it than text."""

    __slots__ = ("location", "parts")

    def __init__(self, parts: Sequence[Part], location: Location) -> None:
        self.parts = parts
        self.location = location

    def evaluate(self, scope: Scope) -> Value:
        """The text; unknown where a part is."""
        pieces: list[Piece] = []
        size = 0
        for part in self.parts:
            for piece in part.pieces(scope):
                pieces.append(piece)
                text = piece if isinstance(piece, str) else piece.raw
                size += len(text) if isinstance(text, str) else 0
                if size > MAX_TEXT:
                    raise EvaluationError(f"a text of more than {MAX_TEXT} characters", self.location)
        return assembled(pieces)


def assembled(pieces: Sequence[Piece]) -> Value:
    """One string from pieces of text, with the structure behind it where it is JSON."""
    values = [piece for piece in pieces if isinstance(piece, Value)]
    blank = next((value.raw for value in values if isinstance(value.raw, Unknown)), None)
    text = "" if blank else "".join(_text(piece) for piece in pieces)
    result = derived(blank or text, *values)
    if blank or result.refs:
        result.decoded = _decoded(pieces)
    if blank and result.decoded is None:
        shapes = [_shape(piece) for piece in pieces]
        result.shape = "".join(shapes) if sum(map(len, shapes)) <= MAX_SHAPE else None
    return result


def _shape(piece: Piece) -> str:
    """A piece of text as it is known, with a gap for what is not."""
    return piece if isinstance(piece, str) else shape_of(piece) or GAP


def _text(piece: Piece) -> str:
    raw = piece if isinstance(piece, str) else piece.raw
    assert isinstance(raw, str)
    return raw


_MARK = re.compile("\ue000(\\d+)\ue001")
_QUOTES = re.compile(r'\\.|"', re.DOTALL)


def _decoded(pieces: Sequence[Piece]) -> Value | None:
    """The structure of a JSON text in which unknown pieces, and those that refer to resources, keep their identity."""
    first = next((piece for piece in pieces if not isinstance(piece, str) or piece.strip()), "")
    if not isinstance(first, str) or first.lstrip()[0] not in "{[":
        return None
    text: list[str] = []
    inside = False
    for index, piece in enumerate(pieces):
        if isinstance(piece, Value) and (isinstance(piece.raw, Unknown) or piece.refs):
            mark = f"\ue000{index}\ue001"
            text.append(mark if inside else f'"{mark}"')
        else:
            words = _text(piece)
            text.append(words)
            inside ^= sum(match[0] == '"' for match in _QUOTES.finditer(words)) % 2 == 1
    try:
        data = json.loads("".join(text), parse_float=Decimal)
    except (ValueError, RecursionError):
        return None
    return _restored(data, pieces)


def _restored(data: object, pieces: Sequence[Piece]) -> Value:
    """JSON data as a value, with the marks replaced by the pieces that they stand for."""
    if isinstance(data, dict):
        return Value({_MARK.sub("(unknown)", str(key)): _restored(item, pieces) for key, item in data.items()})
    if isinstance(data, list):
        return Value(tuple([_restored(item, pieces) for item in data]))
    if isinstance(data, str) and "\ue000" in data:
        parts: list[Piece] = []
        for index, word in enumerate(_MARK.split(data)):
            parts.append(pieces[int(word)] if index % 2 else word)
        kept = [part for part in parts if part != ""]
        only = kept[0]
        return only if len(kept) == 1 and isinstance(only, Value) else assembled(kept)
    assert data is None or isinstance(data, str | bool | int | Decimal)
    return Value(data)
