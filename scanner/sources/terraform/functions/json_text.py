"""JSON as Terraform writes it: keys in order, `<`, `>` and `&` escaped, numbers exact."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal

from scanner.model.value import ABSENT, Raw, Value
from scanner.sources.terraform.functions.base import FunctionError
from scanner.sources.terraform.kinds import is_sequence
from scanner.sources.terraform.number import format_number

_NEEDS_ESCAPE = re.compile('[\\x00-\\x1f"\\\\<>&\u2028\u2029]')
_SHORT = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\b": "\\b", "\f": "\\f"}


def quoted_json(text: str) -> str:
    """A JSON string."""
    return '"' + _NEEDS_ESCAPE.sub(lambda match: _SHORT.get(match[0]) or f"\\u{ord(match[0]):04x}", text) + '"'


def json_text(value: Value) -> str:
    """The JSON of a wholly known value."""
    raw: Raw = value.raw
    if raw is None or raw is ABSENT:
        return "null"
    if isinstance(raw, bool):
        return "true" if raw else "false"
    if isinstance(raw, str):
        return quoted_json(raw)
    if isinstance(raw, int | Decimal):
        return format_number(raw)
    if isinstance(raw, Mapping):
        names = sorted(raw, key=str.encode)
        return "{" + ",".join(f"{quoted_json(name)}:{json_text(raw[name])}" for name in names) + "}"
    if is_sequence(raw):
        return "[" + ",".join(json_text(item) for item in raw) + "]"
    raise FunctionError("an unknown value has no JSON")
