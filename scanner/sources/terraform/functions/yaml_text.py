"""YAML as Terraform reads and writes it (github.com/zclconf/go-cty-yaml), on libyaml's parser and emitter.

Nothing is constructed from tags: only scalars, sequences, mappings, aliases and merge keys are known.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Final

from scanner.model.value import Raw, Value
from scanner.sources.terraform.functions.base import Function, FunctionError, Scope, pure, text
from scanner.sources.terraform.kinds import ANY, STRING, is_sequence
from scanner.sources.terraform.number import format_number, parse_number
from scanner.sources.terraform.types import ConversionError, to_text

_TAG: Final = "tag:yaml.org,2002:"
_TRUE = {"true", "True", "TRUE", "y", "Y", "yes", "Yes", "YES", "on", "On", "ON"}
_FALSE = {"false", "False", "FALSE", "n", "N", "no", "No", "NO", "off", "Off", "OFF"}
_NULL = {"", "~", "null", "Null", "NULL"}
_NO_NUMBER = {sign + word for sign in ("", "+", "-") for word in (".inf", ".Inf", ".INF")} | {".nan", ".NaN", ".NAN"}
_INTEGER = re.compile(r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_DATE = re.compile(
    r"(\d{4})-(\d{1,2})-(\d{1,2})(?:(?P<space> )?(?P<mark>[Tt])?(\d{1,2}):(\d{1,2}):(\d{1,2})(?:\.\d+)?"
    r"(?P<zone>Z|[+-]\d\d:\d\d)?)?"
)
_MOST_VALUES = 100_000


def yaml_data(source: str) -> Value:
    """The one document in `source`. Raises FunctionError for anything that Terraform does not read."""
    import yaml

    loader = yaml.CSafeLoader(source or "\n")
    try:
        reader = _Reader(loader)
        return reader.document()
    except (yaml.YAMLError, RecursionError) as error:
        raise FunctionError("invalid YAML") from error
    finally:
        loader.dispose()


class _Reader:
    """Values made of the events of a parser; bounded, because aliases can multiply them."""

    def __init__(self, loader: Any) -> None:
        self._loader = loader
        self._anchors: dict[str, Value | None] = {}
        self._sizes: dict[str, int] = {}
        self._count = 0

    def document(self) -> Value:
        self._next()
        start = self._next()
        if type(start).__name__ != "DocumentStartEvent" or start.version not in (None, (1, 1)):
            raise FunctionError("no YAML document of version 1.1")
        value = self._value(self._next())
        self._next()
        if type(self._next()).__name__ != "StreamEndEvent":
            raise FunctionError("only one YAML document is allowed")
        return value

    def _next(self) -> Any:
        return self._loader.get_event()

    def _value(self, event: Any) -> Value:
        kind = type(event).__name__
        if kind == "AliasEvent":
            return self._alias(event.anchor)
        before = self._count
        self._grow(1)
        if event.anchor:
            self._anchors[event.anchor] = None
        if kind == "ScalarEvent":
            value = scalar(event.tag, event.value, plain=event.style not in ("'", '"'))
        elif kind == "MappingStartEvent":
            self._expect_tag(event.tag, "map")
            value = self._mapping()
        elif kind == "SequenceStartEvent":
            self._expect_tag(event.tag, "seq")
            value = Value(tuple(self._items("SequenceEndEvent")))
        else:
            raise FunctionError("invalid YAML")
        if event.anchor:
            self._anchors[event.anchor] = value
            self._sizes[event.anchor] = self._count - before
        return value

    def _grow(self, count: int) -> None:
        self._count += count
        if self._count > _MOST_VALUES:
            raise FunctionError(f"more than {_MOST_VALUES} values")

    def _expect_tag(self, tag: str | None, kind: str) -> None:
        if tag not in (None, "!", _TAG + kind):
            raise FunctionError(f"unsupported tag {tag}")

    def _alias(self, anchor: str) -> Value:
        value = self._anchors.get(anchor)
        if value is None:
            raise FunctionError(f"the anchor {anchor} is not defined")
        self._grow(self._sizes[anchor])
        return value

    def _items(self, end: str) -> Iterator[Value]:
        while type(event := self._next()).__name__ != end:
            yield self._value(event)

    def _mapping(self) -> Value:
        entries: dict[str, Value] = {}
        while type(event := self._next()).__name__ != "MappingEndEvent":
            if type(event).__name__ != "ScalarEvent":
                raise FunctionError("only strings are allowed as keys")
            if event.tag == _TAG + "merge" or (event.tag is None and event.value == "<<"):
                self._merge(entries, self._value(self._next()))
                continue
            key = scalar(event.tag, event.value, plain=event.style not in ("'", '"'))
            try:
                name = to_text(key)
            except ConversionError as error:
                raise FunctionError("a key must not be null") from error
            entries[name] = self._value(self._next())
        return Value(entries)

    def _merge(self, entries: dict[str, Value], value: Value) -> None:
        for part in value.raw if is_sequence(value.raw) else (value,):
            if not isinstance(part.raw, Mapping):
                raise FunctionError("only mappings can be merged")
            entries.update(part.raw)


def scalar(tag: str | None, source: str, *, plain: bool) -> Value:
    """A scalar by its tag, or by its looks where it is plain."""
    tag = None if tag == "!" else tag
    short = tag.removeprefix(_TAG) if tag else ""
    if short not in ("", "str", "bool", "int", "float", "null", "timestamp", "binary"):
        raise FunctionError(f"unsupported tag {tag}")
    if short == "binary":
        _check_base64(source)
    if short in ("str", "binary") or not plain:
        return Value(text(source))
    if source in _TRUE or source in _FALSE:
        return Value(source in _TRUE)
    if source in _NULL or short == "null":
        return Value(None)
    if source in _NO_NUMBER:
        raise FunctionError(f"{source} is not supported")
    return _number_or_text(short, source)


def _check_base64(source: str) -> None:
    try:
        base64.b64decode(source.replace("\n", ""), validate=True)
    except (binascii.Error, ValueError) as error:
        raise FunctionError("invalid Base64") from error


def _number_or_text(short: str, source: str) -> Value:
    if short in ("", "timestamp"):
        moment = _timestamp(source)
        if moment is not None:
            return Value(moment)
    if short in ("int", "float") or _INTEGER.fullmatch(source) or _FLOAT.fullmatch(source):
        try:
            digits = source.replace("_", "")
            return Value(int(digits, 0) if digits[:2] in ("0x", "0o") else parse_number(digits))
        except ValueError as error:
            raise FunctionError(f"{source[:40]!r} is no number") from error
    if short:
        raise FunctionError(f"{source[:40]!r} is no {short}")
    return Value(text(source))


def _timestamp(source: str) -> str | None:
    match = _DATE.fullmatch(source)
    if match is None:
        return None
    hour = match[6]
    separated = bool(match["space"]) != bool(match["mark"])
    if hour is not None and (not separated or bool(match["mark"]) != bool(match["zone"])):
        return None
    try:
        year, month, day, *clock = (int(match[at] or 0) for at in (1, 2, 3, 6, 7, 8))
        moment = datetime(year, month, day, clock[0], clock[1], clock[2], tzinfo=UTC)
    except ValueError:
        return None
    return moment.strftime("%Y-%m-%dT%H:%M:%S") + (match["zone"] or "Z").replace("+00:00", "Z")


def yaml_text(value: Value) -> str:
    """The YAML of a wholly known value: strings in double quotes, those of several lines as blocks."""
    import yaml

    events = [yaml.StreamStartEvent(), yaml.DocumentStartEvent(explicit=False), *_events(value)]
    events += [yaml.DocumentEndEvent(explicit=False), yaml.StreamEndEvent()]
    emitted: str = yaml.emit(events, Dumper=yaml.CSafeDumper, allow_unicode=True)
    # Which texts end with a mark depends on the version of libyaml; Terraform's marks a plain scalar on its own.
    plain = not isinstance(value.raw, str | Mapping) and not is_sequence(value.raw)
    return emitted.removesuffix("...\n") + ("...\n" if plain else "")


def _events(value: Value) -> Iterator[Any]:
    import yaml

    raw = value.raw
    if isinstance(raw, Mapping):
        yield yaml.MappingStartEvent(None, None, True, flow_style=False)
        for name in sorted(raw, key=str.encode):
            yield from _events(Value(name))
            yield from _events(raw[name])
        yield yaml.MappingEndEvent()
    elif is_sequence(raw):
        yield yaml.SequenceStartEvent(None, None, True, flow_style=False)
        for item in raw:
            yield from _events(item)
        yield yaml.SequenceEndEvent()
    elif isinstance(raw, str):
        yield yaml.ScalarEvent(None, None, (True, True), raw, style="|" if "\n" in raw else '"')
    else:
        yield yaml.ScalarEvent(None, None, (True, True), _plain_scalar(value), style="")


def _plain_scalar(value: Value) -> str:
    raw = value.raw
    if isinstance(raw, bool):
        return "true" if raw else "false"
    return format_number(raw) if isinstance(raw, int | Decimal) else "null"


def _yamlencode(_scope: Scope, arguments: list[Value]) -> Raw:
    return yaml_text(arguments[0])


FUNCTIONS = (
    Function("yamldecode", pure(lambda source: yaml_data(source).raw), (STRING,)),
    Function("yamlencode", _yamlencode, (ANY,), nulls=True),
)
