"""Attribute paths: parsing, and looking values up together with their places.

backup_retention_period
versioning_configuration.status         a name on a list means every element of it
default_action[0].redirect[-1].port     one element
rule[*].expiration.days                 every element; unlike the bare name it is content with no element at all
container_definitions[name=api].image   the elements whose field has this value; a JSON string is decoded on the way
tags["team/owner"]                      a key that is no plain name
launch_type|capacity_provider_strategy  the first of the two that is written
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import TypeAlias

from scanner.model.value import Reason, Value, absent, from_plain, unknown


@dataclass(frozen=True, slots=True)
class Name:
    """A field of an object."""

    key: str


@dataclass(frozen=True, slots=True)
class Index:
    """An element of a list, negative from the end."""

    at: int


@dataclass(frozen=True, slots=True)
class Each:
    """Every element of a list or object, possibly none."""


@dataclass(frozen=True, slots=True)
class Having:
    """The elements whose `field` equals `text`."""

    field: str
    text: str


Step: TypeAlias = Name | Index | Each | Having
Path: TypeAlias = tuple[Step, ...]

_TOKEN = re.compile(
    r"""\.?(?P<name>[A-Za-z_*][\w\-/]*) | \[(?P<index>-?\d+)\] | \[(?P<each>\*)\]
      | \["(?P<key>[^"]*)"\] | \[(?P<field>[\w.\-]+)=(?P<text>[^\]]*)\]""",
    re.VERBOSE,
)


@lru_cache(maxsize=4096)
def parse_path(text: str) -> tuple[Path, ...]:
    """The alternatives of a path (more than one where `|` is used). Raises ValueError with the offending part."""
    return tuple(_parse_one(part.strip()) for part in text.split("|"))


def _parse_one(text: str) -> Path:
    steps: list[Step] = []
    position = 0
    while position < len(text):
        match = _TOKEN.match(text, position)
        if match is None or (position == 0 and text[0] == "."):
            raise ValueError(f"cannot read {text[position:]!r} in path {text!r}")
        steps.append(_step(match))
        position = match.end()
    if not steps:
        raise ValueError("a path cannot be empty")
    return tuple(steps)


def _step(match: re.Match[str]) -> Step:
    groups = match.groupdict()
    if groups["index"] is not None:
        return Index(int(groups["index"]))
    if groups["each"] is not None or groups["name"] == "*":
        return Each()
    if groups["field"] is not None:
        return Having(groups["field"], groups["text"].strip().strip("\"'"))
    key = groups["key"] if groups["key"] is not None else groups["name"]
    return Name(key)


@dataclass(slots=True)
class Found:
    """A value reached by a path: `path` with concrete indexes, `value` absent or unknown where it says nothing.

    `whole` is False where `value` is unknown as something larger that the path leads into.
    """

    path: str
    value: Value
    whole: bool = True


def joined(prefix: str, path: str) -> str:
    """A path below another one; `prefix` may be empty."""
    return f"{prefix}{'' if not prefix or path.startswith('[') else '.'}{path}"


def lookup(root: Value, text: str) -> list[Found]:
    """Everything that `text` reaches from `root`; the first written alternative where it names several.

    A missing field is one absent value placed at its nearest existing parent; an unknown parent is one unknown value.
    """
    found: list[Found] = []
    for path in parse_path(text):
        found = list(_walk(Found("", root), path, 0))
        if any(not item.value.is_absent for item in found):
            return found
    return found


def _walk(here: Found, path: Path, at: int) -> Iterator[Found]:
    if at == len(path):
        yield here
        return
    step = path[at]
    value = decoded(here.value)
    if value.is_unknown:
        yield Found(here.path, value, False)
        return
    if isinstance(step, Name):
        yield from _walk_name(here, value, step, path, at)
        return
    if value.is_absent:
        if not isinstance(step, Each):
            yield Found(here.path + _written(step), absent(value.location))
        return
    for child in _elements(here, value, step):
        yield from _walk(child, path, at + 1)


def _walk_name(here: Found, value: Value, step: Name, path: Path, at: int) -> Iterator[Found]:
    label = f"{here.path}.{step.key}" if here.path else step.key
    raw = value.raw
    if isinstance(raw, Mapping):
        child = raw.get(step.key)
        item = absent(value.location) if child is None else _inherit(value, child)
        yield from _walk(Found(label, item), path, at + 1)
    elif isinstance(raw, Sequence) and not isinstance(raw, str) and raw:
        for index, element in enumerate(raw):
            yield from _walk_name(
                Found(f"{here.path}[{index}]", element), decoded(_inherit(value, element)), step, path, at
            )
    elif value.is_unknown:
        yield Found(label, value, False)
    elif value.is_absent or not raw:
        yield Found(label, absent(value.location))
    else:
        detail = f"{here.path or 'the value'} is no object, so it has no {step.key}"
        yield Found(label, unknown(Reason.ERROR, detail, location=value.location))


def _elements(here: Found, value: Value, step: Step) -> Iterator[Found]:
    raw = value.raw
    if isinstance(raw, Mapping):
        items = [(f"{here.path}.{key}", _inherit(value, item)) for key, item in raw.items()]
    elif isinstance(raw, Sequence) and not isinstance(raw, str):
        items = [(f"{here.path}[{index}]", _inherit(value, item)) for index, item in enumerate(raw)]
    else:
        detail = f"{here.path or 'the value'} is no list"
        yield Found(here.path, unknown(Reason.ERROR, detail, location=value.location))
        return
    if isinstance(step, Index):
        if -len(items) <= step.at < len(items):
            yield Found(*items[step.at])
        else:
            yield Found(here.path + _written(step), absent(value.location))
    elif isinstance(step, Having):
        yield from _having(here, value, items, step)
    else:
        yield from (Found(*item) for item in items)


def _having(here: Found, value: Value, items: list[tuple[str, Value]], step: Having) -> Iterator[Found]:
    """The elements with the wanted field; none of them is one absent value, undecidable ones make it unknown."""
    undecided: Value | None = None
    hits = 0
    for label, item in items:
        for found in lookup(item, step.field):
            if found.value.is_unknown:
                undecided = found.value
            elif as_text(found.value) == step.text:
                hits += 1
                yield Found(label, item)
                break
    label = here.path + _written(step)
    if undecided is not None and not hits:
        yield Found(label, undecided, False)
    elif not hits:
        yield Found(label, absent(value.location))


def _written(step: Step) -> str:
    if isinstance(step, Index):
        return f"[{step.at}]"
    if isinstance(step, Having):
        return f"[{step.field}={step.text}]"
    return "[*]"


def _inherit(parent: Value, child: Value) -> Value:
    """The child as reached through its parent: the parent's hops come first, its place serves where it has none."""
    if not parent.hops and not parent.sensitive and child.location is not None:
        return child
    return child.with_(location=parent.location, hops=parent.hops, sensitive=parent.sensitive)


def decoded(value: Value) -> Value:
    """The structure behind a JSON string (`jsonencode`, heredoc, ECS container definitions), or the value itself."""
    if value.decoded is not None:
        return _inherit(value, value.decoded) if value.decoded.location is None else value.decoded
    raw = value.raw
    if isinstance(raw, str) and raw.lstrip()[:1] in ("{", "["):
        data = _json(raw)
        if data is not None:
            structure = from_plain(data, value.location)
            return Value(structure.raw, value.location, value.hops, value.refs, value.sensitive)
    return value


@lru_cache(maxsize=256)
def _json(text: str) -> object | None:
    try:
        return json.loads(text, parse_float=Decimal)  # type: ignore[no-any-return]
    except (ValueError, RecursionError):
        return None


def as_text(value: Value) -> str | None:
    """A scalar as Terraform writes it in a string, None for anything else."""
    raw = value.raw
    if isinstance(raw, bool):
        return "true" if raw else "false"
    if isinstance(raw, str):
        return raw
    if isinstance(raw, int | Decimal):
        return str(raw)
    return None
