"""What a Terraform function is: its parameters, how it is called, and how results keep their provenance."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Protocol, TypeAlias
from unicodedata import normalize

from scanner.model.value import Hop, Raw, Reason, Reference, SetItems, Unknown, Value, merge_refs
from scanner.sources.terraform.kinds import ListItems, is_sequence
from scanner.sources.terraform.types import ANY, ConversionError, Type, convert


class FunctionError(ValueError):
    """A call that Terraform refuses: wrong arguments, or no result for them."""


class Scope(Protocol):
    """Where a function is called.

    root        the scanned directory; files outside of it are not read
    directory   the directory of the root module, where relative file names start
    template    whether the call stands in a template, from which no other template can be called
    """

    @property
    def root(self) -> Path:
        """See above."""
        ...

    @property
    def directory(self) -> Path:
        """See above."""
        ...

    @property
    def template(self) -> bool:
        """See above."""
        ...

    def expand_template(self, text: str, variables: Mapping[str, Value], name: str) -> Value:
        """The template `text` with these variables, as a string; `name` says in messages which template it is."""
        ...


Implementation: TypeAlias = "Callable[[Scope, list[Value]], Raw | Value]"


@dataclass(frozen=True, slots=True)
class Function:
    """A function of the Terraform language.

    implementation   gets the converted arguments; returns data that is made new, or a Value that keeps its provenance
    parameters       the types that arguments are converted to
    rest             the type of any further arguments, None where there are none
    optional         how many of the parameters may be left out
    nulls            whether arguments may be null
    handles_unknown  whether it can say something of partly unknown arguments; otherwise the result is unknown then
    secrets_stay     whether sensitive parts of the arguments stay so in the result; otherwise all of it is sensitive
    """

    name: str
    implementation: Implementation
    parameters: tuple[Type, ...] = ()
    rest: Type | None = None
    optional: int = 0
    nulls: bool = False
    handles_unknown: bool = False
    secrets_stay: bool = False

    def call(self, scope: Scope, arguments: list[Value]) -> Value:
        """The result for `arguments`. Raises FunctionError where Terraform reports an error."""
        arguments = self._converted(arguments)
        if not self.handles_unknown:
            missing = first_unknown(arguments)
            if missing is not None:
                return derive(missing, arguments)
        try:
            result = self.implementation(scope, arguments)
        except ConversionError as error:
            raise FunctionError(f"{self.name}: {error}") from error
        except FunctionError as error:
            raise FunctionError(f"{self.name}: {error}") from error
        if not isinstance(result, Value):
            return derive(result, arguments)
        if not (self.secrets_stay or result.sensitive) and any(part.sensitive for part in parts(arguments)):
            return result.with_(sensitive=True)
        return result

    def _converted(self, arguments: list[Value]) -> list[Value]:
        least, most = len(self.parameters) - self.optional, len(self.parameters)
        if len(arguments) < least or (self.rest is None and len(arguments) > most):
            expected = str(least) if least == most else f"{least} to {most}"
            raise FunctionError(f"{self.name} takes {expected} arguments, not {len(arguments)}")
        converted: list[Value] = []
        for at, argument in enumerate(arguments):
            type_ = self.parameters[at] if at < most else self.rest
            if argument.is_absent and not self.nulls:
                raise FunctionError(f"{self.name}: argument {at + 1} must not be null")
            try:
                converted.append(convert(argument, type_ or ANY))
            except ConversionError as error:
                raise FunctionError(f"{self.name}: argument {at + 1}: {error}") from error
        return converted


def pure(compute: Callable[..., Raw]) -> Implementation:
    """An implementation that needs nothing but the data of its arguments."""

    def implementation(_scope: Scope, arguments: list[Value]) -> Raw:
        return compute(*(argument.raw for argument in arguments))

    return implementation


def undecidable(detail: str, reason: Reason = Reason.COMPUTED) -> Implementation:
    """An implementation of a function whose result cannot be known before Terraform runs."""

    def implementation(_scope: Scope, _arguments: list[Value]) -> Raw:
        return Unknown(reason, detail)

    return implementation


def derive(raw: Raw, sources: Iterable[Value], decoded: Value | None = None) -> Value:
    """A new value made of all parts of `sources`: it has no place of its own, but their references and secrecy."""
    hops: dict[Hop, None] = {}
    refs: dict[Reference, None] = {}
    sensitive = False
    for source in parts(sources):
        if source.hops:
            hops.update(dict.fromkeys(source.hops))
        if source.refs:
            refs.update(dict.fromkeys(source.refs))
        sensitive = sensitive or source.sensitive
    return Value(text(raw) if isinstance(raw, str) else raw, None, tuple(hops), tuple(refs), sensitive, decoded)


def derive_shallow(raw: Raw, sources: Sequence[Value]) -> Value:
    """A new value made of `sources` as wholes (their length, their keys), whatever their elements are."""
    hops = dict.fromkeys(hop for source in sources for hop in source.hops)
    refs: tuple[Reference, ...] = ()
    for source in sources:
        refs = merge_refs(refs, source.refs)
    return Value(raw, None, tuple(hops), refs, any(source.sensitive for source in sources))


def inside(container: Value, item: Value) -> Value:
    """An element taken out of a container: it was reached through the container, and is as secret."""
    if not (container.hops or container.refs or container.sensitive):
        return item
    return item.with_(hops=container.hops, refs=container.refs, sensitive=container.sensitive)


def sequence_of(container: Value) -> Sequence[Value]:
    """The elements of a list, tuple or set, each as reached through it. Raises FunctionError for anything else."""
    raw = container.raw
    if not is_sequence(raw):
        raise FunctionError("a list, tuple or set is required")
    return [inside(container, item) for item in raw]


def has_no_order(container: Value) -> bool:
    """Whether nobody can tell in which order the elements are: those of a set that are unknown may be anywhere."""
    return isinstance(container.raw, SetItems) and first_unknown([container]) is not None


def mapping_of(container: Value) -> Mapping[str, Value]:
    """The map or object. Raises FunctionError for anything else."""
    if not isinstance(container.raw, Mapping):
        raise FunctionError("a map or object is required")
    return container.raw


def like(container: Value, items: Iterable[Value]) -> Value:
    """Elements in the kind of sequence that they come from: a list for a list or set, a tuple for a tuple."""
    raw: Raw = tuple(items) if type(container.raw) in (tuple, list) else ListItems(items)
    return Value(raw, None, (), (), container.sensitive)


def parts(values: Iterable[Value]) -> Iterator[Value]:
    """The values and everything in them."""
    for value in values:
        yield value
        raw = value.raw
        if isinstance(raw, Mapping):
            yield from parts(raw.values())
        elif is_sequence(raw):
            yield from parts(raw)


def first_unknown(values: Iterable[Value]) -> Unknown | None:
    """What the first unknown part says, or None if all is known."""
    for value in parts(values):
        if isinstance(value.raw, Unknown):
            return value.raw
    return None


def unknown_from(values: Sequence[Value]) -> Value:
    """An unknown value for the reason of the first unknown part of `values`."""
    return derive(first_unknown(values) or Unknown(Reason.COMPUTED, "depends on unknown values"), values)


def whole(value: Value, what: str) -> int:
    """A known whole number. Raises FunctionError for fractions."""
    if isinstance(value.raw, int) and abs(value.raw) < 1 << 63:
        return value.raw
    raise FunctionError(f"{what} must be a whole number")


def text(raw: Raw) -> str:
    """A known string in the normal form (NFC) that all strings of Terraform have."""
    assert isinstance(raw, str)
    return raw if raw.isascii() else normalize("NFC", raw)


def strings(items: Iterable[str]) -> ListItems:
    """A list of strings."""
    return ListItems(Value(text(item)) for item in items)


def from_data(data: object) -> Value:
    """A value from decoded data: str, bool, int, Decimal, None, list (a tuple then) or dict (an object then)."""
    if isinstance(data, str):
        return Value(text(data))
    if data is None or isinstance(data, bool | int | Decimal):
        return Value(data)
    if isinstance(data, Mapping):
        return Value({text(str(key)): from_data(item) for key, item in data.items()})
    if isinstance(data, Sequence):
        return Value(tuple(from_data(item) for item in data))
    raise FunctionError(f"cannot represent {type(data).__name__}")
