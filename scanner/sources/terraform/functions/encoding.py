"""Encoding functions: Base64, JSON, URLs and character sets."""

from __future__ import annotations

import base64
import binascii
import codecs
import json
import re
from collections.abc import Mapping
from urllib.parse import quote_plus

from scanner.model.value import Raw, Unknown, Value
from scanner.sources.terraform.functions.base import (
    Function,
    FunctionError,
    Scope,
    derive,
    first_unknown,
    from_data,
    inside,
    pure,
    undecidable,
)
from scanner.sources.terraform.functions.json_text import json_text
from scanner.sources.terraform.kinds import ANY, STRING, is_sequence
from scanner.sources.terraform.number import parse_number

_SURROGATE = re.compile("[\ud800-\udfff]")


def _decoded_bytes(encoded: str) -> bytes:
    try:
        return base64.b64decode(encoded.replace("\r", "").replace("\n", ""), validate=True)
    except (binascii.Error, ValueError) as error:
        raise FunctionError("invalid Base64") from error


def utf8(data: bytes) -> str:
    """The text that the bytes spell. Raises FunctionError for anything that is no UTF-8."""
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        raise FunctionError("not valid UTF-8") from error


def encoded_bytes(data: bytes) -> str:
    """Base64 of the bytes."""
    return base64.b64encode(data).decode()


def _codec(name: str) -> codecs.CodecInfo:
    try:
        codec = codecs.lookup(name)
        "".encode(name)
    except LookupError as error:
        raise FunctionError(f"unknown character set {name!r}") from error
    if codec.name == "utf-16":  # without a mark of its own, Terraform writes big-endian
        return codecs.lookup("utf-16-be")
    return codec


def _textencode(source: str, name: str) -> Raw:
    codec = _codec(name)
    mark = "\ufeff" if codecs.lookup(name).name == "utf-16" else ""
    try:
        return encoded_bytes(codec.encode(mark + source)[0])
    except UnicodeEncodeError as error:
        raise FunctionError(f"the text cannot be written in {name}") from error


def _textdecode(source: str, name: str) -> Raw:
    data = _decoded_bytes(source)
    if codecs.lookup(_codec(name).name).name == "utf-16-be" and data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        name = "utf-16"
    try:
        decoded = _codec(name).decode(data)[0] if name != "utf-16" else data.decode("utf-16")
    except UnicodeDecodeError as error:
        raise FunctionError(f"not valid {name}") from error
    if "\ufffd" in decoded:
        raise FunctionError(f"not valid {name}")
    return decoded


def _jsonencode(_scope: Scope, arguments: list[Value]) -> Value:
    structure = arguments[0]
    missing = first_unknown(arguments)
    raw: Raw = json_text(structure) if missing is None else Unknown(missing.reason, missing.detail)
    text = derive(raw, arguments, decoded=structure)
    # The parts of the structure know how they were reached; all their ways together are nobody's provenance.
    return Value(text.raw, None, (), text.refs, text.sensitive, structure)


def _jsondecode(_scope: Scope, arguments: list[Value]) -> Value:
    source = arguments[0]
    if source.decoded is not None:
        return inside(source, _as_decoded(source.decoded))
    if source.is_unknown:
        return derive(source.raw, arguments)
    return derive(_parsed(str(source.raw)).raw, arguments)


def _as_decoded(value: Value) -> Value:
    """What comes back when a value is encoded and decoded: objects and tuples only, with the places they had."""
    raw: Raw = value.raw
    if isinstance(raw, Mapping):
        raw = {name: _as_decoded(raw[name]) for name in sorted(raw, key=str.encode)}
    elif is_sequence(raw):
        raw = tuple(_as_decoded(item) for item in raw)
    return Value(raw, value.location, value.hops, value.refs, value.sensitive)


def _refuse(constant: str) -> Raw:
    raise ValueError(f"{constant} is no JSON")


def _parsed(source: str) -> Value:
    try:
        data = json.loads(source, parse_int=parse_number, parse_float=parse_number, parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        raise FunctionError("invalid JSON") from error
    return _whole_characters(from_data(data)) if "\\u" in source else from_data(data)


def _whole_characters(value: Value) -> Value:
    """Halves of characters, which JSON can spell, are replaced as Terraform does."""
    raw = value.raw
    if isinstance(raw, str):
        return Value(_SURROGATE.sub("\ufffd", raw))
    if isinstance(raw, Mapping):
        return Value({_SURROGATE.sub("\ufffd", name): _whole_characters(item) for name, item in raw.items()})
    return Value(tuple(map(_whole_characters, raw))) if is_sequence(raw) else value


FUNCTIONS = (
    Function("base64decode", pure(lambda encoded: utf8(_decoded_bytes(encoded))), (STRING,)),
    Function("base64encode", pure(lambda source: encoded_bytes(source.encode())), (STRING,)),
    Function("base64gzip", undecidable("the exact bytes depend on Terraform's compressor"), (STRING,)),
    Function("jsondecode", _jsondecode, (STRING,), handles_unknown=True),
    Function("jsonencode", _jsonencode, (ANY,), nulls=True, handles_unknown=True),
    Function("textdecodebase64", pure(_textdecode), (STRING, STRING)),
    Function("textencodebase64", pure(_textencode), (STRING, STRING)),
    Function("urlencode", pure(lambda source: quote_plus(source, safe="")), (STRING,)),
)
