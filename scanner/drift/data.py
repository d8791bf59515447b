"""The data files of this package: tables with one line an entry, tabs between the columns, `#` before remarks."""

from __future__ import annotations

from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

from scanner.model.path import as_text
from scanner.model.resource import Resource

_DIRECTORY: Final = Path(__file__).parent


class Treatment(NamedTuple):
    """How the values of an attribute are compared, and why not as they stand (noise.tsv).

    where  `attribute=value` that the resource of the account must have; empty for every resource of the type
    """

    type: str
    path: str
    how: str
    why: str
    where: str = ""


class Keys(NamedTuple):
    """What tells the resources of a type apart (keys.tsv).

    alternatives  tried in order; each is the attributes that together name one resource
    part_of       the attribute that names the resource it is a part of, empty where it stands alone
    """

    alternatives: tuple[tuple[str, ...], ...]
    part_of: str


class Made(NamedTuple):
    """What a cloud makes by itself, and nobody declares: resources whose attribute matches (made.tsv)."""

    type: str
    path: str
    pattern: str
    why: str


def _rows(name: str) -> list[list[str]]:
    text = (_DIRECTORY / name).read_text(encoding="utf-8")
    return [line.split("\t") for line in text.splitlines() if line and not line.startswith("#")]


@cache
def _keys() -> dict[str, Keys]:
    return {
        type_: Keys(tuple(tuple(key.split("+")) for key in written.split("|")), part_of)
        for type_, written, part_of in _rows("keys.tsv")
    }


_ANYTHING: Final = Keys((("identifier",), ("bucket",), ("function_name",), ("name",)), "")
_AZURE: Final = Keys((("name", "resource_group_name"), ("name",)), "")


@cache
def keys_of(type_: str) -> Keys:
    """The keys of a type: those of the table, else the usual names."""
    found = _keys().get(type_)
    return found or (_AZURE if type_.startswith("azurerm_") else _ANYTHING)


@cache
def listed(type_: str) -> bool:
    """Whether the table has the type; the keys of others are a name that only usually tells them apart."""
    return type_ in _keys()


@cache
def _treatments() -> tuple[Treatment, ...]:
    return tuple(Treatment(*row) for row in _rows("noise.tsv"))


@cache
def _of_type(type_: str) -> tuple[Treatment, ...]:
    return tuple(entry for entry in _treatments() if fnmatchcase(type_, entry.type))


@cache
def _at(type_: str, path: str) -> tuple[Treatment, ...]:
    names = path.split(".")
    prefixes = {".".join(names[:count]) for count in range(1, len(names) + 1)}
    return tuple(
        entry
        for entry in _of_type(type_)
        if any(fnmatchcase(prefix, entry.path) for prefix in (prefixes if entry.how == "ignore" else {path}))
    )


def treatments(type_: str, path: str, live: Resource) -> frozenset[str]:
    """How the attribute at a path (without indexes) is compared: names of noise.tsv, none where as it stands."""
    return frozenset(entry.how for entry in _at(type_, path) if not entry.where or _has(live, entry.where))


def _has(resource: Resource, where: str) -> bool:
    attribute, _, wanted = where.partition("=")
    return any(as_text(found.value) == wanted for found in resource.lookup(attribute))


@cache
def made(type_: str) -> tuple[Made, ...]:
    """By what the resources of a type are recognised that a cloud makes by itself."""
    return tuple(entry for entry in (Made(*row) for row in _rows("made.tsv")) if fnmatchcase(type_, entry.type))
