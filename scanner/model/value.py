"""Values as read from code, manifests and accounts: known, null, absent or unknown, with their provenance."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from math import isfinite
from typing import Final, NamedTuple, TypeAlias

from scanner.model.location import Location


class Reason(StrEnum):
    """Why a value is unknown."""

    UNSET_VARIABLE = "unset-variable"
    DATA_SOURCE = "data-source"
    COMPUTED = "computed"
    MODULE = "module-unavailable"
    UNREADABLE = "unreadable"
    UNSUPPORTED = "unsupported"
    ERROR = "error"


@dataclass(slots=True, frozen=True)
class Unknown:
    """A value that cannot be decided from what was read; `detail` says what is missing, for people."""

    reason: Reason
    detail: str


class _Absent:
    """The type of ABSENT: nothing is written at this place."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "ABSENT"

    def __bool__(self) -> bool:
        return False


ABSENT: Final = _Absent()


class Hop(NamedTuple):
    """One reference on the way to a value: `what` was followed (`var.multi_az`), and where that thing is written."""

    what: str
    location: Location | None


class Reference(NamedTuple):
    """A resource that a value refers to, by full address (`module.data.aws_kms_key.main`), and the attribute.

    It is not `certain` where a selector may choose the resource, but labels that are not known decide. `root` is that
    of the resource, where it is another one than that of the value.
    """

    address: str
    attribute: str = ""
    certain: bool = True
    root: str | None = None


class SetItems(tuple["Value", ...]):
    """The elements of a Terraform set: unique, in Terraform's order, not addressable by index."""

    __slots__ = ()


Raw: TypeAlias = "str | bool | int | Decimal | Sequence[Value] | Mapping[str, Value] | Unknown | _Absent | None"


@dataclass(slots=True, eq=False)
class Value:
    """A value and where it comes from. Immutable by convention (not frozen: it is made by the hundred thousand).

    raw         the data; lists (tuple or list of Value, SetItems for sets) and objects (Mapping) hold Values.
                An object may be lazy: its items are evaluated when they are asked for.
    location    the definition that finally wrote it (the attribute, tfvars line or object item); None until a
                definition claims it, and for live resources
    hops        the references followed to get there, outermost first
    refs        the resources that it refers to, also where the value itself is unknown
    sensitive   must never be printed
    decoded     the structure behind a JSON string that code encoded itself (`jsonencode`), with places of its own;
                it may be known in part where the string as a whole is unknown
    shape       what is known of a text that is unknown as a whole: `${aws_x.y.attribute}` stands for what only that
                resource or data source can tell, `${}` (GAP) for anything else
    """

    raw: Raw
    location: Location | None = None
    hops: tuple[Hop, ...] = ()
    refs: tuple[Reference, ...] = ()
    sensitive: bool = False
    decoded: Value | None = None
    shape: str | None = None

    @property
    def is_unknown(self) -> bool:
        """Whether nothing can be said of the value as a whole."""
        return type(self.raw) is Unknown

    @property
    def is_absent(self) -> bool:
        """Whether nothing is written, or null, which Terraform treats as not written."""
        return self.raw is ABSENT or self.raw is None

    def with_(
        self,
        *,
        location: Location | None = None,
        hops: tuple[Hop, ...] = (),
        refs: tuple[Reference, ...] = (),
        sensitive: bool = False,
    ) -> Value:
        """The same value, placed at `location` unless it has a place, reached through further `hops`."""
        return Value(
            self.raw,
            self.location or location,
            hops + self.hops if hops else self.hops,
            merge_refs(self.refs, refs),
            self.sensitive or sensitive,
            self.decoded,
            self.shape,
        )


def merge_refs(first: tuple[Reference, ...], second: Iterable[Reference]) -> tuple[Reference, ...]:
    """Both sets of references, without repetition, in order."""
    return tuple(dict.fromkeys((*first, *second))) if second else first


def absent(location: Location | None = None) -> Value:
    """An absent value; `location` is the nearest place where it could have been written."""
    return Value(ABSENT, location)


def unknown(
    reason: Reason, detail: str, *, location: Location | None = None, refs: tuple[Reference, ...] = ()
) -> Value:
    """An unknown value with its reason."""
    return Value(Unknown(reason, detail), location, (), refs)


def fields_of(value: Value | None) -> Mapping[str, Value]:
    """The fields of an object; none where the value is no object."""
    return value.raw if value is not None and isinstance(value.raw, Mapping) else {}


def items_of(value: Value | None) -> Sequence[Value]:
    """The elements of a list; none where the value is no list."""
    raw = value.raw if value is not None else None
    return raw if isinstance(raw, tuple | list) else ()


Plain: TypeAlias = "str | bool | int | float | list[Plain] | dict[str, Plain] | None"
MASK: Final = "(sensitive)"
GAP: Final = "${}"
MAX_SHAPE: Final = 10_000
"""The longest text kept as the `shape` of a value."""


def shape_of(value: Value) -> str | None:
    """What is known of a text, as in `Value.shape`: all of a known one; None where there is nothing to say."""
    return value.raw if isinstance(value.raw, str) else value.shape


def plain(value: Value, *, reveal: bool = False) -> Plain:
    """The value as JSON data for reports: sensitive parts masked (unless `reveal`), unknown parts named."""
    raw = value.raw
    if value.sensitive and not reveal:
        return MASK
    if isinstance(raw, Unknown):
        return f"(unknown: {raw.detail})"
    if raw is ABSENT or raw is None:
        return None
    if isinstance(raw, bool | str | int):
        return raw
    if isinstance(raw, Decimal):
        number = float(raw)
        return number if isfinite(number) else str(raw)
    if isinstance(raw, Mapping):
        return {key: plain(item, reveal=reveal) for key, item in raw.items()}
    assert isinstance(raw, Sequence)
    assert not isinstance(raw, str)
    return [plain(item, reveal=reveal) for item in raw]


def from_plain(data: object, location: Location | None = None) -> Value:
    """A value from JSON or YAML data (also floats, which become decimals). Raises TypeError for anything else."""
    if data is None or isinstance(data, bool | str | int | Decimal):
        return Value(data, location)
    if isinstance(data, float):
        return Value(int(data) if data.is_integer() else Decimal(repr(data)), location)
    if isinstance(data, Mapping):
        return Value({str(key): from_plain(item, location) for key, item in data.items()}, location)
    if isinstance(data, Sequence):
        return Value(tuple(from_plain(item, location) for item in data), location)
    raise TypeError(f"not JSON data: {type(data).__name__}")
