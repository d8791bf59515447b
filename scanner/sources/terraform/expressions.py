"""Expressions that make values: literals, lists, objects, `for` and conditionals."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Final

from scanner.model.location import Location
from scanner.model.value import ABSENT, Raw, Reason, SetItems, Unknown, Value
from scanner.sources.terraform.scope import (
    MAX_ITEMS,
    EvaluationError,
    Expression,
    Scope,
    failed,
    inherit,
    undecided,
)
from scanner.sources.terraform.types import (
    BOOL,
    ConversionError,
    ListItems,
    MapItems,
    convert,
    is_sequence,
    to_text,
    type_of,
    unify,
)


class Literal:
    """A value that is the same everywhere, possibly a whole list or object."""

    __slots__ = ("value",)

    def __init__(self, value: Value) -> None:
        self.value = value

    def evaluate(self, scope: Scope) -> Value:  # noqa: ARG002
        """The value."""
        return self.value


class Broken:
    """An expression with a syntax error in it."""

    __slots__ = ("location",)

    def __init__(self, location: Location) -> None:
        self.location = location

    def evaluate(self, scope: Scope) -> Value:  # noqa: ARG002
        """Always unknown."""
        return Value(Unknown(Reason.UNREADABLE, "the expression has a syntax error"), self.location)


class Refused:
    """An expression that parses but that Terraform would not take."""

    __slots__ = ("error",)

    def __init__(self, error: EvaluationError) -> None:
        self.error = error

    def evaluate(self, scope: Scope) -> Value:  # noqa: ARG002
        """Raises the error."""
        raise EvaluationError(self.error.message, self.error.location)


def placed(expression: Expression, location: Location, scope: Scope) -> Value:
    """The value of a list element or object item, placed there unless it comes from elsewhere.

    An element that cannot be evaluated is unknown on its own, so that its neighbours stay usable; inside `try` and
    `can` it is an error.
    """
    try:
        value = expression.evaluate(scope)
    except EvaluationError as error:
        if scope.strict:
            raise
        return failed(error, error.location or location)
    return value if value.location is not None else value.with_(location=location)


def placed_literal(expression: Expression, location: Location) -> Expression:
    """The expression; a literal is given its place once and for all."""
    if isinstance(expression, Literal) and expression.value.location is None:
        return Literal(expression.value.with_(location=location))
    return expression


class ListExpression:
    """`[a, b]`."""

    __slots__ = ("elements",)

    def __init__(self, elements: Sequence[tuple[Expression, Location]]) -> None:
        self.elements = elements

    def evaluate(self, scope: Scope) -> Value:
        """A tuple of the elements, each with its place."""
        return Value(tuple([placed(element, location, scope) for element, location in self.elements]))


class ObjectExpression:
    """`{a = 1, (b) = 2}`; a later item replaces an earlier one of the same name."""

    __slots__ = ("items",)

    def __init__(self, items: Sequence[tuple[Expression, Expression, Location]]) -> None:
        self.items = items

    def evaluate(self, scope: Scope) -> Value:
        """An object whose items know their places; unknown where a key is."""
        result: dict[str, Value] = {}
        for key, expression, location in self.items:
            name = key.evaluate(scope)
            if isinstance(name.raw, Unknown):
                return undecided(name)
            result[key_text(name, location)] = placed(expression, location, scope)
        return Value(result)


def key_text(key: Value, location: Location) -> str:
    """A key of an object as text. Raises EvaluationError for what cannot be one."""
    if type(key.raw) is str:
        return key.raw
    if key.is_absent:
        raise EvaluationError("a key must not be null", location)
    try:
        return to_text(key)
    except ConversionError as error:
        raise EvaluationError(f"a key must be a string: {error}", location) from error


def truth(value: Value, location: Location, what: str) -> bool:
    """A known value as a boolean. Raises EvaluationError for null and what is none."""
    if value.raw is True or value.raw is False:
        return bool(value.raw)
    if value.is_absent:
        raise EvaluationError(f"{what} must not be null", location)
    try:
        return bool(convert(value, BOOL).raw)
    except ConversionError as error:
        raise EvaluationError(f"{what} must be true or false: {error}", location) from error


class Conditional:
    """`condition ? yes : no`."""

    __slots__ = ("condition", "location", "no", "yes")

    def __init__(self, condition: Expression, yes: Expression, no: Expression, location: Location) -> None:
        self.condition = condition
        self.yes = yes
        self.no = no
        self.location = location

    def evaluate(self, scope: Scope) -> Value:
        """The chosen branch, converted to the type that both have in common.

        Where the condition is unknown so is the value; it refers only to what it would refer to either way.
        """
        condition = self.condition.evaluate(scope)
        if isinstance(condition.raw, Unknown):
            return self._either(condition, scope)
        chosen, other = self.yes, self.no
        if not truth(condition, self.location, "a condition"):
            chosen, other = other, chosen
        result = self._unified(chosen.evaluate(scope), other, scope)
        return result.with_(sensitive=True) if condition.sensitive else result

    def _unified(self, chosen: Value, other: Expression, scope: Scope) -> Value:
        """The chosen branch as Terraform converts it; an error in the other branch does not matter.

        Text is what everything else is converted to: only where an error counts it is compared with the other branch.
        """
        if not _can_differ(chosen.raw) and not (scope.strict and isinstance(chosen.raw, str)):
            return chosen
        try:
            alternative = other.evaluate(scope)
        except EvaluationError:
            return chosen
        if not _can_differ(alternative.raw) and not isinstance(alternative.raw, str):
            return chosen
        try:
            return convert(chosen, unify([chosen, alternative]))
        except ConversionError as error:
            if scope.strict:
                raise EvaluationError("the branches of a condition have different types", self.location) from error
            return chosen

    def _either(self, condition: Value, scope: Scope) -> Value:
        """What can be said without the condition: null where both branches are, else what both refer to."""
        branches = []
        for branch in (self.yes, self.no):
            try:
                branches.append(branch.evaluate(scope))
            except EvaluationError:
                branches.append(Value(ABSENT))
        if branches[0].raw is None and branches[1].raw is None:
            return Value(None, None, condition.hops, (), condition.sensitive)
        shared = tuple(reference for reference in branches[0].refs if reference in branches[1].refs)
        result = undecided(condition)
        return Value(result.raw, None, result.hops, shared, result.sensitive)


def _can_differ(raw: Raw) -> bool:
    """Whether the type of the other branch can matter: not for null, unknown values and objects made on demand."""
    return isinstance(raw, bool | int | Decimal) or type(raw) in _CONVERTIBLE


_CONVERTIBLE: Final = frozenset({tuple, dict, ListItems, SetItems, MapItems})


class ForClause:
    """`for key, value in collection : … if condition`: what list and object comprehensions have in common."""

    __slots__ = ("collection", "condition", "key", "location", "value")

    def __init__(
        self, key: str | None, value: str, collection: Expression, condition: Expression | None, location: Location
    ) -> None:
        self.key = key
        self.value = value
        self.collection = collection
        self.condition = condition
        self.location = location

    def scopes(self, scope: Scope, collection: Value) -> Iterator[Scope]:
        """The scope of every element that meets the condition. Raises Undecided where that is not known."""
        raw = collection.raw
        scope.module.spend(len(raw) if isinstance(raw, Sequence | Mapping) else 0)
        for key, item in elements(collection, self.location):
            names = {self.value: item} if self.key is None else {self.key: key, self.value: item}
            inner = scope.nested(names)
            if self.condition is not None:
                kept = self.condition.evaluate(inner)
                if isinstance(kept.raw, Unknown):
                    raise Undecided(undecided(kept, collection))
                if not truth(kept, self.location, "the condition of a for expression"):
                    continue
            yield inner


class Undecided(Exception):
    """Carries the unknown value that decides over a whole comprehension."""

    def __init__(self, value: Value) -> None:
        super().__init__()
        self.value = value


def elements(collection: Value, location: Location) -> Iterator[tuple[Value, Value]]:
    """Keys and elements of a known collection in Terraform's order. Raises EvaluationError for other values."""
    raw = collection.raw
    if isinstance(raw, Mapping):
        _check_size(len(raw), location)
        for name in sorted(raw):
            item = inherit(collection, raw[name])
            yield Value(name, item.location, item.hops), item  # a key is written where its item is
    elif is_sequence(raw):
        _check_size(len(raw), location)
        for index, item in enumerate(raw):
            element = inherit(collection, item)
            yield (element if isinstance(raw, SetItems) else Value(index)), element
    else:
        what = "null" if collection.is_absent else str(type_of(collection))
        raise EvaluationError(f"cannot iterate over {what}", location)


def _check_size(size: int, location: Location) -> None:
    if size > MAX_ITEMS:
        raise EvaluationError(f"more than {MAX_ITEMS} elements", location)


class ForList:
    """`[for x in xs : result if condition]`."""

    __slots__ = ("clause", "result")

    def __init__(self, clause: ForClause, result: Expression) -> None:
        self.clause = clause
        self.result = result

    def evaluate(self, scope: Scope) -> Value:
        """A tuple; unknown where the collection or a condition is."""
        collection = self.clause.collection.evaluate(scope)
        if isinstance(collection.raw, Unknown):
            return undecided(collection)
        try:
            items = tuple([self._item(inner) for inner in self.clause.scopes(scope, collection)])
        except Undecided as way_out:
            return way_out.value
        return Value(items, None, collection.hops, (), collection.sensitive)

    def _item(self, scope: Scope) -> Value:
        try:
            return self.result.evaluate(scope)
        except EvaluationError as error:
            if scope.strict:
                raise
            return failed(error, error.location)


class ForObject:
    """`{for k, v in xs : key => result... if condition}`."""

    __slots__ = ("clause", "grouping", "key", "result")

    def __init__(self, clause: ForClause, key: Expression, result: Expression, grouping: bool) -> None:
        self.clause = clause
        self.key = key
        self.result = result
        self.grouping = grouping

    def evaluate(self, scope: Scope) -> Value:
        """An object; unknown where the collection, a condition or a key is."""
        collection = self.clause.collection.evaluate(scope)
        if isinstance(collection.raw, Unknown):
            return undecided(collection)
        groups: dict[str, list[Value]] = {}
        try:
            for inner in self.clause.scopes(scope, collection):
                self._add(groups, inner)
        except Undecided as way_out:
            return way_out.value
        raw = {name: Value(tuple(items)) if self.grouping else items[0] for name, items in sorted(groups.items())}
        return Value(raw, None, collection.hops, (), collection.sensitive)

    def _add(self, groups: dict[str, list[Value]], scope: Scope) -> None:
        key = self.key.evaluate(scope)
        if isinstance(key.raw, Unknown):
            raise Undecided(undecided(key))
        name = key_text(key, self.clause.location)
        if name in groups and not self.grouping:
            raise EvaluationError(f"two elements have the key {name!r}", self.clause.location)
        try:
            item = self.result.evaluate(scope)
        except EvaluationError as error:
            if scope.strict:
                raise
            item = failed(error, error.location)
        groups.setdefault(name, []).append(item)
