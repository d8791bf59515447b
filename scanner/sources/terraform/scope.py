"""What expressions are evaluated in: the names of a module and of the iterations around an expression."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from pathlib import Path
from typing import Final, Protocol

from scanner.model.location import Location
from scanner.model.value import MAX_SHAPE, Reason, Reference, Unknown, Value

MAX_TEXT: Final = 1_000_000
MAX_ITEMS: Final = 100_000
MAX_WEIGHT: Final = 200_000
MAX_ITERATIONS: Final = 1_000_000


class EvaluationError(ValueError):
    """An expression that Terraform would refuse, with the place of the refused part."""

    def __init__(self, message: str, location: Location | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.location = location


class Module(Protocol):
    """What a module instance answers when expressions name something. None of these raise."""

    @property
    def root(self) -> Path:
        """The directory that file functions must not leave."""

    @property
    def directory(self) -> Path:
        """Where relative paths start: the directory of the root module."""

    def variable(self, name: str) -> Value:
        """`var.name`."""

    def local(self, name: str) -> Value:
        """`local.name`."""

    def child(self, name: str) -> Value:
        """`module.name`: an object of outputs, or a list or map of them."""

    def resource(self, type_: str, name: str) -> Value:
        """`type.name` (also `data.type.name`): an object, or a list or map of them."""

    def setting(self, root: str, name: str) -> Value:
        """`path.module`, `terraform.workspace` and the like."""

    def expand_template(self, text: str, variables: Mapping[str, Value], name: str) -> Value:
        """The text of a template file with only `variables` in scope. Raises EvaluationError."""

    def spend(self, iterations: int) -> None:
        """Counts iterations of `for`. Raises EvaluationError where there are more than anybody would write."""


class Iteration(dict[str, Value]):
    """What `each`, `count` or the iterator of a dynamic block stands for: an object whose use is worth a hop."""


class Scope:
    """The names that an expression may use: those of its module and those of the iterations around it.

    `strict` is set inside `try` and `can`, where an error anywhere is an error of the whole; `template` inside the
    templates of `templatefile` and `templatestring`.
    """

    __slots__ = ("module", "names", "strict", "template")

    def __init__(
        self, module: Module, names: Mapping[str, Value] | None = None, strict: bool = False, template: bool = False
    ) -> None:
        self.module = module
        self.names: Mapping[str, Value] = names or {}
        self.strict = strict
        self.template = template

    def nested(self, names: Mapping[str, Value]) -> Scope:
        """The same scope with further names, which hide equal ones."""
        return Scope(self.module, {**self.names, **names}, self.strict, self.template)

    def demanding(self) -> Scope:
        """The same scope for the arguments of `try` and `can`."""
        return Scope(self.module, self.names, True, self.template)

    @property
    def root(self) -> Path:
        """The directory that file functions must not leave."""
        return self.module.root

    @property
    def directory(self) -> Path:
        """Where relative paths of file functions start."""
        return self.module.directory

    def expand_template(self, text: str, variables: Mapping[str, Value], name: str) -> Value:
        """The text of a template file with only `variables` in scope. Raises EvaluationError."""
        return self.module.expand_template(text, variables, name)


class Expression(Protocol):
    """Something that has a value in a scope."""

    def evaluate(self, scope: Scope) -> Value:
        """The value; raises EvaluationError."""


def undecided(value: Value, *others: Value) -> Value:
    """An unknown value for what depends on the unknown `value`; the others add their references and hops."""
    assert isinstance(value.raw, Unknown)
    return derived(value.raw, value, *others)


def derived(raw: object, *operands: Value) -> Value:
    """A value made from others: no place of its own, their hops and references, sensitive if one of them is."""
    hops: dict[object, None] = {}
    refs: dict[Reference, None] = {}
    sensitive = False
    for operand in operands:
        if operand.hops:
            hops.update(dict.fromkeys(operand.hops))
        if operand.refs:
            refs.update(dict.fromkeys(operand.refs))
        sensitive = sensitive or operand.sensitive
    return Value(raw, None, tuple(hops), tuple(refs), sensitive)  # type: ignore[arg-type]


def check_size(value: Value) -> None:
    """Raises EvaluationError for a value that only serves to exhaust memory or time, by length or by nesting.

    What is known of an unknown text is forgotten where it is too long.
    """
    raw = value.raw
    if value.shape is not None and len(value.shape) > MAX_SHAPE:
        value.shape = None
    if isinstance(raw, str):
        if len(raw) > MAX_TEXT:
            raise EvaluationError(f"a text of more than {MAX_TEXT} characters")
        return
    waiting = [raw]
    weight = 0
    while waiting:
        raw = waiting.pop()
        if isinstance(raw, OpenObject) or not isinstance(raw, tuple | list | dict):
            continue
        weight += len(raw)
        if weight > MAX_WEIGHT:
            raise EvaluationError(f"a value with more than {MAX_WEIGHT} parts")
        items = raw.values() if isinstance(raw, dict) else raw
        waiting.extend([item.raw for item in items if isinstance(item.raw, tuple | list | dict)])


def failed(error: EvaluationError, location: Location | None) -> Value:
    """The unknown value that stands for an expression that could not be evaluated."""
    return Value(Unknown(Reason.ERROR, error.message), location)


class OpenObject(Mapping[str, Value]):
    """An object whose attributes know more than what is written: those of a resource that only exist after apply."""

    __slots__ = ()

    @abstractmethod
    def attribute(self, name: str) -> Value:
        """The value of an expression that names the attribute `name`. Raises EvaluationError where there is none."""


def inherit(parent: Value, child: Value) -> Value:
    """An element as reached through its collection: through the collection's hops, at its place if it has none."""
    if child.location is not None and not parent.hops and not parent.sensitive:
        return child
    refs = () if child.refs or isinstance(parent.raw, OpenObject) else parent.refs
    return child.with_(location=parent.location, hops=parent.hops, refs=refs, sensitive=parent.sensitive)
