"""What plain scalars mean: YAML 1.2's core schema, and YAML 1.1 as Kubernetes' reader takes it.

Sources: https://yaml.org/spec/1.2.2/#103-core-schema, github.com/kubernetes-sigs/yaml (goyaml.v2/resolve.go).
Numbers that are not finite or absurdly long stay text.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Final, TypeAlias

from scanner.documents.json_nodes import number

Scalar: TypeAlias = "str | bool | int | Decimal | None"

_NULL: Final = dict.fromkeys(("", "~", "null", "Null", "NULL"))
_TRUE: Final = ("true", "True", "TRUE")
_FALSE: Final = ("false", "False", "FALSE")
_CORE: Final[dict[str, bool | None]] = _NULL | dict.fromkeys(_TRUE, True) | dict.fromkeys(_FALSE, False)
_OLD: Final[dict[str, bool | None]] = (
    _CORE
    | dict.fromkeys(("y", "Y", "yes", "Yes", "YES", "on", "On", "ON"), True)
    | dict.fromkeys(("n", "N", "no", "No", "NO", "off", "Off", "OFF"), False)
)
_INTEGER: Final = re.compile(r"[-+]?[0-9]+", re.ASCII)
_BASED: Final = re.compile(r"0o[0-7]+|0x[0-9a-fA-F]+", re.ASCII)
_OLD_BASED: Final = re.compile(r"[-+]?(?:0[oO]?[0-7]+|0[xX][0-9a-fA-F]+|0[bB][01]+)", re.ASCII)
_FLOAT: Final = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?", re.ASCII)
_DIGIT_OR_SIGN: Final = frozenset("+-.0123456789")
_MOST_DIGITS: Final = 1000


def core(text: str) -> Scalar:
    """A plain scalar by YAML 1.2's core schema."""
    if text in _CORE:
        return _CORE[text]
    if text[0] not in _DIGIT_OR_SIGN or len(text) > _MOST_DIGITS:
        return text
    if _INTEGER.fullmatch(text):
        return int(text)
    return int(text, 0) if _BASED.fullmatch(text) else _float(text)


def yaml_11(text: str) -> Scalar:
    """A plain scalar as Kubernetes reads it: yes/no/on/off and octal numbers with a mere zero in front."""
    if text in _OLD:
        return _OLD[text]
    if text[0] not in _DIGIT_OR_SIGN or len(text) > _MOST_DIGITS:
        return text
    digits = text.replace("_", "") if text[0] != "." else text
    if _OLD_BASED.fullmatch(digits):
        return _based(digits)
    if _INTEGER.fullmatch(digits):
        return int(digits)
    found = _float(digits)
    return text if isinstance(found, str) else found


def _based(text: str) -> int:
    sign = -1 if text[0] == "-" else 1
    digits = text.lstrip("+-").lower()
    if digits[1:2] in ("o", "x", "b"):
        return sign * int(digits, 0)
    return sign * int(digits, 8)


def _float(text: str) -> Scalar:
    if not _FLOAT.fullmatch(text):
        return text
    try:
        return number(text)
    except ValueError:
        return text
