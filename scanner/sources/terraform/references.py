"""Names and what follows them: `var.db.size`, `aws_subnet.a[*].id`, `local.list[0]`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from scanner.model.location import Location
from scanner.model.value import Hop, Reference, SetItems, Unknown, Value
from scanner.sources.terraform.scope import (
    EvaluationError,
    Expression,
    Iteration,
    OpenObject,
    Scope,
    inherit,
    undecided,
)
from scanner.sources.terraform.types import (
    NUMBER,
    ConversionError,
    ListItems,
    convert,
    is_sequence,
    to_text,
    type_of,
)


class Step(Protocol):
    """One part of a traversal."""

    def apply(self, value: Value, scope: Scope) -> Value:
        """What the part leads to; raises EvaluationError."""


class GetAttribute:
    """`.name`."""

    __slots__ = ("location", "name")

    def __init__(self, name: str, location: Location) -> None:
        self.name = name
        self.location = location

    def apply(self, value: Value, scope: Scope) -> Value:  # noqa: ARG002
        """The attribute of an object."""
        return attribute_of(value, self.name, self.location)

    def __str__(self) -> str:
        return f".{self.name}"


class GetIndex:
    """`[key]`, also `.0` (`plain`)."""

    __slots__ = ("key", "location", "plain")

    def __init__(self, key: Expression, location: Location, plain: bool = False) -> None:
        self.key = key
        self.location = location
        self.plain = plain

    def apply(self, value: Value, scope: Scope) -> Value:
        """The element of a list or object; a secret key makes it secret too."""
        key = self.key.evaluate(scope)
        found = element_of(value, key, self.location)
        return found.with_(sensitive=True) if key.sensitive else found


class Splat:
    """`[*]` or `.*` with the parts that apply to every element."""

    __slots__ = ("steps",)

    def __init__(self, steps: Sequence[Step]) -> None:
        self.steps = steps

    def apply(self, value: Value, scope: Scope) -> Value:
        """The list of results; null counts as an empty list, any other single value as a list of one."""
        raw = value.raw
        if isinstance(raw, Unknown):
            return follow(value, self.steps, scope)
        if value.is_absent:
            return Value((), value.location, value.hops, value.refs, value.sensitive)
        if not is_sequence(raw):
            return Value((follow(value, self.steps, scope),), None, value.hops, value.refs, value.sensitive)
        items = [follow(inherit(value, item), self.steps, scope) for item in raw]
        made = ListItems(items) if isinstance(raw, ListItems | SetItems) else tuple(items)
        refs = value.refs if not items else ()
        return Value(made, value.location if not self.steps else None, value.hops, refs, value.sensitive)


def follow(value: Value, steps: Sequence[Step], scope: Scope) -> Value:
    """What a chain of parts leads to."""
    for step in steps:
        value = step.apply(value, scope)
    return value


def kind_of(value: Value) -> str:
    """The kind of a value for messages: `list`, `object`, `string`."""
    if isinstance(value.raw, Mapping):
        return "object"
    return "list" if is_sequence(value.raw) else str(type_of(value))


def attribute_of(value: Value, name: str, location: Location) -> Value:
    """`value.name`. Raises EvaluationError where there is no such attribute."""
    raw = value.raw
    if isinstance(raw, OpenObject):
        found = raw.attribute(name)
        return found.with_(hops=value.hops, sensitive=value.sensitive) if value.hops or value.sensitive else found
    if isinstance(raw, Mapping):
        child = raw.get(name)
        if child is None:
            raise EvaluationError(f'there is no attribute "{name}"', location)
        return inherit(value, child)
    if isinstance(raw, Unknown):
        return _part_of_unknown(value, name)
    if value.is_absent:
        raise EvaluationError(f'null has no attribute "{name}"', location)
    raise EvaluationError(f'a value of type {kind_of(value)} has no attribute "{name}"', location)


def _part_of_unknown(value: Value, name: str) -> Value:
    """A part of an unknown value: a reference to a whole resource becomes one to its attribute."""
    refs = value.refs
    if len(refs) == 1 and not refs[0].attribute and name:
        refs = (Reference(refs[0].address, name),)
    return Value(value.raw, None, value.hops, refs, value.sensitive)


def element_of(value: Value, key: Value, location: Location) -> Value:
    """`value[key]`. Raises EvaluationError where there is no such element."""
    raw = value.raw
    if isinstance(raw, Unknown):
        return undecided(value)
    if isinstance(key.raw, Unknown):
        return Value(key.raw, None, value.hops + key.hops, value.refs, value.sensitive or key.sensitive)
    if key.is_absent:
        raise EvaluationError("an index must not be null", location)
    if isinstance(raw, Mapping):
        return attribute_of(value, _key(key, location), location)
    if value.is_absent:
        raise EvaluationError("null has no elements", location)
    if isinstance(raw, SetItems) or not is_sequence(raw):
        raise EvaluationError(f"a value of type {kind_of(value)} has no elements with an index", location)
    index = _index(key, location)
    if not 0 <= index < len(raw):
        raise EvaluationError(f"there is no element {index} in a list of {len(raw)}", location)
    return inherit(value, raw[index])


def _key(key: Value, location: Location) -> str:
    try:
        return to_text(key)
    except ConversionError as error:
        raise EvaluationError(f"a key must be a string: {error}", location) from error


def _index(key: Value, location: Location) -> int:
    raw = key.raw
    if not isinstance(raw, int) or isinstance(raw, bool):
        try:
            raw = convert(key, NUMBER).raw
        except ConversionError as error:
            raise EvaluationError(f"an index must be a number: {error}", location) from error
    if not isinstance(raw, int):
        raise EvaluationError("an index must be a whole number", location)
    return raw


class Traversal:
    """An expression other than a name, with parts after it: `merge(a, b)["key"]`."""

    __slots__ = ("expression", "steps")

    def __init__(self, expression: Expression, steps: Sequence[Step]) -> None:
        self.expression = expression
        self.steps = steps

    def evaluate(self, scope: Scope) -> Value:
        """What the parts lead to."""
        return follow(self.expression.evaluate(scope), self.steps, scope)


class NameReference:
    """A name with parts after it: of a module (`var.x`, `aws_lb.main.arn`) or of an iteration (`each.value`)."""

    __slots__ = ("location", "root", "steps")

    def __init__(self, root: str, steps: Sequence[Step], location: Location) -> None:
        self.root = root
        self.steps = steps
        self.location = location

    def evaluate(self, scope: Scope) -> Value:
        """The value; raises EvaluationError for names that mean nothing."""
        here = scope.names.get(self.root)
        if here is not None:
            return self._iteration(here, scope)
        root, steps = self.root, self.steps
        at = 2 if root == "data" else 1
        names = self.names(at)
        if root == "var":
            value = scope.module.variable(names[0])
        elif root == "local":
            value = scope.module.local(names[0])
        elif root == "module":
            value = scope.module.child(names[0])
        elif root in ("path", "terraform"):
            value = scope.module.setting(root, names[0])
        elif root in ("each", "count", "self"):
            raise EvaluationError(f"{root} means nothing here", self.location)
        else:
            type_ = f"data.{names[0]}" if root == "data" else root
            if root == "resource":
                at, names = 2, self.names(2)
                type_ = names[0]
            value = scope.module.resource(type_, names[-1])
        return follow(value, steps[at:], scope) if len(steps) > at else value

    def names(self, count: int) -> list[str]:
        """The first `count` plain names after the root. Raises EvaluationError where there are fewer."""
        found = [step.name for step in self.steps[:count] if isinstance(step, GetAttribute)]
        if len(found) < count:
            raise EvaluationError(f"{self.root} is no complete reference", self.location)
        return found

    def _iteration(self, here: Value, scope: Scope) -> Value:
        steps = self.steps
        if not steps or not isinstance(here.raw, Iteration):
            return follow(here, steps, scope)
        value = steps[0].apply(here, scope)
        if value.location is not None:
            value = value.with_(hops=(Hop(f"{self.root}{steps[0]}", value.location),))
        return follow(value, steps[1:], scope)

    def path(self) -> str:
        """The reference as an address: root and plain names (`aws_lb.main`, `module.vpc`), as far as they go."""
        names = [self.root]
        for step in self.steps:
            if not isinstance(step, GetAttribute):
                break
            names.append(step.name)
        return ".".join(names)
